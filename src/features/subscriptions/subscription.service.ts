import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Viewer } from '../../domain/access.js';
import { addMonths, dayAt, parseInstant, startOfDay, type Day, type Month } from '../../domain/calendar.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { grant } from '../../domain/ledger.js';
import type { PaceStatus } from '../../domain/pace.js';
import { packageOn, type PackageVersion } from '../../domain/package.js';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { noticeDeadline, termDates } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import { refuseBroken } from '../../platform/database/constraint-refusals.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { listAsked, page, readCursor, readCursorOf, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { CustomerService } from '../customers/customer.service.js';
import { PackageService } from '../packages/package.service.js';
import { UserService } from '../people/user.service.js';
import { ContractService } from './contract.service.js';
import { refuseEnded, type Annulment, type SubscriptionContract, type VersionInUse } from './contract.js';
import { EnrolmentService } from './enrolment.service.js';
import { RenewalChanges } from './renewal-changes.js';
import { RollOverService } from './roll-over.service.js';
import { SubscriptionAnswers } from './subscription-answers.service.js';
import type {
  NewSubscription,
  SubscriptionAnswer,
  SubscriptionChange,
  SubscriptionList,
  SubscriptionsQuery,
} from './subscription.dto.js';
import {
  SubscriptionStore,
  type ListedSubscription,
  type MatchedSubscription,
  type SubscriptionOrder,
} from './subscription.store.js';
import { termAnswer } from './term-answer.js';
import type { TermList } from './term.dto.js';
import { TermService, type TermToOpen } from './term.service.js';

/** How far in the past or the future the first day of a new contract may be. */
const mostMonthsBack = 120;
const mostMonthsAhead = 12;

/** A list by pace reads this many subscriptions at a time. */
const pacesAtOnce = 500;

const constraints = { subscriptions_contract_number_once: 'contract-number-already-used' } as const;

