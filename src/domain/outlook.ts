import type { Day } from './calendar.js';
import type { Violation } from './refusal.js';

export const expectations = ['renews', 'unsure', 'leaves', 'upgrades'] as const;
export type Expectation = (typeof expectations)[number];

/** What the CSM expects of a renewal, and what to do next (§2). It never changes the contract. */
export interface Outlook {
  expectation: Expectation;
  reason: string | null;
  nextStep: string | null;
  /** The day of the next step; null if it has no day yet. */
  nextStepOn: Day | null;
}

/** Judges an outlook: a day without a next step says nothing. */
export function judgeOutlook({ nextStep, nextStepOn }: Outlook): Violation[] {
  if (nextStepOn === null || nextStep !== null) return [];
  return [{ code: 'next-step-missing', params: { nextStepOn }, pointer: '/nextStepOn' }];
}

/** Whether an outlook differs from the present one of its term. An equal one adds nothing to the history. */
export function isNewOutlook(stated: Outlook, present: Outlook | undefined): boolean {
  return (
    present === undefined ||
    stated.expectation !== present.expectation ||
    stated.reason !== present.reason ||
    stated.nextStep !== present.nextStep ||
    stated.nextStepOn !== present.nextStepOn
  );
}

/** The minutes and the number of terms that may renew, by month of their last day and by expectation. */
export interface ExpectedMonth {
  /** `YYYY-MM`. */
  month: string;
  /** `none`: no outlook is stated for the term. */
  expectation: Expectation | 'none';
  terms: number;
  minutes: number;
}

/** Adds up terms by month and expectation, in the order of the months and of `expectations`. */
export function expectedMonths(
  terms: readonly { endsOn: Day; expectation: Expectation | null; terms: number; minutes: number }[],
): ExpectedMonth[] {
  const months = new Map<string, ExpectedMonth>();
  for (const { endsOn, expectation: stated, terms: count, minutes } of terms) {
    const month = endsOn.slice(0, 7);
    const expectation = stated ?? 'none';
    const key = `${month} ${[...expectations, 'none'].indexOf(expectation)}`;
    const sum = months.get(key) ?? { month, expectation, terms: 0, minutes: 0 };
    months.set(key, { ...sum, terms: sum.terms + count, minutes: sum.minutes + minutes });
  }
  return [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, month]) => month);
}
