import { Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IsOptional, Matches } from 'class-validator';
import { addDays, dayAt, instantAt, parseInstant, type Day } from '../../domain/calendar.js';
import { sessionLifeMs } from '../../domain/browser-session.js';
import { Refusal } from '../../domain/refusal.js';
import { SessionService } from '../../features/sign-in/session.service.js';
import { JobService } from '../../jobs/job.service.js';
import { TimeTravel } from '../../jobs/time-travel.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsInstant } from '../../platform/http/fields.js';
import { sessionTokenOf, setSessionCookie } from '../../platform/http/session-cookie.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed, VisitedFrom, type Visitor } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { Config } from '../../platform/settings/config.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { wellFormed } from '../page/well-formed.js';
import { momentText } from '../words/formats.js';
import { clockPage } from './clock.page.js';
import { clockWords } from './clock.words.js';

/** A day and a time in the reader's zone, or an instant. */
class AdvanceForm {
  @IsOptional()
  @IsDay()
  day?: Day;

  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  time?: string;

  @IsOptional()
  @IsInstant()
  at?: string;
}

const morning = '09:00';

/** The clock of a service that is simulated. */
@ConsoleController('clock')
export class ConsoleClockController {
  constructor(
    private readonly time: TimeTravel,
    private readonly jobs: JobService,
    private readonly sessions: SessionService,
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  @Get()
  @ConsolePage('clock.manage')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<ShownPage> {
    const { now } = this.time.read();
    return this.#page(tx, reader, { day: addDays(dayAt(now, reader.timeZone), 1), time: morning });
  }

  @Post()
  @ConsolePage('clock.manage', 'own-transaction')
  advance(
    @Reader() reader: PageReader,
    @Typed(AdvanceForm) { typed, checked }: Form<AdvanceForm>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @VisitedFrom() visitor: Visitor,
  ): FormSteps {
    const { language, timeZone, actor } = reader;
    return {
      act: async () => {
        const { day, time = morning, at } = wellFormed({ checked });
        const to = at === undefined ? instantAt(day ?? reader.today, time, timeZone) : parseInstant(at)!;
        const { now, runs } = await this.time.advance(to);
        // On the way, the session was not used for days. Who sets the clock stays signed in.
        const { publicUrl } = this.config;
        const presented = sessionTokenOf(request, publicUrl);
        const token = await this.database.write((tx) =>
          this.sessions.open(tx, actor.userId, { openedWith: 'token', visitor, presented }),
        );
        setSessionCookie(reply, publicUrl, token, sessionLifeMs / 1_000);
        const said = say(clockWords[language].advanced, language, {
          at: momentText(now, timeZone, language),
          count: runs,
        });
        return { to: '/console/clock', said };
      },
      again: (tx, refusal) => this.#page(tx, reader, typed, refusal),
    };
  }

  async #page(
    tx: Transaction,
    reader: PageReader,
    typed: Readonly<Record<string, string>>,
    refusal?: Refusal,
  ): Promise<ShownPage> {
    const { jobs } = await this.jobs.list(tx, { limit: 1 });
    return clockPage(reader, { now: this.time.read().now, jobs, typed, refusal });
  }
}
