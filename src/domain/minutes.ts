/** Amounts of time are whole minutes. All divisions of minutes are here, and use integers only. */

export const minutesPerHour = 60;

export function floorDivide(dividend: number, divisor: number): number {
  const rest = dividend % divisor;
  return (dividend - rest) / divisor - (rest < 0 ? 1 : 0);
}

export function ceilDivide(dividend: number, divisor: number): number {
  return floorDivide(dividend + divisor - 1, divisor);
}

/** `percent` of the minutes, rounded down: 25 % of 8,633 is 2,158. */
export function percentOf(minutes: number, percent: number): number {
  return floorDivide(minutes * percent, 100);
}

/** Minutes as decimal hours with two places, the half rounded away from zero: 75 is `1.25`, 20 is `0.33`, −20 is `-0.33`. */
export function hoursText(minutes: number): string {
  return hundredthsText(hundredthsOfHours(minutes));
}

/**
 * A column of decimal hours that adds up: each printed value is the difference between the rounded totals after and before
 * it, so the values sum to the printed total. Three times 20 minutes are `0.33`, `0.34`, `0.33`, together `1.00`.
 */
export function hoursColumn(): (minutes: number) => string {
  const column = hoursByGroup();
  return (minutes) => column.print('', minutes);
}

/**
 * Columns of decimal hours, one for each group: the amounts of a group add up as in `hoursColumn`, even if rows of other
 * groups come between them. `total` is the sum of all printed values, so it can differ by some hundredths from the rounded
 * sum of minutes.
 */
export function hoursByGroup(): { print(group: string, minutes: number): string; total(): string } {
  // Three minutes are exactly five hundredths of an hour, so rounding needs only the remainder of a division by three.
  const restMinutes = new Map<string, number>();
  let totalHundredths = 0;
  return {
    print(group, minutes) {
      const before = restMinutes.get(group) ?? 0;
      const after = before + minutes;
      const rest = after % 3;
      if (rest !== 0) restMinutes.set(group, rest);
      else if (before !== 0) restMinutes.delete(group);
      const hundredths = hundredthsOfHours(after) - hundredthsOfHours(before);
      totalHundredths += hundredths;
      return hundredthsText(hundredths);
    },
    total: () => hundredthsText(totalHundredths),
  };
}

function hundredthsOfHours(minutes: number): number {
  const hundredths = floorDivide(Math.abs(minutes) * 100 + minutesPerHour / 2, minutesPerHour);
  return minutes < 0 ? -hundredths : hundredths;
}

function hundredthsText(hundredths: number): string {
  const digits = String(Math.abs(hundredths)).padStart(3, '0');
  return `${hundredths < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
