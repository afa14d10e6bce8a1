import fc from 'fast-check';
import { ceilDivide, floorDivide, hoursByGroup, hoursColumn, hoursText, percentOf } from './minutes.js';

describe('division of whole minutes', () => {
  it.each([
    [7, 2, 3, 4],
    [6, 2, 3, 3],
    [0, 5, 0, 0],
    [-7, 2, -4, -3],
    [-6, 2, -3, -3],
  ])('%i ÷ %i is %i rounded down and %i rounded up', (dividend, divisor, down, up) => {
    expect(floorDivide(dividend, divisor)).toBe(down);
    expect(ceilDivide(dividend, divisor)).toBe(up);
  });

  it('is exact for all safe integers', () => {
    const dividends = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
    fc.assert(
      fc.property(dividends, fc.integer({ min: 1, max: 100_000 }), (dividend, divisor) => {
        const exact = BigInt(dividend) / BigInt(divisor);
        const below = BigInt(dividend) < exact * BigInt(divisor) ? exact - 1n : exact;
        expect(BigInt(floorDivide(dividend, divisor))).toBe(below);
      }),
    );
  });

  it.each([
    [8633, 25, 2158],
    [5760, 0, 0],
    [96_000, 25, 24_000],
    [3, 25, 0],
  ])('for %i minutes, %i %% is %i', (minutes, percent, expected) => {
    expect(percentOf(minutes, percent)).toBe(expected);
  });
});

describe('decimal hours', () => {
  it.each([
    [0, '0.00'],
    [1, '0.02'],
    [20, '0.33'],
    [75, '1.25'],
    [5760, '96.00'],
    [96_001, '1600.02'],
    [-20, '-0.33'],
    [-75, '-1.25'],
  ])('%i minutes are %s', (minutes, expected) => {
    expect(hoursText(minutes)).toBe(expected);
  });

  it('add up to their total in a column', () => {
    const hours = hoursColumn();
    expect([20, 20, 20].map(hours)).toEqual(['0.33', '0.34', '0.33']);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100_000, max: 100_000 })), (amounts) => {
        const hundredths = amounts.map(hoursColumn()).reduce((sum, text) => sum + Math.round(Number(text) * 100), 0);
        const total = hoursText(amounts.reduce((sum, minutes) => sum + minutes, 0));
        expect(hundredths).toBe(Math.round(Number(total) * 100));
      }),
    );
  });

  it('add up to each group’s rounded total in any order, and to the printed grand total', () => {
    const rows = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -100_000, max: 100_000 })));
    fc.assert(
      fc.property(rows, (amounts) => {
        const { print, total } = hoursByGroup();
        const printed = amounts.map(([group, minutes]) => [group, hundredths(print(group, minutes))] as const);
        for (const asked of ['a', 'b', 'c']) {
          const minutes = sumOf(amounts.filter(([group]) => group === asked).map(([, amount]) => amount));
          const sum = sumOf(printed.filter(([group]) => group === asked).map(([, amount]) => amount));
          expect(sum).toBe(hundredths(hoursText(minutes)));
        }
        expect(sumOf(printed.map(([, amount]) => amount))).toBe(hundredths(total()));
      }),
    );
  });

  const hundredths = (text: string): number => Math.round(Number(text) * 100) || 0;
  const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
});
