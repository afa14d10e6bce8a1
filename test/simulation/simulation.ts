import { createHash } from 'node:crypto';
import { contactsChange, customerMovesZone } from './actions/customers.js';
import {
  hoursAreSharedOut,
  nextPackageIsChosen,
  packageIsUpgraded,
  rolledByRequest,
  seatIsAssigned,
  seatIsReleased,
  visitIsCancelled,
  visitIsPlanned,
} from './actions/contracts.js';
import type { Deed, Scene } from './actions/action.js';
import {
  entryIsTakenBack,
  hoursAreLogged,
  hoursAreLoggedLate,
  hoursAreLoggedOnsite,
  hoursAreUsedUp,
} from './actions/hours.js';
import {
  customerGivesNotice,
  linkIsFollowed,
  lateNoticeIsWaived,
  noticeIsWithdrawn,
  staffRecordNotice,
} from './actions/notices.js';
import { monthIsClosed } from './actions/periods.js';
import { Invariants } from './invariants.js';
import { Journey } from './journey.js';
import { dayMs, dayOn, hourMs, shown, type Day, type Moment } from './model/calendar.js';
import { Portfolio, type Subject } from './portfolio.js';
import { Random } from './random.js';
import { BrokenInvariant } from './story.js';
import { Tally } from './tally.js';
import { World, type Place } from './world.js';

export interface SimulationWanted {
  /** Where it ends; it begins on `firstDay`. */
  until: Day;
  seed: number;
  /** How many subscriptions there are at any time; for each that ends a new one is entered. */
  subscriptions: number;
  /** Told how far it has come. */
  progress?: (day: string, step: number) => void;
}

export interface Outcome {
  steps: number;
  checks: number;
  requests: number;
  restarts: number;
  /** Fingerprint of all terms and mails: equal for equal seeds. */
  digest: string;
  tally: Tally;
}

/** A simulation that has come upon something that must not be. */
export class SimulationFailed extends Error {
  constructor(
    readonly step: number,
    readonly at: Moment,
    readonly broken: Error,
    /** The subscription concerned, where it is about one. */
    readonly subject: Subject | undefined,
  ) {
    super(`Step ${step}, ${shown(at)}: ${broken.message}`);
  }
}

/** Before a leap year, so that all kinds of February come by. */
export const firstDay: Day = '2027-01-15';
const firstMoment = Date.parse(`${firstDay}T08:00:00Z`);

/** A look at everything costs more than a step: after every so many steps, and at the end. */
const stepsBetweenLooksAtAll = 25;

const longestOutageDays = 730;

const deeds: readonly (readonly [weight: number, deed: Deed])[] = [
  [30, hoursAreLogged],
  [3, hoursAreUsedUp],
  [5, hoursAreLoggedLate],
  [5, hoursAreLoggedOnsite],
  [5, entryIsTakenBack],
  [4, hoursAreSharedOut],
  [4, visitIsPlanned],
  [1, visitIsCancelled],
  [4, seatIsAssigned],
  [2, seatIsReleased],
  [3, packageIsUpgraded],
  [3, nextPackageIsChosen],
  [2, contactsChange],
  [2, customerMovesZone],
  [2, monthIsClosed],
];

const deedsAboutRenewal: readonly (readonly [weight: number, deed: Deed])[] = [
  [3, customerGivesNotice],
  [3, linkIsFollowed],
  [5, staffRecordNotice],
  [6, noticeIsWithdrawn],
  [2, lateNoticeIsWaived],
];

