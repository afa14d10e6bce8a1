import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility } from '../../domain/access.js';
import { addDays, dayAt, isDay, parseInstant, startOfDay } from '../../domain/calendar.js';
import { expectedMonths, type ExpectedMonth } from '../../domain/outlook.js';
import { packageAtRenewal } from '../../domain/package.js';
import { Refusal } from '../../domain/refusal.js';
import { renewalEvents, renewalForecast, type ForecastEvent } from '../../domain/renewal-forecast.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { idBeforeAll } from '../../platform/ids.js';
import { PackageService } from '../packages/package.service.js';
import { expiringMinutes } from '../ledger/term-balance.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import type { ForecastAnswer, ForecastEventAnswer, ForecastQuery } from './forecast.dto.js';
import {
  ForecastStore,
  type ExpectedTerms,
  type ForecastCandidate,
  type ForecastSubject,
  type Stretch,
} from './forecast.store.js';

const mostYearsAhead = 2;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The width of the first search. If it does not fill a page, each following search is twice as wide. */
const firstLookMs = 6 * hourMs;

/**
 * Tolerances: a reminder leaves in the morning, zones change their clocks or even skip a day, and anniversaries of 29
 * February shift.
 */
const slackMs = 30 * hourMs;
const slackOfLaterYearsMs = slackMs + dayMs;

/** An event and its rank among events at the same instant. */
interface Listed extends ForecastEvent {
  candidate: ForecastCandidate;
  rank: number;
}

/** The unique position of an event in the list. */
type Place = Pick<Listed, 'at' | 'rank' | 'termNumber'> & { subscriptionId: string };

/** Lists every coming reminder, lock and roll-over, if nothing changes (§11). */
@Injectable()
export class ForecastService {
  constructor(
    private readonly store: ForecastStore,
    private readonly balances: TermBalanceService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  /**
   * Lists the events until an instant, in the order of time. Memory holds one page and its candidates, for any number
   * of subscriptions.
   * @throws Refusal `forecast-too-far`, `invalid-cursor`
   */
  async list(tx: Transaction, actor: Actor, query: ForecastQuery): Promise<ForecastAnswer> {
    const visibility = visibilityOf(actor, 'forecast.read');
    const now = this.clock.now();
    const before = this.#end(query.until, now);
    const cursor = readCursor(query.cursor, ['instant', 'instant', 'integer', 'id', 'integer']);
    // All pages of a list use the instant of the first page as the present.
    const asOf = cursor ? new Date(cursor[0]!) : now;
    const after = cursor && {
      at: new Date(cursor[1]!),
      rank: Number(cursor[2]),
      subscriptionId: cursor[3]!,
      termNumber: Number(cursor[4]),
    };
    const wanted = rowsToFetch(query.limit);
    const events = await this.#events(tx, visibility, { asOf, after, before, wanted });
    const show = await this.#shown(tx, events, asOf);
    const listed = page(
      events,
      query.limit,
      ({ at, rank, candidate, termNumber }) => [asOf, at, rank, candidate.subscriptionId, termNumber],
      show,
    );
    return { ...listed, expected: cursor ? null : await this.#expectedMonths(tx, visibility, before) };
  }

  /** The first instant after the list. */
  #end(until: string, now: Date): Date {
    const end = isDay(until) ? startOfDay(addDays(until, 1), 'UTC') : new Date(parseInstant(until)!.getTime() + 1);
    const farthest = new Date(now);
    farthest.setUTCFullYear(farthest.getUTCFullYear() + mostYearsAhead);
    // A day means the end of that day.
    if (end.getTime() - (isDay(until) ? dayMs : 1) > farthest.getTime()) {
      throw new Refusal('forecast-too-far', { years: mostYearsAhead, latest: farthest.toISOString() });
    }
    return end;
  }

  /** Up to `wanted` events after a place. Searches stretch by stretch until there are enough. */
  async #events(
    tx: Transaction,
    visibility: Visibility,
    { asOf, after, before, wanted }: { asOf: Date; after?: Place; before: Date; wanted: number },
  ): Promise<Listed[]> {
    const ends = await this.store.ends(tx);
    const found: Listed[] = [];
    if (!ends) return found;
    let from = after?.at ?? asOf;
    for (let lookMs = firstLookMs; from < before && found.length < wanted; lookMs *= 2) {
      const look = { from, before: earliest(new Date(from.getTime() + lookMs), before) };
      const candidates = await this.store.candidates(tx, visibility, {
        stretches: this.#endsOf(look, ends),
        // An open term may have other notice days than the setting, so its lock is found by its own instant.
        locks: look,
        overdueAt: from <= asOf ? asOf : null,
        fromId: after?.subscriptionId ?? idBeforeAll,
        ofEachKind: wanted + 1,
      });
      found.push(...this.#within(look, candidates, asOf, after));
      from = look.before;
    }
    return found.slice(0, wanted);
  }

  /** The events of the candidates in a stretch of time, in order. */
  #within(look: Stretch, candidates: readonly ForecastCandidate[], asOf: Date, after: Place | undefined): Listed[] {
    const events: Listed[] = [];
    // Most subscriptions share their days with others, so the rules run once for each kind of term.
    const known = new Map<string, readonly ForecastEvent[]>();
    for (const candidate of candidates) {
      const key = kindOf(candidate);
      let expected = known.get(key);
      if (!expected) known.set(key, (expected = this.#expected(look, candidate, asOf)));
      for (const event of expected) {
        const listed = { ...event, candidate, rank: renewalEvents.indexOf(event.event) };
        if (!after || order(placeOf(listed), after) > 0) events.push(listed);
      }
    }
    return events.sort((one, other) => order(placeOf(one), placeOf(other)));
  }

  #expected({ from, before }: Stretch, candidate: ForecastCandidate, asOf: Date): ForecastEvent[] {
    const events: ForecastEvent[] = [];
    for (const event of renewalForecast(candidate, asOf, this.rules)) {
      if (event.at >= before) break;
      if (event.at >= from) events.push(event);
    }
    return events;
  }

  /**
   * The stretches in which open terms end that have an event in `look`. An event lies a fixed number of days before
   * the end of its term, and that term ends whole years after the open one. Coming terms get the present setting of
   * notice days.
   */
  #endsOf(look: Stretch, ends: { first: Date; last: Date }): Stretch[] {
    // Locks and roll-overs are at midnight, reminders in the morning.
    const daysBeforeEnd = [...this.rules.reminderDays.map((days) => days + 0.5), this.rules.noticeDays, 0];
    const years = look.before.getUTCFullYear() - ends.first.getUTCFullYear() + 1;
    const stretches = Array.from({ length: years + 1 }, (_, later) =>
      daysBeforeEnd.map((days) => {
        const slack = later === 0 ? slackMs : slackOfLaterYearsMs;
        return {
          from: moved(look.from, days * dayMs - slack, -later),
          before: moved(look.before, days * dayMs + slack, -later),
        };
      }),
    ).flat();
    return merged(stretches.filter(({ from, before }) => from <= ends.last && before > ends.first));
  }

