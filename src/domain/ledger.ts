import type { Day } from './calendar.js';

/** The kinds of entries of a term's ledger (§4), with the sign of their minutes. */
export const ledgerSigns = {
  grant: 1,
  upgrade: 1,
  supplement: 1,
  goodwill: 1,
  'top-up-cancelled': -1,
  use: -1,
  reversal: 1,
  expiry: -1,
  'expiry-reversal': 1,
} as const;

export type LedgerKind = keyof typeof ledgerSigns;

/** The sum of a ledger that each kind changes. */
const sums = {
  grant: 'granted',
  upgrade: 'granted',
  supplement: 'granted',
  goodwill: 'granted',
  'top-up-cancelled': 'granted',
  use: 'used',
  reversal: 'used',
  expiry: 'expired',
  'expiry-reversal': 'expired',
} as const satisfies Record<LedgerKind, string>;

/** The kinds that change the granted minutes. */
export const grantedKinds = (Object.keys(sums) as LedgerKind[]).filter((kind) => sums[kind] === 'granted');

/** A new entry. Both amounts have the same sign; only `use` and `reversal` have onsite minutes. */
export interface LedgerEntry {
  kind: LedgerKind;
  minutes: number;
  onsiteMinutes: number;
  effectiveOn: Day;
  /** The time entry that caused it. */
  timeEntryId?: string;
}

/** The sums of a ledger's entries. Used minutes are net of reversals, and expired minutes net of expiry reversals. */
export interface LedgerTotals {
  grantedMinutes: number;
  usedMinutes: number;
  expiredMinutes: number;
  onsiteUsedMinutes: number;
}

/** The totals of a term with the onsite cap of its entitlement. */
export interface Balance extends LedgerTotals {
  onsiteCapMinutes: number;
}

/** §4: granted − used − expired = remaining. */
export function remainingMinutes(
  totals: Pick<LedgerTotals, 'grantedMinutes' | 'usedMinutes' | 'expiredMinutes'>,
): number {
  return totals.grantedMinutes - totals.usedMinutes - totals.expiredMinutes;
}

/** The minutes left at the end of a day, which may be in the past. */
export interface Left {
  remainingMinutes: number;
  /** Minutes worked up to the day that were drawn from minutes granted after it. If there are any, nothing remains. */
  drawnAheadMinutes: number;
}

/**
 * Splits granted less used minutes at the end of a day into what remains and what was drawn ahead. Work that is logged late
 * can draw on a later upgrade: 5,760 granted and 6,000 used by that day leave 0 minutes, and 240 were drawn ahead.
 */
export function leftOf(leftMinutes: number): Left {
  return { remainingMinutes: Math.max(0, leftMinutes), drawnAheadMinutes: Math.max(0, 0 - leftMinutes) };
}

/**
 * The balance after one more entry (§4).
 * @throws Error if the entry would break a promise of the ledger; the rules run first, so this is a bug of the service
 */
export function post(balance: Balance, entry: LedgerEntry): Balance {
  assertSigns(entry);
  const after = { ...add(balance, entry), onsiteCapMinutes: balance.onsiteCapMinutes };
  assert(remainingMinutes(after) >= 0, entry, 'takes more than remains');
  assert(after.usedMinutes >= 0, entry, 'gives back more than was used');
  assert(after.expiredMinutes >= 0, entry, 'revives more than had expired');
  assert(after.onsiteUsedMinutes >= 0, entry, 'gives back more onsite time than was used');
  assert(after.onsiteUsedMinutes <= after.onsiteCapMinutes, entry, 'passes the onsite cap');
  assert(after.onsiteUsedMinutes <= after.usedMinutes, entry, 'leaves more onsite time than time');
  return after;
}

/** Adds up a ledger without checking its promises: a ledger that was tampered with must be readable too (§4). */
export function rebuild(entries: Iterable<LedgerEntry>): LedgerTotals {
  let totals: LedgerTotals = { grantedMinutes: 0, usedMinutes: 0, expiredMinutes: 0, onsiteUsedMinutes: 0 };
  for (const entry of entries) totals = add(totals, entry);
  return totals;
}

/** An amount whose stored value differs from its rebuilt value. */
export interface Difference {
  field: string;
  stored: number;
  rebuilt: number;
}

/** The fields whose stored amounts differ from the rebuilt ones (§4); both have the same fields. */
export function differences<Field extends string>(
  stored: Readonly<Record<NoInfer<Field>, number>>,
  rebuilt: Readonly<Record<Field, number>>,
): Difference[] {
  return (Object.keys(rebuilt) as Field[])
    .filter((field) => stored[field] !== rebuilt[field])
    .map((field) => ({ field, stored: stored[field], rebuilt: rebuilt[field] }));
}

