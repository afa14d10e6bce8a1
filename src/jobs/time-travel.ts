import { Injectable } from '@nestjs/common';
import { Refusal } from '../domain/refusal.js';
import { Clock, SimulatedClock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { MailServer } from '../platform/mail/mail-server.js';
import { onlyTraveller } from '../platform/simulated-clock.store.js';
import type { ClockAdvanceAnswer, ClockAnswer } from './clock.dto.js';
import { JobRunner } from './runner.js';
import { Schedule } from './schedule.js';

/** How often a journey tries a mail server that does not answer. Each try may take as long as a connection may (`SmtpLimits`). */
const mostVainTries = 3;

/** Moves a simulated clock on, from one moment at which something falls due to the next. */
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
   * Goes to `to`, runs on the way what falls due, each at its moment and in the order of the schedule, and comes back when
   * all is done. Where the mail server does not answer, the journey goes on without mails after a few tries, and they wait for the
   * next one. A stop of the service ends the journey where it is.
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
   * How many jobs ran. Moments only ever grow, so it comes to an end also where a job gets nothing done. Of the nights in
   * a time in which nothing happens the first is stopped at; what is due in the others runs once, at the next stop.
   */
  async #travel(clock: SimulatedClock, to: Date): Promise<number> {
    let runs = 0;
    let isQuiet = false;
    let jobs = this.schedule.jobs;
    let vainTries = 0;
    // First comes what has fallen due since the last journey, by requests for instance.
    let outlook = await this.runner.outlook(clock.now());
    while (!this.runner.stopping) {
      const due = outlook.dueBy(clock.now());
      if (due.size > 0) {
        isQuiet = outlook.areTimed(due);
        const caughtUp = await this.runner.runDue(clock.now(), outlook, 'wait', jobs);
        runs += caughtUp.runs.length;
        outlook = caughtUp.outlook;
        if (caughtUp.runs.some(({ job }) => job === this.schedule.mailDelivery.name)) {
          const { answering } = await this.database.read((tx) => this.mailServer.state(tx));
          vainTries = answering ? 0 : vainTries + 1;
          if (vainTries === mostVainTries) {
            jobs = this.schedule.allButMailDelivery;
            outlook = await this.runner.outlook(clock.now(), jobs);
          }
        }
      }
      if (clock.now() >= to) break;
      const next = isQuiet ? outlook.nextOwed() : outlook.next();
      const stop = next && next < to ? next : to;
      // An instance that starts later than that has moved all clocks on.
      await clock.advanceTo(stop < clock.now() ? clock.now() : stop);
    }
    return runs;
  }

  #simulated(): SimulatedClock {
    if (!(this.clock instanceof SimulatedClock)) throw new Refusal('clock-not-simulated');
    return this.clock;
  }
}