/** Plays the years through and looks after every step whether all is as it must be. */
export async function simulate(wanted: SimulationWanted, place: Place): Promise<Outcome> {
  const world = new World(place, firstMoment);
  await world.start();
  try {
    return await new Simulation(wanted, world).play();
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
    private readonly wanted: SimulationWanted,
    private readonly world: World,
  ) {
    this.#random = new Random(wanted.seed);
    this.#portfolio = new Portfolio(world, this.#random);
    this.#journey = new Journey(world, this.#portfolio, this.#random, this.#tally);
    this.#invariants = new Invariants(world);
    this.#scene = { world, portfolio: this.#portfolio, random: this.#random, tally: this.#tally };
  }

  async play(): Promise<Outcome> {
    const { world } = this;
    const until = Date.parse(`${this.wanted.until}T00:00:00Z`);
    try {
      await this.#portfolio.hireCsms(3);
      while (world.now < until) {
        this.#step += 1;
        const touched = await this.#playStep(until);
        await this.#invariants.hold(touched);
        if (this.#step % stepsBetweenLooksAtAll === 0) await this.#lookAtAll(5);
        this.wanted.progress?.(dayOn(world.now, 'UTC'), this.#step);
      }
      await this.#lookAtAll(this.#portfolio.subjects.length);
    } catch (error) {
      throw new SimulationFailed(this.#step, world.now, error as Error, this.#concerned(error));
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

  /** Some time passes, somebody does something; returns the subscriptions of which anything can have changed. */
  async #playStep(until: Moment): Promise<Subject[]> {
    const before = new Map(this.#portfolio.subjects.map((subject) => [subject, signature(subject)]));
    const touched = new Set<Subject>();
    const somebodyActs = async (reminded: readonly Subject[] = []): Promise<void> => {
      for (const subject of reminded.filter(() => this.#random.chance(0.6))) {
        await this.#does(subject, this.#random.weighted(deedsAboutRenewal));
      }
      for (let deeds = this.#random.below(4); deeds > 0; deeds--) touched.add(await this.#act());
    };
    while (this.#portfolio.active.length < this.wanted.subscriptions) {
      const entered = await this.#portfolio.enter();
      const { anchorOn, customer } = entered.contract;
      this.#tell(entered, `entered, first day ${anchorOn}, ${entered.contract.package}, zone ${customer.zone}`);
      await this.#assignConsultants(entered);
      touched.add(entered);
    }
    await this.#timePasses(until, somebodyActs);
    await somebodyActs();
    for (const subject of this.#portfolio.subjects) {
      if (before.get(subject) !== signature(subject)) touched.add(subject);
    }
    return [...touched];
  }

  async #timePasses(until: Moment, somebodyActs: (reminded?: readonly Subject[]) => Promise<void>): Promise<void> {
    const [random, journey] = [this.#random, this.#journey];
    const to = journey.nextMoment(until);
    const how = random.weighted([
      [940, 'as ever'],
      [20, 'again'],
      [6, 'jobs off'],
      [4, 'stopped'],
      [20, 'between'],
      [6, 'restart'],
    ] as const);
    switch (how) {
      case 'as ever':
        return journey.goOn(to);
      case 'again':
        await journey.goOn(to);
        return journey.jobsRunAgain();
      case 'restart':
        await journey.goOn(to);
        return this.world.restart(random.chance(0.5) ? 'on' : 'off');
      case 'between':
        return journey.betweenQueueAndDelivery(until, somebodyActs);
      case 'jobs off':
        return journey.withoutJobs(this.#endOfOutage(until), async () => {
          await this.#zoneChangesWhileOverdue();
          await somebodyActs();
        });
      case 'stopped':
        return journey.stopped(this.#endOfOutage(until));
    }
  }

  /** What has passed stays passed, also where the clocks of the new zone have not come to it yet. */
  async #zoneChangesWhileOverdue(): Promise<void> {
    const overdue = this.#portfolio.active.filter(({ contract }) => contract.isOverdue(this.world.now));
    if (overdue.length > 0 && this.#random.chance(0.5)) {
      await this.#does(this.#random.oneOf(overdue), customerMovesZone);
    }
  }

  #endOfOutage(until: Moment): Moment {
    const random = this.#random;
    const days = random.chance(0.1) ? random.between(200, longestOutageDays) : random.between(3, 60);
    return Math.min(until, this.world.now + days * dayMs + random.below(24) * hourMs);
  }

  async #act(): Promise<Subject> {
    const random = this.#random;
    const { now } = this.world;
    const { subjects, active } = this.#portfolio;
    const nearDecision = active.filter(({ contract: { current } }) => current.lockAt < now + 100 * dayMs);
    // What concerns a renewal happens mostly around the last day for a notice; now and then also where all is over.
    const aboutRenewal = nearDecision.length > 0 && random.chance(0.12);
    const likely = aboutRenewal ? nearDecision : active;
    const subject = random.oneOf(random.chance(0.97) ? likely : subjects);
    const deed = random.weighted(aboutRenewal || random.chance(0.01) ? deedsAboutRenewal : deeds);
    await this.#does(subject, deed);
    return subject;
  }

  async #does(subject: Subject, deed: Deed): Promise<void> {
    const line = await deed(this.#scene, subject);
    await rolledByRequest(this.world, subject);
    if (line === undefined) return;
    this.#tally.add('deeds');
    this.#tell(subject, line);
  }

  async #assignConsultants({ id, consultantIds, lineIds }: Subject): Promise<void> {
    const path = `/v1/subscriptions/${id}/allocations`;
    const allocations = [{ consultantId: consultantIds[0]!, productLineId: lineIds[0]!, minutes: 0 }];
    const { admin } = this.world;
    const { headers } = await admin.get(path);
    await admin.put(path, { allocations }, { 'if-match': headers.get('etag') ?? '' });
  }

  async #lookAtAll(readers: number): Promise<void> {
    const { subjects } = this.#portfolio;
    await this.#invariants.hold(subjects);
    await this.#invariants.holdForAll();
    await this.#invariants.renewalsHold(subjects);
    const asked =
      subjects.length <= readers ? subjects : Array.from({ length: readers }, () => this.#random.oneOf(subjects));
    await this.#invariants.holdForReaders(asked);
  }

  #tell({ story }: Subject, line: string): void {
    story.push(`step ${this.#step}  ${shown(this.world.now)}  ${line}`);
  }

  #concerned(error: unknown): Subject | undefined {
    const contract = error instanceof BrokenInvariant ? error.contract : undefined;
    return contract && this.#portfolio.subjects.find((subject) => subject.contract === contract);
  }

  #countTerms(): void {
    for (const { contract } of this.#portfolio.subjects) {
      this.#tally.add('subscriptions');
      for (const term of contract.terms) this.#tally.add(`term.${term.renewal}`);
      for (const { status, kind } of contract.mails) {
        this.#tally.add(status === 'failed' ? 'mail.held back' : `mail.${kind.replace(/-\d+$/, '')}`);
      }
    }
  }

  /** Ids come from chance that has no seed: they are left out. */
  async #digest(): Promise<string> {
    const numbers = new Map(this.#portfolio.subjects.map(({ id, contract }) => [id, contract.number]));
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

function signature({ contract }: Subject): string {
  const { current, mails, terms } = contract;
  const waiting = mails.filter(({ status }) => status === 'queued').length;
  return `${terms.length} ${current.renewal} ${mails.length} ${waiting} ${current.lockAt}`;
}
