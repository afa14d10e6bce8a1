import { must, type World } from './world.js';
import { dayMs, hourMs, shown, type Moment } from './model/calendar.js';
import type { Portfolio, Subject } from './portfolio.js';
import type { Random } from './random.js';
import type { Tally } from './tally.js';
import { BrokenInvariant, holds } from './story.js';

const jobsOfTheContract = [
  'renewal-lock',
  'term-roll-over',
  'renewal-reminders',
  'pace-alerts',
  'usage-statements',
  'mail-delivery',
] as const;

/** Moves time on, for the service and the model alike: with jobs, without them, and through stops and restarts. */
export class Journey {
  constructor(
    private readonly world: World,
    private readonly portfolio: Portfolio,
    private readonly random: Random,
    private readonly tally: Tally,
  ) {}

  /** Somewhere in the next days, or to the very moment at which something falls due, a millisecond before it or after. */
  nextMoment(until: Moment): Moment {
    const { random, world } = this;
    const near = this.portfolio.active
      .flatMap(({ contract: { current } }) => [current.lockAt, current.endsAt])
      .filter((moment) => moment > world.now + 1 && moment < world.now + 12 * dayMs);
    const to =
      near.length > 0 && random.chance(0.5)
        ? random.oneOf(near) + random.oneOf([-1, 0, 0, 1, hourMs])
        : world.now + random.between(1, 9 * 24) * hourMs;
    return Math.min(to, until);
  }

  /** As on any day: what falls due on the way is done at its moment. */
  async goOn(to: Moment): Promise<void> {
    const { world } = this;
    await must(world.admin.post('/v1/clock/advance', { to: shown(to) }));
    for (const { contract } of this.portfolio.subjects) contract.pass(world.now, to);
    world.now = to;
  }

  /** No job runs, while people go on using the service; `meanwhile` is what they do. */
  async withoutJobs(to: Moment, meanwhile: () => Promise<void>): Promise<void> {
    const { world, random } = this;
    while (world.now < to) {
      const hop = Math.min(to, world.now + random.between(1, 40) * dayMs);
      await world.service.clock.advanceTo(new Date(hop));
      world.now = hop;
      await meanwhile();
    }
    await this.#catchUp();
    this.tally.add('outage.jobs off');
  }

  /** Nothing runs at all, and then it starts again. */
  async stopped(to: Moment): Promise<void> {
    const { world, random } = this;
    await world.stop();
    world.now = to;
    await world.restart(random.chance(0.5) ? 'on' : 'off');
    await this.#catchUp();
    this.tally.add('outage.service stopped');
  }

  /** Reminders are queued, and somebody says no before they have left; `meanwhile` is told whom they are about. */
  async betweenQueueAndDelivery(until: Moment, meanwhile: (reminded: Subject[]) => Promise<void>): Promise<void> {
    const { world, portfolio } = this;
    const moments = portfolio.active.flatMap(({ contract }) => contract.nextReminderAfter(world.now) ?? []);
    const to = Math.min(until, ...moments);
    await this.goOn(Math.max(world.now, to - 1));
    await world.service.clock.advanceTo(new Date(to));
    world.now = to;
    await must(world.admin.post('/v1/jobs/renewal-reminders/run'));
    for (const { contract } of portfolio.subjects) contract.remind(to);
    await meanwhile(
      portfolio.active.filter(({ contract }) => contract.mails.some(({ status }) => status === 'queued')),
    );
    await this.#catchUp();
    this.tally.add('outage.between queue and delivery');
  }

  /** Every job once more though nothing is due, some from two instances at once: nothing may come of it. */
  async jobsRunAgain(): Promise<void> {
    const { world, random } = this;
    if (random.chance(0.3)) {
      await this.#fromTwoInstances();
    } else {
      for (const job of jobsOfTheContract) await this.#run(world.admin.post(`/v1/jobs/${job}/run`));
    }
    this.tally.add('jobs.run again');
  }

  /** All that was missed is done now; twice, as a term that has just opened may be late for its lock already. */
  async #catchUp(): Promise<void> {
    const { world, random } = this;
    if (random.chance(0.4)) {
      await this.#fromTwoInstances();
      this.tally.add('jobs.caught up by two instances');
    }
    for (let round = 1; round <= 2; round++) {
      await must(world.admin.post('/v1/clock/advance', { to: shown(world.now) }));
      for (const { contract } of this.portfolio.subjects) contract.sweep(world.now);
    }
  }

  async #fromTwoInstances(): Promise<void> {
    const { world } = this;
    await world.beside(async (other) => {
      for (const job of jobsOfTheContract) {
        const path = `/v1/jobs/${job}/run`;
        await Promise.all([this.#run(world.admin.post(path)), this.#run(other.post(path))]);
      }
    });
  }

  async #run(asked: ReturnType<World['admin']['post']>): Promise<void> {
    const { outcome, job, error } = await must(asked);
    if (error) throw new BrokenInvariant('every job succeeds', `${job}: ${error}`);
    holds('every job succeeds', outcome, 'succeeded');
  }
}
