import { pairKey, drawnFromUnallocated } from './allocation.js';
import type { Pace } from './pace.js';
import type { TermBalance, TimeEntry } from './time-entry.js';

/** The warnings in the answer to an accepted entry (§5): sentences in ICU MessageFormat. */
export const warnings = {
  'drawn-from-unallocated': {
    en: 'The allocation of this consultant on this product line is used up: {drawnMinutes, number} min of this entry came from the unallocated minutes of the term.',
    ja: 'このコンサルタントのこの製品ラインの時間配分は使い切られたため、{drawnMinutes, number} 分を契約期間の未配分の時間から充当しました。',
  },
  'ahead-of-pace': {
    en: 'Usage is {differenceMinutes, number} min ahead of the even plan of {plannedMinutes, number} min.',
    ja: '均等に利用した場合の計画（{plannedMinutes, number} 分）に対し、利用が {differenceMinutes, number} 分先行しています。',
  },
  'hours-nearly-used': {
    en: 'The term has {remainingMinutes, number} min left ({usedMinutes, number} of {grantedMinutes, number} min used).',
    ja: '契約期間の残り時間は {remainingMinutes, number} 分です（{grantedMinutes, number} 分中 {usedMinutes, number} 分を使用済み）。',
  },
  'late-entry': {
    en: 'The term has closed, so this entry uses minutes that had already expired.',
    ja: 'この契約期間は終了しているため、失効した時間から充当しました。',
  },
  'possible-duplicate': {
    en: 'An identical entry is already recorded: the same subscription, day, consultant, product line, activity, delivery, minutes, summary and reference.',
    ja: 'サブスクリプション、作業日、コンサルタント、製品ライン、作業内容、提供形態、時間、作業概要、参照番号が同じ作業記録が、すでに登録されています。',
  },
} as const;

export type WarningCode = keyof typeof warnings;

export interface Warning {
  code: WarningCode;
  params: Record<string, number>;
  /** The earlier entry that a possible duplicate equals. */
  timeEntryId?: string;
}

/** From this share of the granted minutes on, a warning and a reason of attention say how much is left. */
export const nearlyUsedPercent = 80;

/** The warnings after an entry is booked. The balance is the one after it; `equalId` is an earlier equal entry that is not reversed. */
export function warningsAfter(
  entry: TimeEntry,
  { balance, closed, pairs }: TermBalance,
  pace: Pace,
  equalId?: string,
): Warning[] {
  const found: Warning[] = [];
  if (equalId !== undefined) found.push({ code: 'possible-duplicate', params: {}, timeEntryId: equalId });
  if (closed) found.push({ code: 'late-entry', params: {} });
  const pair = pairs.get(pairKey(entry));
  const drawnMinutes = pair === undefined ? 0 : Math.min(entry.minutes, drawnFromUnallocated(pair));
  if (drawnMinutes > 0 && pair !== undefined && pair.allocatedMinutes > 0) {
    found.push({ code: 'drawn-from-unallocated', params: { drawnMinutes } });
  }
  const { grantedMinutes, usedMinutes, expiredMinutes } = balance;
  if (!closed && usedMinutes * 100 >= grantedMinutes * nearlyUsedPercent) {
    const remainingMinutes = grantedMinutes - usedMinutes - expiredMinutes;
    found.push({ code: 'hours-nearly-used', params: { grantedMinutes, usedMinutes, remainingMinutes } });
  }
  if (pace.status === 'ahead') {
    const { differenceMinutes, plannedMinutes } = pace;
    found.push({ code: 'ahead-of-pace', params: { differenceMinutes, plannedMinutes } });
  }
  return found;
}
