import { burnDown, paceOfTerm } from '../../domain/pace.js';
import { sparkPoints } from './spark-line.js';

const plan = paceOfTerm({
  anchor: '2026-04-01',
  number: 0,
  baseMinutes: 11_520,
  additions: [],
  tolerancePercent: 10,
});
const months = burnDown(plan, [
  { workDate: '2026-04-10', minutes: 600 },
  { workDate: '2026-06-02', minutes: 300 },
]);

test('the plan goes from the first to the last day, and the use ends at today', () => {
  const { plan: line, used, usedMinutes, grantedMinutes } = sparkPoints(months, '2026-06-30');
  expect([usedMinutes, grantedMinutes]).toEqual([900, 11_520]);
  expect(line).toHaveLength(13);
  expect([line[0], line.at(-1)]).toEqual([
    { x: 2, y: 30 },
    { x: 118, y: 2 },
  ]);
  expect(used).toHaveLength(4);
  expect(used.at(-1)!.x).toBeCloseTo(2 + (91 / 365) * 116, 0);
});

test('before the term, the use is one point; after it, the use ends with the term', () => {
  expect(sparkPoints(months, '2026-03-01').used).toEqual([{ x: 2, y: 30 }]);
  const { used } = sparkPoints(months, '2027-05-01');
  expect(used).toHaveLength(13);
  expect(used.at(-1)!.x).toBe(118);
});

test('use beyond the grant stays within the picture', () => {
  const much = burnDown(plan, [{ workDate: '2026-04-10', minutes: 20_000 }]);
  const { used } = sparkPoints(much, '2026-05-15');
  expect(Math.min(...used.map(({ y }) => y))).toBe(2);
});
