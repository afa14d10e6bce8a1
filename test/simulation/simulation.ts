import { createHash } from 'node:crypto';
import { changeContacts, moveToAnotherZone } from './actions/customers.js';
import {
  allocateHours,
  chooseNextPackage,
  upgradePackage,
  followRollOver,
  assignSeat,
  releaseSeat,
  cancelVisit,
  planVisit,
} from './actions/contracts.js';
import type { Action, Scene } from './actions/action.js';
import { reverseEntry, logHours, logHoursLate, logHoursOnsite, useUpHours } from './actions/hours.js';
import { cancelTopUp, topUp } from './actions/top-ups.js';
import { bookAsCsm, handOver, nameDeputies, stateOutlook } from './actions/csms.js';
import { giveNotice, followLink, waiveLateNotice, withdrawNotice, recordNotice } from './actions/notices.js';
import { closeOrReopenMonth } from './actions/periods.js';
import { cancelSession, fulfilSession, moveSession, planSessions } from './actions/plans.js';
import { Invariants } from './invariants.js';
import { Journey } from './journey.js';
import { dayMs, dayOn, hourMs, isoText, type Day, type Moment } from './model/calendar.js';
import { Portfolio, type SimulatedSubscription } from './portfolio.js';
import { Random } from './random.js';
import { BrokenInvariant } from './check.js';
import { Tally } from './tally.js';
import { World, type Place } from './world.js';

export interface SimulationOptions {
  /** The day on which the run ends; it starts on `firstDay`. */
  until: Day;
  seed: number;
  /** The number of active subscriptions. When one ends, a new one is entered. */
  subscriptions: number;
  /** Called after each step. */
  progress?: (day: string, step: number) => void;
}

export interface Outcome {
  steps: number;
  checks: number;
  requests: number;
  restarts: number;
  /** A hash of all terms and mails, equal for equal seeds. */
  digest: string;
  tally: Tally;
}

/** A run that found a broken invariant, or threw another error. */
export class SimulationFailed extends Error {
  constructor(
    readonly step: number,
    readonly at: Moment,
    readonly broken: Error,
    /** The subscription, if the error is about one. */
    readonly subscription: SimulatedSubscription | undefined,
  ) {
    super(`Step ${step}, ${isoText(at)}: ${broken.message}`);
  }
}

/** In the year before a leap year, so that short runs contain both kinds of February. */
export const firstDay: Day = '2027-01-15';
const firstMoment = Date.parse(`${firstDay}T08:00:00Z`);

/** A check of everything takes longer than a step, so it runs only after this many steps and at the end. */
const stepsBetweenFullChecks = 25;

const longestOutageDays = 730;

const csmZones = ['Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'];

const actions: readonly (readonly [weight: number, action: Action])[] = [
  [30, logHours],
  [3, useUpHours],
  [5, logHoursLate],
  [5, logHoursOnsite],
  [5, reverseEntry],
  [4, allocateHours],
  [4, planVisit],
  [1, cancelVisit],
  [4, assignSeat],
  [2, releaseSeat],
  [3, upgradePackage],
  [4, topUp],
  [4, cancelTopUp],
  [5, planSessions],
  [3, moveSession],
  [2, cancelSession],
  [10, fulfilSession],
  [6, nameDeputies],
  [10, bookAsCsm],
  [1, handOver],
  [2, stateOutlook],
  [3, chooseNextPackage],
  [2, changeContacts],
  [2, moveToAnotherZone],
  [2, closeOrReopenMonth],
];

const renewalActions: readonly (readonly [weight: number, action: Action])[] = [
  [3, giveNotice],
  [3, followLink],
  [5, recordNotice],
  [6, withdrawNotice],
  [2, waiveLateNotice],
];

/**
 * Plays until the given day, and checks the invariants after every step.
 * @throws SimulationFailed
 */
export async function simulate(options: SimulationOptions, place: Place): Promise<Outcome> {
  const world = new World(place, firstMoment);
  await world.start();
  try {
    return await new Simulation(options, world).play();
  } finally {
    await world.stop();
  }
}

class Simulation {
  readonly #random: Random;
  readonly #portfolio: Portfolio;
  readonly #journey: Journey;
  readonly #invariants: Invariants;
  readonly #tally = new Tally();
  readonly #scene: Scene;
  #step = 0;

