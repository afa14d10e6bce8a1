import { addDays, daysBetween, type Day } from '../../domain/calendar.js';
import { plannedMinutes, type Forecast, type PacePlan } from '../../domain/pace.js';

/** What added minutes to a term after its opening. */
export type StepKind = 'upgrade' | 'supplement' | 'goodwill';

/** The figures of a term from which its burn-down is drawn. */
export interface BurnDownFigures {
  plan: PacePlan;
  /** What the plan's additions are, in any order. */
  steps: readonly { on: Day; minutes: number; kind: StepKind }[];
  /** Used minutes of work days, net of reversals, in any order. */
  used: readonly { workDate: Day; minutes: number }[];
  expiredMinutes: number;
  /** Open planned sessions, in any order. */
  sessions: readonly { plannedOn: Day; minutes: number }[];
  forecast: Forecast;
  today: Day;
}

/** Minutes left at a moment of the term: `at` counts days from the begin of its first day. */
export interface LeftPoint {
  at: number;
  minutes: number;
}

/** The lines of a burn-down, in days and minutes. */
export interface BurnDownPoints {
  /** The length of the term. */
  days: number;
  /** The most minutes that any line reaches. */
  mostMinutes: number;
  /** What an even use would leave. It ends at 0. */
  plan: LeftPoint[];
  /** What is left, from the first day to the end of today, or of the term if it is over. */
  left: LeftPoint[];
  /** What is left if use goes on as recently. Empty if the term is over. */
  forecast: LeftPoint[];
  /** What is left if just the planned sessions take place. Empty without sessions. */
  planned: LeftPoint[];
  /** The days with planned sessions, each on the line `planned` after it. */
  sessions: LeftPoint[];
  /** The moments at which minutes were added, with the minutes left afterwards. */
  steps: (LeftPoint & { addedMinutes: number; kind: StepKind; on: Day })[];
  /** The end of today; undefined before and after the term. */
  today: number | undefined;
  /** The minutes that expired or are forecast to expire at the end. */
  expiring: { minutes: number; isForecast: boolean };
}

/** Where the lines of a burn-down go: what is left falls with use, and rises when minutes are added. */
export function burnDownPoints(figures: BurnDownFigures): BurnDownPoints {
  const { plan, steps, today } = figures;
  const days = endOf(plan, plan.endsOn);
  const seenThrough = Math.max(0, Math.min(days, endOf(plan, today)));
  const isOver = today > plan.endsOn;
  const left = leftLine(figures, seenThrough);
  const now = left.at(-1)!;
  const forecast = isOver ? [] : forecastLine(figures.forecast, now, days);
  const planned = isOver ? { line: [], marks: [] } : sessionLine(figures, now, days);
  const expiredLine = isOver && figures.expiredMinutes > 0 ? [{ at: days, minutes: 0 }] : [];
  return {
    days,
    mostMinutes: Math.max(plan.baseMinutes, ...[...left, ...planLine(plan)].map(({ minutes }) => minutes)),
    plan: planLine(plan),
    left: [...left, ...expiredLine],
    forecast,
    planned: planned.line,
    sessions: planned.marks,
    steps: steps.map(({ on, minutes, kind }) => {
      const at = startOf(plan, on);
      return { at, minutes: levelAfter(left, at), addedMinutes: minutes, kind, on };
    }),
    today: isOver || today < plan.startsOn ? undefined : seenThrough,
    expiring: isOver
      ? { minutes: figures.expiredMinutes, isForecast: false }
      : { minutes: figures.forecast.expiringMinutes, isForecast: true },
  };
}

const startOf = ({ startsOn }: PacePlan, day: Day): number => daysBetween(startsOn, day);
const endOf = (plan: PacePlan, day: Day): number => startOf(plan, day) + 1;

