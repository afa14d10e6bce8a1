import { Injectable } from '@nestjs/common';
import { Refusal } from '../domain/refusals.js';
import { Clock, SimulatedClock } from '../platform/clock.js';
import type { Advanced, ClockShown } from './clock.dto.js';
import { JobRunner } from './runner.js';

/** Moves a simulated clock on, from one moment at which something falls due to the next. */
@Injectable()
export class TimeTravel {
  #underWay = false;

  constructor(
    private readonly clock: Clock,
    private readonly runner: JobRunner,
  ) {}

  /** @throws Refusal `clock-not-simulated` */
  read(): ClockShown {
    return { now: this.#simulated().now(), simulated: true };
  }

  /**
   * Goes to `to`, runs on the way what falls due, each at its moment and in the order of the schedule, and comes back when
   * all is done. A stop of the service ends the journey where it is.
   * @throws Refusal `clock-not-simulated`, `clock-busy`, `clock-backwards`
   */
  async advance(to: Date): Promise<Advanced> {
    const clock = this.#simulated();
    if (this.#underWay) throw new Refusal('clock-busy');
    if (to < clock.now()) {
      throw new Refusal('clock-backwards', { now: clock.now().toISOString(), to: to.toISOString() });
    }
    this.#underWay = true;
    try {
      return { runs: await this.#travel(clock, to), now: clock.now(), simulated: true };
    } finally {
      this.#underWay = false;
    }
  }

  /**
   * How many jobs ran. Moments only ever grow, so it comes to an end also where a job gets nothing done. Of the nights in
   * a time in which nothing happens the first is stopped at; what is due in the others runs once, at the next stop.
   */
  async #travel(clock: SimulatedClock, to: Date): Promise<number> {
    let runs = 0;
    let isQuiet = false;
    // First comes what has fallen due since the last journey, by requests for instance.
    let outlook = await this.runner.outlook(clock.now());
    while (!this.runner.stopping) {
      const due = outlook.dueBy(clock.now());
      if (due.size > 0) {
        runs += (await this.runner.runDue(clock.now(), due, 'wait')).length;
        isQuiet = outlook.areTimed(due);
        outlook = await this.runner.outlook(clock.now());
      }
      if (clock.now() >= to) break;
      const next = isQuiet ? outlook.nextOwed() : outlook.next();
      await clock.advanceTo(next && next < to ? next : to);
    }
    return runs;
  }

  #simulated(): SimulatedClock {
    if (!(this.clock instanceof SimulatedClock)) throw new Refusal('clock-not-simulated');
    return this.clock;
  }
}
