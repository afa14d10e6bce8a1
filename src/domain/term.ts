import { addDays, anniversary, type Day } from './calendar.js';

/** The length of every term (§1); a package table with another length is refused. */
export const termMonths = 12;

export interface TermDates {
  startsOn: Day;
  /** The last day, inclusive. */
  endsOn: Day;
}

export interface ServiceMonth extends TermDates {
  /** 0 … 11 within the term. */
  month: number;
}

/** First and last day of term `number` (from 0) on an anchor (§3): anchor 2027-03-01, term 0 is 2027-03-01…2028-02-29. */
export function termDates(anchor: Day, number: number): TermDates {
  return {
    startsOn: anniversary(anchor, termMonths * number),
    endsOn: addDays(anniversary(anchor, termMonths * (number + 1)), -1),
  };
}

/** The twelve service months of a term, without gap or overlap, each counted from the anchor (§3). */
export function serviceMonths(anchor: Day, number: number): ServiceMonth[] {
  const starts = Array.from({ length: termMonths + 1 }, (_, month) => anniversary(anchor, termMonths * number + month));
  return starts
    .slice(0, termMonths)
    .map((startsOn, month) => ({ month, startsOn, endsOn: addDays(starts[month + 1]!, -1) }));
}

/** The last day for a notice of non-renewal (§11), also on a weekend: for a term that ends on 2027-03-31, it is 2027-01-30. */
export function noticeDeadline(endsOn: Day, noticeDays: number): Day {
  return addDays(endsOn, -noticeDays);
}

export type TermStatus = 'upcoming' | 'open' | 'closed' | 'annulled';

export const renewalStates = ['open', 'locked', 'declined', 'renewed', 'ended'] as const;
export type RenewalState = (typeof renewalStates)[number];

export type RenewalEvent =
  'deadline-passed' | 'notice' | 'waiver' | 'withdrawal-before-deadline' | 'withdrawal-after-deadline' | 'roll-over';

/**
 * The allowed moves of a renewal (§11). A notice received in time still counts after the lock. A roll-over renews a term also
 * if its lock has not happened.
 */
export const renewalMoves: Readonly<Record<RenewalState, Readonly<Partial<Record<RenewalEvent, RenewalState>>>>> = {
  open: { 'deadline-passed': 'locked', notice: 'declined', waiver: 'declined', 'roll-over': 'renewed' },
  locked: { notice: 'declined', waiver: 'declined', 'roll-over': 'renewed' },
  declined: {
    notice: 'declined',
    waiver: 'declined',
    'withdrawal-before-deadline': 'open',
    'withdrawal-after-deadline': 'locked',
    'roll-over': 'ended',
  },
  renewed: {},
  ended: {},
};

/** The state after an event; undefined if the table has no such move. */
export function moveRenewal(from: RenewalState, event: RenewalEvent): RenewalState | undefined {
  return renewalMoves[from][event];
}