/** The plan is straight within a service month, and jumps when minutes are added. */
function planLine(plan: PacePlan): LeftPoint[] {
  const grantedThrough = (day: Day): number =>
    plan.additions.reduce(
      (sum, added) => (added.effectiveOn <= day ? sum + added.extraMinutes : sum),
      plan.baseMinutes,
    );
  const leftAfter = (day: Day): number => grantedThrough(day) - plannedMinutes(plan, day);
  const corners: LeftPoint[] = [{ at: 0, minutes: plan.baseMinutes }];
  for (const { endsOn } of plan.months) corners.push({ at: endOf(plan, endsOn), minutes: leftAfter(endsOn) });
  for (const on of new Set(plan.additions.map(({ effectiveOn }) => effectiveOn))) {
    const before = addDays(on, -1);
    const added = grantedThrough(on) - grantedThrough(before);
    const minutes = before < plan.startsOn ? plan.baseMinutes : leftAfter(before);
    const at = startOf(plan, on);
    corners.push({ at, minutes }, { at, minutes: minutes + added });
  }
  // The sort is stable: at the same moment, the corner before an addition stays before the one after it.
  return withoutRepeats(corners.sort((one, other) => one.at - other.at));
}

function withoutRepeats(line: readonly LeftPoint[]): LeftPoint[] {
  return line.filter(({ at, minutes }, place) => {
    const before = line[place - 1];
    return before?.at !== at || before.minutes !== minutes;
  });
}

/** Falls over each day with use, and jumps at the begin of each day on which minutes were added. */
function leftLine({ plan, steps, used }: BurnDownFigures, seenThrough: number): LeftPoint[] {
  const changes = new Map<number, { added: number; used: number }>();
  const changeOn = (day: Day) => {
    const at = startOf(plan, day);
    const change = changes.get(at) ?? { added: 0, used: 0 };
    changes.set(at, change);
    return change;
  };
  for (const { on, minutes } of steps) changeOn(on).added += minutes;
  for (const { workDate, minutes } of used) changeOn(workDate).used += minutes;

  let minutes = plan.baseMinutes;
  const line: LeftPoint[] = [{ at: 0, minutes }];
  for (const [at, change] of [...changes].sort(([one], [other]) => one - other)) {
    if (at >= seenThrough) break;
    line.push({ at, minutes });
    if (change.added !== 0) line.push({ at, minutes: (minutes += change.added) });
    if (change.used !== 0) line.push({ at: at + 1, minutes: (minutes -= change.used) });
  }
  line.push({ at: seenThrough, minutes });
  // Late work can draw on minutes that a later upgrade granted. Nothing was left then, not less than nothing.
  return withoutRepeats(line.map((point) => ({ ...point, minutes: Math.max(0, point.minutes) })));
}

const levelAfter = (line: readonly LeftPoint[], at: number): number =>
  line.findLast((point) => point.at <= at)?.minutes ?? 0;

/** A straight line to what expires, or to the moment at which nothing is left. */
function forecastLine({ expiringMinutes, basis }: Forecast, now: LeftPoint, days: number): LeftPoint[] {
  if (now.at >= days) return [];
  if (expiringMinutes > 0 || now.minutes === 0) return [now, { at: days, minutes: expiringMinutes }];
  const lasts = basis.minutes > 0 ? (now.minutes * basis.days) / basis.minutes : 0;
  return [now, { at: Math.min(days, now.at + lasts), minutes: 0 }];
}

/** A step down at the end of each day with planned sessions. */
function sessionLine(
  { plan, sessions, today }: BurnDownFigures,
  now: LeftPoint,
  days: number,
): { line: LeftPoint[]; marks: LeftPoint[] } {
  const ahead = sessions.filter(
    ({ plannedOn }) => today <= plannedOn && plan.startsOn <= plannedOn && plannedOn <= plan.endsOn,
  );
  if (ahead.length === 0) return { line: [], marks: [] };
  const minutesOn = new Map<Day, number>();
  for (const { plannedOn, minutes } of ahead) minutesOn.set(plannedOn, (minutesOn.get(plannedOn) ?? 0) + minutes);
  let { minutes } = now;
  const line = [now];
  const marks: LeftPoint[] = [];
  for (const [day, planned] of [...minutesOn].sort(([one], [other]) => (one < other ? -1 : 1))) {
    // A session of today lies on the end of today, where the line begins.
    const at = endOf(plan, day);
    line.push({ at, minutes });
    minutes = Math.max(0, minutes - planned);
    line.push({ at, minutes });
    marks.push({ at, minutes });
  }
  line.push({ at: days, minutes });
  return { line: withoutRepeats(line), marks };
}
