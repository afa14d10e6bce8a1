import { allocationSum } from './allocation-sum.js';

test.each<[string, [minutes: number, worked: number][], number, number[]]>([
  ['nothing allocated', [], 0, [0, 0, 1_000]],
  ['work within an allocation', [[600, 100]], 0, [600, 0, 400]],
  ['work beyond an allocation', [[600, 700]], 0, [600, 100, 300]],
  ['an allocation of nothing draws on the unallocated minutes', [[0, 90]], 0, [0, 90, 910]],
  ['work of a pair that has left', [[600, 100]], 50, [600, 50, 350]],
  [
    'more than granted',
    [
      [800, 0],
      [300, 0],
    ],
    0,
    [1_100, 0, -100],
  ],
])('%s', (_, rows, elsewhere, expected) => {
  const sum = allocationSum(
    1_000,
    rows.map(([minutes, worked]) => ({ minutes, worked })),
    elsewhere,
  );
  expect([sum.allocatedMinutes, sum.beyondMinutes, sum.unallocatedMinutes]).toEqual(expected);
  expect(sum.allocatedMinutes + sum.beyondMinutes + sum.unallocatedMinutes).toBe(1_000);
});