  /** What the CSMs expect of the open terms that end before an instant and are not declined. */
  async #expectedMonths(tx: Transaction, visibility: Visibility, before: Date): Promise<ExpectedMonth[]> {
    const alike = await this.store.expected(tx, visibility, before);
    const granted = (terms: ExpectedTerms): number =>
      packageAtRenewal(this.packages.table, terms, addDays(terms.endsOn, 1)).grantedMinutes;
    return expectedMonths(alike.map((terms) => ({ ...terms, minutes: terms.terms * granted(terms) })));
  }

  async #shown(
    tx: Transaction,
    events: readonly Listed[],
    asOf: Date,
  ): Promise<(event: Listed) => ForecastEventAnswer> {
    const subjects = await this.store.subjects(tx, [...new Set(events.map(({ candidate }) => candidate.termId))]);
    const days = new Map([...subjects].map(([termId, { timeZone }]) => [termId, dayAt(asOf, timeZone)]));
    const termBalances = await this.balances.balances(tx, days);
    return ({ candidate, at, event, termNumber, daysBefore, outcome }) => {
      const subject = subjects.get(candidate.termId)!;
      const isOpen = termNumber === candidate.number;
      const expiring = (): number =>
        expiringMinutes(subject, termBalances.get(candidate.termId)!, days.get(candidate.termId)!, this.rules);
      return {
        at,
        event,
        subscriptionId: candidate.subscriptionId,
        customerId: subject.customerId,
        customer: subject.customerName,
        termId: isOpen ? candidate.termId : null,
        termNumber,
        package: isOpen ? subject.package : renewsAs(subject),
        daysBefore: daysBefore ?? null,
        outcome: outcome ?? (event === 'lock' ? 'renews' : null),
        renewsAs: outcome === 'renews' ? renewsAs(subject) : null,
        expiringMinutes: event === 'roll-over' && isOpen ? expiring() : null,
      };
    };
  }
}

/** The package of every term after the open one. */
const renewsAs = ({ package: present, nextPackage }: ForecastSubject) => nextPackage ?? present;

const placeOf = ({ at, rank, candidate, termNumber }: Listed): Place => ({
  at,
  rank,
  subscriptionId: candidate.subscriptionId,
  termNumber,
});

function order(one: Place, other: Place): number {
  return (
    one.at.getTime() - other.at.getTime() ||
    one.rank - other.rank ||
    compared(one.subscriptionId, other.subscriptionId) ||
    one.termNumber - other.termNumber
  );
}

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Everything that the rules read from a term. Terms with the same key have the same events. */
function kindOf({
  number,
  anchorOn,
  endsAt,
  lockAt,
  nextReminderAt,
  renewalState,
  timeZone,
}: ForecastCandidate): string {
  return [
    number,
    anchorOn,
    endsAt.getTime(),
    lockAt.getTime(),
    nextReminderAt?.getTime(),
    renewalState,
    timeZone,
  ].join();
}

function moved(instant: Date, ms: number, years: number): Date {
  const to = new Date(instant.getTime() + ms);
  to.setUTCFullYear(to.getUTCFullYear() + years);
  return to;
}

const earliest = (one: Date, other: Date): Date => (one < other ? one : other);

/** The same stretches in order; stretches that touch are merged. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const inOrder = [...stretches].sort((one, other) => one.from.getTime() - other.from.getTime());
  const apart: Stretch[] = [];
  for (const stretch of inOrder) {
    const last = apart.at(-1);
    if (last && stretch.from <= last.before) last.before = stretch.before > last.before ? stretch.before : last.before;
    else apart.push({ ...stretch });
  }
  return apart;
}
