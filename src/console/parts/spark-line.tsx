import { escapeHtml } from '@kitajs/html';
import { daysBetween, type Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { BurnDownMonth } from '../../domain/pace.js';
import { say } from '../../platform/sentences.js';
import { minutesText } from '../words/formats.js';

const width = 120;
const height = 32;
/** The lines are thicker than a point, so they keep away from the edges. */
const margin = 2;

const words = {
  en: 'Use by month: {used} used of {granted}; the plan for today is {planned}.',
  ja: '月ごとの利用：{granted}のうち{used}を使用。今日までの計画は{planned}。',
} as const satisfies Record<Language, string>;

/**
 * The burn-down of a term in the height of a line: the plan as a thin straight line over the whole term, and the use as a thick one up to
 * today. Its text says the same in figures.
 */
export function SparkLine({
  months,
  today,
  plannedMinutes,
  language,
}: {
  months: readonly BurnDownMonth[];
  /** Today in the zone of the term. */
  today: Day;
  /** By the plan, up to today. */
  plannedMinutes: number;
  language: Language;
}): JSX.Element {
  const { plan, used, usedMinutes, grantedMinutes } = sparkPoints(months, today);
  const text = say(words[language], language, {
    used: minutesText(usedMinutes, language),
    granted: minutesText(grantedMinutes, language),
    planned: minutesText(plannedMinutes, language),
  });
  const last = used.at(-1)!;
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={escapeHtml(text)}>
      <polyline class="plan" points={pointsText(plan)} />
      <polyline class="used" points={pointsText(used)} />
      <circle class="now" cx={last.x} cy={last.y} r="2.5" />
    </svg>
  );
}

interface Point {
  x: number;
  y: number;
}

/** The corners of both lines. The use ends at today, or at the end of the term. */
export function sparkPoints(
  months: readonly BurnDownMonth[],
  today: Day,
): { plan: Point[]; used: Point[]; usedMinutes: number; grantedMinutes: number } {
  const { startsOn } = months[0]!;
  const { endsOn, cumulativePlannedMinutes: grantedMinutes } = months.at(-1)!;
  const days = daysBetween(startsOn, endsOn) + 1;
  const usedMinutes = months.at(-1)!.cumulativeUsedMinutes;
  const most = Math.max(grantedMinutes, usedMinutes, 1);
  const point = (daysPassed: number, minutes: number): Point => ({
    x: rounded(margin + (Math.min(days, Math.max(0, daysPassed)) / days) * (width - 2 * margin)),
    y: rounded(height - margin - (minutes / most) * (height - 2 * margin)),
  });
  const passed = (day: Day): number => daysBetween(startsOn, day) + 1;
  const start = point(0, 0);
  const plan = [start, ...months.map((month) => point(passed(month.endsOn), month.cumulativePlannedMinutes))];
  const done = months.filter((month) => month.endsOn < today);
  const used = [start, ...done.map((month) => point(passed(month.endsOn), month.cumulativeUsedMinutes))];
  // Late entries and entries of today belong to the running month.
  if (done.length < months.length && today >= startsOn) used.push(point(passed(today), usedMinutes));
  return { plan, used, usedMinutes, grantedMinutes };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

const pointsText = (points: readonly Point[]): string => points.map(({ x, y }) => `${x},${y}`).join(' ');