/** Manages customers' subscriptions (§2). */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly clock: Clock,
    private readonly store: SubscriptionStore,
    private readonly answers: SubscriptionAnswers,
    private readonly contracts: ContractService,
    private readonly terms: TermService,
    private readonly enrolments: EnrolmentService,
    private readonly rollOvers: RollOverService,
    private readonly renewalChanges: RenewalChanges,
    private readonly customers: CustomerService,
    private readonly users: UserService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {}

  /**
   * Enters a contract with its first term. If the contract is taken over, terms that are over are rolled over at once
   * (§11).
   * @throws Refusal by the rules for an unknown customer, CSM or product line, `csm-required`, a purchase or first
   *   day out of range; `contract-number-already-used`
   */
  async enter(tx: Transaction, actor: Actor, body: NewSubscription): Promise<SubscriptionAnswer> {
    const now = this.clock.now();
    const customer = await this.customers.hold(tx, actor, body.customerId);
    if (!customer) {
      throw refuseByRules([{ code: 'customer-unknown', params: { id: body.customerId }, pointer: '/customerId' }]);
    }
    const { timeZone } = customer;
    const purchasedAt = parseInstant(body.purchasedAt) ?? now;
    const today = dayAt(now, timeZone);
    const startsOn = body.startsOn ?? dayAt(purchasedAt, timeZone);
    const productLineIds = body.productLineIds ?? [];
    const sold = packageOn(this.packages.table, body.package, startsOn);
    const csmId = body.csmId ?? (actor.role === 'csm' ? actor.userId : undefined);
    const purchase = purchaseOutOfRange(purchasedAt, now);
    const violations = [
      ...(await this.#csmWrong(tx, csmId)),
      ...purchase,
      // A first day that follows from a wrong purchase date is not checked separately.
      ...(body.startsOn === undefined && purchase.length > 0 ? [] : startOutOfRange(startsOn, today)),
      ...(sold ? [] : [notOffered(body.package, startsOn)]),
      ...(await this.enrolments.missing(tx, productLineIds)),
      ...tooManyLines(productLineIds, sold),
    ];
    if (violations.length > 0 || !sold || csmId === undefined) throw refuseByRules(violations);

    const id = newId();
    const contractNumber = body.contractNumber ?? null;
    const row = {
      id,
      customerId: customer.id,
      csmId,
      anchorOn: startsOn,
      purchasedAt,
      enteredAt: now,
      enteredOn: today,
      enteredBy: actor.userId,
      pacePolicy: body.pacePolicy ?? 'advise',
      contractNumber,
    };
    await refuseBroken(this.store.insert(tx, row), constraints, { contractNumber: contractNumber ?? '' });
    await this.enrolments.enrol(tx, id, productLineIds, startsOn);
    await this.#openFirstTerm(
      tx,
      { subscriptionId: id, timeZone, anchorOn: startsOn, package: sold, purchaseOrder: body.purchaseOrder ?? null },
      now,
    );
    await this.rollOvers.rollOver(tx, [id], now);
    await this.terms.lockPassed(tx, id, now);
    return this.answers.one(tx, id, now);
  }

  /** @throws Refusal `invalid-cursor`, also for the cursor of another order or other filters */
  async list(tx: Transaction, actor: Actor, query: SubscriptionsQuery): Promise<SubscriptionList> {
    const { limit, cursor, sort = 'entered', pace, ...filter } = query;
    const asked = listAsked({ sort, pace, ...filter });
    const by = sort.replace('-', '');
    const [key, id] = readCursorOf(asked, cursor, [by === 'pace' ? 'integer' : 'text', 'id']) ?? [];
    const after = id === undefined ? undefined : { id, key: key! };
    const descending = sort.startsWith('-');
    const order: SubscriptionOrder = { by: by === 'customerName' ? by : 'entered', descending };
    const visibility = visibilityOf(actor, 'subscriptions.read');
    const now = this.clock.now();
    const rows =
      by === 'pace' || pace !== undefined
        ? await this.#byPace(
            tx,
            await this.store.list(tx, visibility, filter, order),
            { by, descending, pace, after },
            now,
          )
        : await this.store.list(tx, visibility, filter, order, after, rowsToFetch(limit));
    const { data, nextCursor } = page(rows, limit, (row) => [asked, row.key, row.id]);
    const ids = data.map(({ id }) => id);
    return { data: await this.answers.all(tx, ids, now), nextCursor };
  }

  /**
   * The subscriptions with one pace, or all in the order of their pace, after a given one. The rules compute the
   * pace, and it is not stored. So such a list reads every subscription that the other filters leave.
   */
  async #byPace(
    tx: Transaction,
    listed: readonly ListedSubscription[],
    wanted: { by: string; descending: boolean; pace?: PaceStatus; after?: ListedSubscription },
    now: Date,
  ): Promise<ListedSubscription[]> {
    const { by, descending, pace, after } = wanted;
    const found: ListedSubscription[] = [];
    for (let at = 0; at < listed.length; at += pacesAtOnce) {
      const some = listed.slice(at, at + pacesAtOnce);
      const ids = some.map(({ id }) => id);
      const paces = await this.answers.paces(tx, ids, now);
      for (const { id, key } of some) {
        const { status, differenceMinutes } = paces.get(id)!;
        if (pace === undefined || status === pace)
          found.push({ id, key: by === 'pace' ? String(differenceMinutes) : key });
      }
    }
    const compare = (one: ListedSubscription, other: ListedSubscription): number => {
      const keys = by === 'pace' ? Number(one.key) - Number(other.key) : compareBytes(one.key, other.key);
      return (descending ? -1 : 1) * (keys || compareBytes(one.id, other.id));
    };
    if (by === 'pace') found.sort(compare);
    return after ? found.filter((row) => compare(row, after) > 0) : found;
  }

  /**
   * Visible subscriptions whose contract number or customer's name contains a text, best match first. Width, case, spaces and kind
   * of kana are ignored.
   */
  matching(tx: Transaction, viewer: Viewer, text: string, limit: number): Promise<MatchedSubscription[]> {
    return this.store.matching(tx, visibilityOf(viewer, 'subscriptions.read'), text, limit);
  }

  /** The number of open terms of each package and version, of all customers. */
  versionsInUse(tx: Transaction): Promise<VersionInUse[]> {
    return this.store.versionsInUse(tx);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<SubscriptionAnswer> {
    await this.contracts.see(tx, visibilityOf(actor, 'subscriptions.read'), id);
    return this.answers.one(tx, id, this.clock.now());
  }

  /** The terms of a subscription by number. */
  async listTerms(tx: Transaction, actor: Actor, id: string, { limit, cursor }: PageQuery): Promise<TermList> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'terms.read'), id);
    const today = dayAt(this.clock.now(), contract.timeZone);
    const [after = '-1'] = readCursor(cursor, ['integer']) ?? [];
    const terms = contract.terms.filter(({ number }) => number > Number(after)).slice(0, rowsToFetch(limit));
    return page(
      terms,
      limit,
      ({ number }) => [number],
      (term) => termAnswer(term, today),
    );
  }

  /** @throws Refusal `not-found`, `etag-stale`, `subscription-ended`, `not-a-csm`, `user-inactive`, `contract-number-already-used` */
  async change(
    tx: Transaction,
    actor: Actor,
    id: string,
    version: number,
    change: SubscriptionChange,
  ): Promise<SubscriptionAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'subscriptions.write'), id, now);
    refuseStale(contract.version, version);
    refuseEnded(contract);
    const editable = {
      csmId: contract.csmId,
      pacePolicy: contract.pacePolicy,
      contractNumber: contract.contractNumber,
    };
    const changed = { ...editable, ...change };
    if (changesNothing(editable, changed)) return this.answers.one(tx, id, now);
    const violations = change.csmId === undefined ? [] : await this.#csmWrong(tx, change.csmId);
    if (violations.length > 0) throw refuseByRules(violations);
    const written = this.store.change(tx, id, changed);
    await refuseBroken(written, constraints, { contractNumber: changed.contractNumber ?? '' });
    return this.answers.one(tx, id, now);
  }

  /** Sets the package of the next renewal (§10). Null: it stays as it is. */
  async setNextPackage(
    tx: Transaction,
    actor: Actor,
    id: string,
    version: number,
    nextPackage: NewSubscription['package'] | null,
  ): Promise<SubscriptionAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'subscriptions.write'), id, now);
    refuseStale(contract.version, version);
    refuseEnded(contract);
    if (nextPackage === null && contract.nextPackage === null) throw new Refusal('no-next-package');
    if (nextPackage === contract.nextPackage) return this.answers.one(tx, id, now);
    await this.store.setNextPackage(tx, id, nextPackage);
    await this.renewalChanges.announce(tx, contract, { nextPackage }, now);
    return this.answers.one(tx, id, now);
  }

  /**
   * Marks a contract as annulled. The caller has locked and checked it. `closedThrough` is the last closed month:
   * closed months do not change.
   */
  async annul(
    tx: Transaction,
    { subscriptionId }: SubscriptionContract,
    annulment: Annulment,
    closedThrough: Month | null,
  ): Promise<SubscriptionAnswer> {
    await this.store.annul(tx, subscriptionId, annulment, closedThrough);
    return this.answers.one(tx, subscriptionId, annulment.annulledAt);
  }

  async #openFirstTerm(
    tx: Transaction,
    contract: Pick<TermToOpen, 'subscriptionId' | 'timeZone' | 'anchorOn' | 'package' | 'purchaseOrder'>,
    now: Date,
  ): Promise<void> {
    const dates = termDates(contract.anchorOn, 0);
    const entitlement = entitlementOf([{ package: contract.package, effectiveOn: dates.startsOn }], dates, []);
    const { noticeDays } = this.rules;
    const opening = {
      ...contract,
      ...dates,
      number: 0,
      noticeDays,
      noticeDeadlineOn: noticeDeadline(dates.endsOn, noticeDays),
      entitlement,
      grant: grant(entitlement.grantedMinutes, dates.startsOn),
    };
    const [term] = await this.terms.open(tx, [opening], now);
    await this.store.setCurrentTerm(tx, contract.subscriptionId, term!.id);
  }

  /**
   * A CSM owns the subscriptions that he or she enters, unless the request names another CSM. An administrator must
   * name one (§13).
   */
  async #csmWrong(tx: Transaction, csmId: string | undefined): Promise<Violation[]> {
    if (csmId === undefined) return [{ code: 'csm-required', pointer: '/csmId' }];
    const code = await this.users.holdCsm(tx, csmId);
    return code === undefined ? [] : [{ code, params: { id: csmId }, pointer: '/csmId' }];
  }
}