  constructor(
    private readonly options: SimulationOptions,
    private readonly world: World,
  ) {
    this.#random = new Random(options.seed);
    this.#portfolio = new Portfolio(world, this.#random);
    this.#journey = new Journey(world, this.#portfolio, this.#random, this.#tally);
    this.#invariants = new Invariants(world);
    this.#scene = { world, portfolio: this.#portfolio, random: this.#random, tally: this.#tally };
  }

  async play(): Promise<Outcome> {
    const { world } = this;
    const until = Date.parse(`${this.options.until}T00:00:00Z`);
    try {
      await this.#portfolio.createCsms(csmZones);
      while (world.now < until) {
        this.#step += 1;
        const affected = await this.#playStep(until);
        await this.#invariants.checkSubscriptions(affected);
        if (this.#step % stepsBetweenFullChecks === 0) await this.#checkAll(5);
        this.options.progress?.(dayOn(world.now, 'UTC'), this.#step);
      }
      await this.#checkAll(this.#portfolio.subscriptions.length);
    } catch (error) {
      throw new SimulationFailed(this.#step, world.now, error as Error, this.#subscriptionOf(error));
    }
    this.#countTerms();
    return {
      steps: this.#step,
      checks: this.#invariants.checks,
      requests: world.requests,
      restarts: world.restarts,
      digest: await this.#digest(),
      tally: this.#tally,
    };
  }

  /** Advances the time and performs actions. Returns the subscriptions that these may have changed. */
  async #playStep(until: Moment): Promise<SimulatedSubscription[]> {
    const before = new Map(
      this.#portfolio.subscriptions.map((subscription) => [subscription, signature(subscription)]),
    );
    const affected = new Set<SimulatedSubscription>();
    const performActions = async (reminded: readonly SimulatedSubscription[] = []): Promise<void> => {
      for (const subscription of reminded.filter(() => this.#random.chance(0.6))) {
        await this.#perform(subscription, this.#random.weighted(renewalActions));
      }
      for (let actions = this.#random.below(4); actions > 0; actions--) affected.add(await this.#performRandomAction());
    };
    while (this.#portfolio.active.length < this.options.subscriptions) {
      const entered = await this.#portfolio.enter();
      const { anchorOn, customer } = entered.contract;
      this.#addToHistory(entered, `entered, first day ${anchorOn}, ${entered.contract.package}, zone ${customer.zone}`);
      await this.#assignConsultants(entered);
      affected.add(entered);
    }
    await this.#timePasses(until, performActions);
    await performActions();
    for (const subscription of this.#portfolio.subscriptions) {
      if (before.get(subscription) !== signature(subscription)) affected.add(subscription);
    }
    return [...affected];
  }

  async #timePasses(
    until: Moment,
    performActions: (reminded?: readonly SimulatedSubscription[]) => Promise<void>,
  ): Promise<void> {
    const [random, journey] = [this.#random, this.#journey];
    const to = journey.nextMoment(until);
    const how = random.weighted([
      [940, 'normally'],
      [20, 'run jobs again'],
      [6, 'jobs off'],
      [4, 'stopped'],
      [20, 'act before delivery'],
      [6, 'restart'],
    ] as const);
    switch (how) {
      case 'normally':
        return journey.advance(to);
      case 'run jobs again':
        await journey.advance(to);
        return journey.runJobsAgain();
      case 'restart':
        await journey.advance(to);
        return this.world.restart(random.chance(0.5) ? 'on' : 'off');
      case 'act before delivery':
        return journey.actBeforeDelivery(until, performActions);
      case 'jobs off':
        return journey.advanceWithoutJobs(this.#endOfOutage(until), async () => {
          await this.#moveOverdueToAnotherZone();
          await performActions();
        });
      case 'stopped':
        return journey.stopAndRestart(this.#endOfOutage(until));
    }
  }

  /** A passed end of a term stays passed, even if the new zone has not reached that day yet. */
  async #moveOverdueToAnotherZone(): Promise<void> {
    const overdue = this.#portfolio.active.filter(({ contract }) => contract.isOverdue(this.world.now));
    if (overdue.length > 0 && this.#random.chance(0.5)) {
      await this.#perform(this.#random.oneOf(overdue), moveToAnotherZone);
    }
  }

  #endOfOutage(until: Moment): Moment {
    const random = this.#random;
    const days = random.chance(0.1) ? random.between(200, longestOutageDays) : random.between(3, 60);
    return Math.min(until, this.world.now + days * dayMs + random.below(24) * hourMs);
  }

  async #performRandomAction(): Promise<SimulatedSubscription> {
    const random = this.#random;
    const { now } = this.world;
    const { subscriptions, active } = this.#portfolio;
    const nearDecision = active.filter(({ contract: { current } }) => current.lockAt < now + 100 * dayMs);
    // Most actions about renewals happen around the notice deadline. A few concern other terms or ended subscriptions.
    const aboutRenewal = nearDecision.length > 0 && random.chance(0.12);
    const likely = aboutRenewal ? nearDecision : active;
    const subscription = random.oneOf(random.chance(0.97) ? likely : subscriptions);
    const action = random.weighted(aboutRenewal || random.chance(0.01) ? renewalActions : actions);
    await this.#perform(subscription, action);
    return subscription;
  }

  async #perform(subscription: SimulatedSubscription, action: Action): Promise<void> {
    const line = await action(this.#scene, subscription);
    await followRollOver(this.world, subscription);
    if (line === undefined) return;
    this.#tally.add('actions');
    this.#addToHistory(subscription, line);
  }

  async #assignConsultants({ id, consultantIds, lineIds }: SimulatedSubscription): Promise<void> {
    const path = `/v1/subscriptions/${id}/allocations`;
    const allocations = [{ consultantId: consultantIds[0]!, productLineId: lineIds[0]!, minutes: 0 }];
    const { admin } = this.world;
    const { headers } = await admin.get(path);
    await admin.put(path, { allocations }, { 'if-match': headers.get('etag') ?? '' });
  }

