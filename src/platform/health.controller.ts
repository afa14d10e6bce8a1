import { Controller, Get, type OnModuleDestroy } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Refusal } from '../domain/refusal.js';
import { Database } from './database/database.js';
import { LiveAnswer, ReadyAnswer } from './health.dto.js';
import { Public } from './http/access.decorators.js';
import { MailHold } from './mail/mail-hold.js';
import { MailServer } from './mail/mail-server.js';
import { readRelease } from './release.js';

const answerWithinMs = 2_000;

/** For the operator and for load balancers: does the process run, and can it serve? */
@ApiTags('Operation')
@Controller('health')
export class HealthController implements OnModuleDestroy {
  readonly #release = readRelease();
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly hold: MailHold,
    private readonly mailServer: MailServer,
  ) {}

  /** Tells load balancers to send new requests to another instance. */
  onModuleDestroy(): void {
    this.#stopping = true;
  }

  /**
   * Check that the process runs
   * @remarks The answer names the version of the service and the commit from which it was built.
   */
  @Get('live')
  @Public()
  checkLiveness(): LiveAnswer {
    return { status: 'live', ...this.#release };
  }

  /**
   * Check that the service can serve requests
   * @remarks 503 while the service stops or the database does not answer. While mails wait, `mail` says why.
   */
  @Get('ready')
  @Public()
  async checkReadiness(): Promise<ReadyAnswer> {
    if (this.#stopping) throw new Refusal('overloaded', {}, { retryAfterSeconds: 5 });
    if (!(await this.database.answers(answerWithinMs)))
      throw new Refusal('database-unavailable', {}, { retryAfterSeconds: 5 });
    const mail = await this.database.read(async (tx) => {
      if (await this.hold.isHeld(tx)) return 'held';
      return (await this.mailServer.state(tx)).answering ? undefined : 'unreachable';
    });
    return { status: 'ready', ...(mail && { mail }) };
  }
}