/** The first entry of a term. */
export function grant(minutes: number, startsOn: Day): LedgerEntry {
  return { kind: 'grant', minutes, onsiteMinutes: 0, effectiveOn: startsOn };
}

/** The minutes that an upgrade adds from its effective day (§10). */
export function upgrade(extraMinutes: number, effectiveOn: Day): LedgerEntry {
  return { kind: 'upgrade', minutes: extraMinutes, onsiteMinutes: 0, effectiveOn };
}

/** The minutes that a top-up adds from its effective day (§10). */
export function topUp(kind: 'supplement' | 'goodwill', minutes: number, effectiveOn: Day): LedgerEntry {
  return { kind, minutes, onsiteMinutes: 0, effectiveOn };
}

/** Takes minutes of a top-up back, on its effective day: a top-up entered by mistake never counted (§10). */
export function cancelTopUp(minutes: number, effectiveOn: Day): LedgerEntry {
  return { kind: 'top-up-cancelled', minutes: -minutes, onsiteMinutes: 0, effectiveOn };
}

export interface WorkInTerm {
  /** Whether the term has closed. */
  closed: boolean;
  minutes: number;
  /** Equal to `minutes` for onsite work, else 0. */
  onsiteMinutes: number;
  workDate: Day;
  /** The last day of the term. */
  endsOn: Day;
  timeEntryId: string;
}

/**
 * The ledger entries for logged work (§5). In a closed term all unused minutes have expired, so the work first takes back
 * what it needs: 60 late minutes give `expiry-reversal` +60 and `use` −60, and the rest stays expired.
 */
export function useInTerm(work: WorkInTerm): LedgerEntry[] {
  const use: LedgerEntry = {
    kind: 'use',
    minutes: 0 - work.minutes,
    onsiteMinutes: 0 - work.onsiteMinutes,
    effectiveOn: work.workDate,
    timeEntryId: work.timeEntryId,
  };
  return work.closed ? [atClose('expiry-reversal', work), use] : [use];
}

/**
 * The ledger entries for a reversed time entry (§5): its minutes return on its work day. In a closed term they expire
 * at once, on the last day.
 */
export function reverseUse(work: WorkInTerm): LedgerEntry[] {
  const reversal: LedgerEntry = {
    kind: 'reversal',
    minutes: work.minutes,
    onsiteMinutes: work.onsiteMinutes,
    effectiveOn: work.workDate,
    timeEntryId: work.timeEntryId,
  };
  return work.closed ? [reversal, atClose('expiry', work)] : [reversal];
}

function atClose(kind: 'expiry' | 'expiry-reversal', { minutes, endsOn, timeEntryId }: WorkInTerm): LedgerEntry {
  return { kind, minutes: ledgerSigns[kind] * minutes, onsiteMinutes: 0, effectiveOn: endsOn, timeEntryId };
}

/** The expiry of a closing term (§11): all remaining minutes, on the last day; undefined if nothing remains. */
export function expiryAtClose(balance: LedgerTotals, endsOn: Day): LedgerEntry | undefined {
  const minutes = remainingMinutes(balance);
  return minutes === 0 ? undefined : { kind: 'expiry', minutes: -minutes, onsiteMinutes: 0, effectiveOn: endsOn };
}

function add(totals: LedgerTotals, { kind, minutes, onsiteMinutes }: LedgerEntry): LedgerTotals {
  const after = { ...totals, onsiteUsedMinutes: totals.onsiteUsedMinutes - onsiteMinutes };
  if (sums[kind] === 'granted') after.grantedMinutes += minutes;
  else if (sums[kind] === 'used') after.usedMinutes -= minutes;
  else after.expiredMinutes -= minutes;
  return after;
}

function assertSigns(entry: LedgerEntry): void {
  const { kind, minutes, onsiteMinutes } = entry;
  const sign = ledgerSigns[kind];
  const carriesOnsite = kind === 'use' || kind === 'reversal';
  // An upgrade can raise only limits other than the minutes.
  const least = kind === 'upgrade' ? 0 : 1;
  assert(
    Number.isSafeInteger(minutes) && minutes * sign >= least,
    entry,
    'has no minutes or minutes of the wrong sign',
  );
  assert(onsiteMinutes === 0 || (carriesOnsite && onsiteMinutes === minutes), entry, 'has the wrong onsite minutes');
}

function assert(promise: boolean, entry: LedgerEntry, broken: string): void {
  if (!promise) throw new Error(`Ledger entry ${entry.kind} of ${entry.minutes} min on ${entry.effectiveOn} ${broken}`);
}