  async #checkAll(readers: number): Promise<void> {
    const { subscriptions } = this.#portfolio;
    await this.#invariants.checkSubscriptions(subscriptions);
    await this.#invariants.checkAllRows();
    await this.#invariants.checkRenewals(subscriptions);
    const sample =
      subscriptions.length <= readers
        ? subscriptions
        : Array.from({ length: readers }, () => this.#random.oneOf(subscriptions));
    await this.#invariants.checkAnswers(sample);
  }

  #addToHistory({ history }: SimulatedSubscription, line: string): void {
    history.push(`step ${this.#step}  ${isoText(this.world.now)}  ${line}`);
  }

  #subscriptionOf(error: unknown): SimulatedSubscription | undefined {
    const contract = error instanceof BrokenInvariant ? error.contract : undefined;
    return contract && this.#portfolio.subscriptions.find((subscription) => subscription.contract === contract);
  }

  #countTerms(): void {
    for (const { contract } of this.#portfolio.subscriptions) {
      this.#tally.add('subscriptions');
      for (const term of contract.terms) this.#tally.add(`term.${term.renewal}`);
      for (const { status, kind } of contract.mails) {
        this.#tally.add(status === 'failed' ? 'mail.not sent' : `mail.${kind.replace(/-\d+$/, '')}`);
      }
    }
  }

  /** The digest omits ids, which do not depend on the seed. */
  async #digest(): Promise<string> {
    const numbers = new Map(this.#portfolio.subscriptions.map(({ id, contract }) => [id, contract.number]));
    const rows = await this.world.rows<Record<string, unknown>>(
      `select t.subscription_id as id, t.number, t.starts_on, t.ends_on, t.renewal_state, t.closed_at, b.granted_minutes,
         b.used_minutes, b.expired_minutes, null as kind, null as address, null::timestamptz as sent_at
       from terms t join balances b on b.term_id = t.id
       union all
       select m.subscription_id, t.number, null, null, m.status, m.queued_at, null, null, null,
         m.kind, m.recipient_role || m.recipient_address, m.sent_at
       from mails m join terms t on t.id = m.term_id`,
    );
    const lines = rows.map(({ id, ...row }) => JSON.stringify([numbers.get(id as string), row])).sort();
    return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
  }
}

function signature({ contract }: SimulatedSubscription): string {
  const { current, mails, terms } = contract;
  const waiting = mails.filter(({ status }) => status === 'queued').length;
  return `${terms.length} ${current.renewal} ${mails.length} ${waiting} ${current.lockAt}`;
}
