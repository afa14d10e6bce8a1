import { minutesPerHour } from '../../domain/minutes.js';

/** Where a burn-down is drawn, in the units of its canvas. The y axis points down. */
interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What decides how far the axes reach. */
interface Hours {
  months: readonly unknown[];
  grantedMinutes: number;
  usedMinutes: number;
}

/** The axes of a burn-down: service months from left to right, hours from bottom to top. */
export function burnDownScale({ months, grantedMinutes, usedMinutes }: Hours, plot: Plot) {
  const mostHours = Math.max(grantedMinutes, usedMinutes) / minutesPerHour;
  const step = axisStep(mostHours);
  const topHours = Math.max(1, Math.ceil(mostHours / step)) * step;
  const x = (month: number): number => plot.left + ((plot.right - plot.left) * month) / months.length;
  return {
    x,
    y: (minutes: number): number => plot.bottom - ((plot.bottom - plot.top) * minutes) / minutesPerHour / topHours,
    monthWidth: x(1) - x(0),
    gridHours: Array.from({ length: topHours / step + 1 }, (_, line) => line * step),
  };
}

/** Steps of 1, 2 or 5 times a power of ten, so that at most five lines lie above zero. */
function axisStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most / 5, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => most / step <= 5)!;
}
