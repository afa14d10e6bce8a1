import { Injectable } from '@nestjs/common';
import { Refusal } from '../domain/refusal.js';
import { Clock, SimulatedClock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { MailServer } from '../platform/mail/mail-server.js';
import { onlyTraveller } from '../platform/simulated-clock.store.js';
import type { ClockAdvanceAnswer, ClockAnswer } from './clock.dto.js';
import { JobRunner } from './runner.js';
import { Schedule } from './schedule.js';

/** How many times an advance of the clock tries a mail server that does not answer. Each try may last until the connection times out (`SmtpLimits`). */
const mostVainTries = 3;

/** Advances a simulated clock from one due time to the next. */
@Injectable()
export class TimeTravel {
  constructor(
    private readonly clock: Clock,
    private readonly runner: JobRunner,
    private readonly schedule: Schedule,
    private readonly mailServer: MailServer,
    private readonly database: Database,
  ) {}

  /** @throws Refusal `clock-not-simulated` */
  read(): ClockAnswer {
    return { now: this.#simulated().now(), simulated: true };
  }

  /**
   * Advances the clock to `to` and runs each job at its due time, in the order of the schedule. If the mail server does not
   * answer, the clock advances without mails after a few tries, and the mails wait for the next advance. If the service stops,
   * the clock stays at the time it has reached.
   * @throws Refusal `clock-not-simulated`, `clock-busy`, `clock-backwards`
   */
  async advance(to: Date): Promise<ClockAdvanceAnswer> {
    const clock = this.#simulated();
    const runs = await onlyTraveller(this.database, clock, () => {
      if (to < clock.now()) {
        throw new Refusal('clock-backwards', { now: clock.now().toISOString(), to: to.toISOString() });
      }
      return this.#travel(clock, to);
    });
    if (runs === undefined) throw new Refusal('clock-busy');
    return { runs, now: clock.now(), simulated: true };
  }

  /**
   * Returns the number of job runs. Each stop is later than the one before, so the loop ends even if a job makes no progress.
   * In a quiet time, only the first night is a stop. The nightly jobs of the other nights run once, at the next stop.
   */
  async #travel(clock: SimulatedClock, to: Date): Promise<number> {
    let runs = 0;
    let isQuiet = false;
    let jobs = this.schedule.jobs;
    let vainTries = 0;
    // First run what has fallen due since the last advance, for example through requests.
    let dueTimes = await this.runner.dueTimes(clock.now());
    while (!this.runner.stopping) {
      const due = dueTimes.dueBy(clock.now());
      if (due.size > 0) {
        isQuiet = dueTimes.areTimed(due);
        const caughtUp = await this.runner.runDue(clock.now(), dueTimes, 'wait', jobs);
        runs += caughtUp.runs.length;
        dueTimes = caughtUp.dueTimes;
        if (caughtUp.runs.some(({ job }) => job === this.schedule.mailDelivery.name)) {
          const { answering } = await this.database.read((tx) => this.mailServer.state(tx));
          vainTries = answering ? 0 : vainTries + 1;
          if (vainTries === mostVainTries) {
            jobs = this.schedule.allButMailDelivery;
            dueTimes = await this.runner.dueTimes(clock.now(), jobs);
          }
        }
      }
      if (clock.now() >= to) break;
      const next = isQuiet ? dueTimes.nextBacklog() : dueTimes.next();
      const stop = next && next < to ? next : to;
      // Another instance that started with a later time has advanced the shared clock.
      await clock.advanceTo(stop < clock.now() ? clock.now() : stop);
    }
    return runs;
  }

  #simulated(): SimulatedClock {
    if (!(this.clock instanceof SimulatedClock)) throw new Refusal('clock-not-simulated');
    return this.clock;
  }
}
