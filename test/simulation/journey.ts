import { must, type World } from './world.js';
import { dayMs, hourMs, isoText, type Moment } from './model/calendar.js';
import type { Portfolio, SimulatedSubscription } from './portfolio.js';
import type { Random } from './random.js';
import type { Tally } from './tally.js';
import { BrokenInvariant, check } from './check.js';

const modelledJobs = [
  'renewal-lock',
  'term-roll-over',
  'renewal-reminders',
  'pace-alerts',
  'usage-statements',
  'mail-delivery',
] as const;

/** Advances the time of the service and of the model: with jobs, without jobs, and through stops and restarts. */
export class Journey {
  constructor(
    private readonly world: World,
    private readonly portfolio: Portfolio,
    private readonly random: Random,
    private readonly tally: Tally,
  ) {}

  /** A random instant in the next days, or an instant close to a lock or the end of a term, such as one millisecond before it. */
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

  /** Advances the clock normally: each job runs when its work falls due. */
  async advance(to: Moment): Promise<void> {
    const { world } = this;
    await must(world.admin.post('/v1/clock/advance', { to: isoText(to) }));
    for (const { contract } of this.portfolio.subscriptions) contract.runJobsUntil(world.now, to);
    world.now = to;
  }

  /** Advances the clock while no job runs. Users keep working: `meanwhile` is called after each part of the way. */
  async advanceWithoutJobs(to: Moment, meanwhile: () => Promise<void>): Promise<void> {
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

  /** Stops the service until `to`, and starts it again. */
  async stopAndRestart(to: Moment): Promise<void> {
    const { world, random } = this;
    await world.stop();
    world.now = to;
    await world.restart(random.chance(0.5) ? 'on' : 'off');
    await this.#catchUp();
    this.tally.add('outage.service stopped');
  }

  /** Queues reminders without sending them, so that `meanwhile` can act on their subscriptions before they leave. */
  async actBeforeDelivery(
    until: Moment,
    meanwhile: (reminded: SimulatedSubscription[]) => Promise<void>,
  ): Promise<void> {
    const { world, portfolio } = this;
    const moments = portfolio.active.flatMap(({ contract }) => contract.nextReminderAfter(world.now) ?? []);
    const to = Math.min(until, ...moments);
    await this.advance(Math.max(world.now, to - 1));
    await world.service.clock.advanceTo(new Date(to));
    world.now = to;
    await must(world.admin.post('/v1/jobs/renewal-reminders/run'));
    for (const { contract } of portfolio.subscriptions) contract.remind(to);
    await meanwhile(
      portfolio.active.filter(({ contract }) => contract.mails.some(({ status }) => status === 'queued')),
    );
    await this.#catchUp();
    this.tally.add('outage.actions between queueing and delivery');
  }

  /** Runs every job again although nothing is due, sometimes from two instances at once. This must change nothing. */
  async runJobsAgain(): Promise<void> {
    const { world, random } = this;
    if (random.chance(0.3)) {
      await this.#fromTwoInstances();
    } else {
      for (const job of modelledJobs) await this.#run(world.admin.post(`/v1/jobs/${job}/run`));
    }
    this.tally.add('jobs.run again without due work');
  }

  /** Runs all missed work. It does so twice, because a term that has just opened may already be due for its lock. */
  async #catchUp(): Promise<void> {
    const { world, random } = this;
    if (random.chance(0.4)) {
      await this.#fromTwoInstances();
      this.tally.add('jobs.run by two instances after an outage');
    }
    for (let round = 1; round <= 2; round++) {
      await must(world.admin.post('/v1/clock/advance', { to: isoText(world.now) }));
      for (const { contract } of this.portfolio.subscriptions) contract.runJobs(world.now);
    }
  }

  async #fromTwoInstances(): Promise<void> {
    const { world } = this;
    await world.withSecondInstance(async (other) => {
      for (const job of modelledJobs) {
        const path = `/v1/jobs/${job}/run`;
        await Promise.all([this.#run(world.admin.post(path)), this.#run(other.post(path))]);
      }
    });
  }

  async #run(request: ReturnType<World['admin']['post']>): Promise<void> {
    const { outcome, job, error } = await must(request);
    if (error) throw new BrokenInvariant('every job succeeds', `${job}: ${error}`);
    check('every job succeeds', outcome, 'succeeded');
  }
}