function startOutOfRange(startsOn: Day, today: Day): Violation[] {
  const earliest = addMonths(today, -mostMonthsBack);
  const latest = addMonths(today, mostMonthsAhead);
  if (earliest <= startsOn && startsOn <= latest) return [];
  return [{ code: 'starts-on-out-of-range', params: { startsOn, earliest, latest }, pointer: '/startsOn' }];
}

/** A contract is entered after its purchase, which was at most a year before the earliest first day. */
function purchaseOutOfRange(purchasedAt: Date, now: Date): Violation[] {
  const earliest = startOfDay(addMonths(dayAt(now, 'UTC'), -mostMonthsBack - mostMonthsAhead), 'UTC');
  if (earliest <= purchasedAt && purchasedAt <= now) return [];
  const [at, from, to] = [purchasedAt, earliest, now].map((instant) => instant.toISOString()) as [
    string,
    string,
    string,
  ];
  const params = { purchasedAt: at, earliest: from, latest: to };
  return [{ code: 'purchased-at-out-of-range', params, pointer: '/purchasedAt' }];
}

function notOffered(code: string, on: Day): Violation {
  return { code: 'package-not-offered', params: { package: code, on }, pointer: '/package' };
}

function tooManyLines(productLineIds: readonly string[], sold: PackageVersion | undefined): Violation[] {
  const limit = sold?.maxProductLines ?? Infinity;
  const count = productLineIds.length;
  if (count <= limit) return [];
  return [{ code: 'too-many-product-lines', params: { count, limit }, pointer: '/productLineIds' }];
}

/** The same order as PostgreSQL's collation "C". */
const compareBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
