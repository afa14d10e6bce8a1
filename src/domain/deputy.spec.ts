import fc from 'fast-check';
import { addDays } from './calendar.js';
import { deputiesAt, deputyViolations, standsIn, type Deputyship, type NamedDeputy } from './deputy.js';

const users = new Map([
  ['A', { role: 'csm', active: true }],
  ['B', { role: 'csm', active: true }],
  ['C', { role: 'csm', active: true }],
  ['gone', { role: 'csm', active: false }],
  ['admin', { role: 'admin', active: true }],
  ['finance', { role: 'finance', active: true }],
] as const);

const august = { csmId: 'A', today: '2026-08-01' };
const to = (userId: string, from: string, until: string): NamedDeputy => ({ userId, from, to: until });
const of = (csmId: string, userId: string, from: string, until: string): Deputyship => ({
  csmId,
  ...to(userId, from, until),
});

describe('the list of deputies of the CSM A on 2026-08-01 (§13)', () => {
  // prettier-ignore
  test.each<[string, NamedDeputy[], Deputyship[], string[]]>([
    ['is empty',                           [], [], []],
    ['names one deputy',                   [to('B', '2026-08-01', '2026-08-15')], [], []],
    ['names two on the same days',         [to('B', '2026-08-01', '2026-08-15'), to('C', '2026-08-10', '2026-08-12')], [], []],
    ['names one deputy twice, apart',      [to('B', '2026-08-01', '2026-08-05'), to('B', '2026-08-06', '2026-08-09')], [], []],
    ['names one for today alone',          [to('B', '2026-08-01', '2026-08-01')], [], []],
    ['names one who began earlier',        [to('B', '2026-07-01', '2026-08-01')], [], []],
    ['names the CSM',                      [to('A', '2026-08-01', '2026-08-15')], [], ['deputy-is-csm /deputies/0/userId']],
    ['names an administrator',             [to('admin', '2026-08-01', '2026-08-15')], [], ['deputy-not-a-csm /deputies/0/userId']],
    ['names a finance clerk',              [to('finance', '2026-08-01', '2026-08-15')], [], ['deputy-not-a-csm /deputies/0/userId']],
    ['names nobody known',                 [to('nobody', '2026-08-01', '2026-08-15')], [], ['deputy-not-a-csm /deputies/0/userId']],
    ['names an inactive user',             [to('gone', '2026-08-01', '2026-08-15')], [], ['user-inactive /deputies/0/userId']],
    ['has the days the wrong way round',   [to('B', '2026-08-15', '2026-08-14')], [], ['deputy-days-reversed /deputies/0/from']],
    ['ends yesterday',                     [to('B', '2026-07-01', '2026-07-31')], [], ['deputy-days-past /deputies/0/to']],
    ['names one deputy twice on a day',    [to('B', '2026-08-01', '2026-08-05'), to('B', '2026-08-05', '2026-08-09')], [], ['deputy-days-overlap /deputies/1/from']],
    ['has two faults',                     [to('A', '2026-08-01', '2026-08-02'), to('B', '2026-08-03', '2026-08-02')], [], ['deputy-is-csm /deputies/0/userId', 'deputy-days-reversed /deputies/1/from']],
    ['closes a circle of two on one day',  [to('B', '2026-08-01', '2026-08-15')], [of('B', 'A', '2026-08-15', '2026-08-31')], ['deputy-circle /deputies/0/userId']],
    ['follows a circle of two a day later', [to('B', '2026-08-01', '2026-08-14')], [of('B', 'A', '2026-08-15', '2026-08-31')], []],
    ['closes a circle of three',           [to('B', '2026-08-01', '2026-08-31')], [of('B', 'C', '2026-08-10', '2026-08-20'), of('C', 'A', '2026-08-20', '2026-08-25')], ['deputy-circle /deputies/0/userId']],
    ['is part of three on different days', [to('B', '2026-08-01', '2026-08-31')], [of('B', 'C', '2026-08-10', '2026-08-19'), of('C', 'A', '2026-08-20', '2026-08-25')], []],
    ['joins a chain without a circle',     [to('B', '2026-08-01', '2026-08-31')], [of('B', 'C', '2026-08-01', '2026-08-31')], []],
  ])('%s', (_, deputies, others, expected) => {
    const found = deputyViolations(august, deputies, users, others);
    expect(found.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expected);
  });

  test('a circle names its first day', () => {
    const others = [of('B', 'C', '2026-08-10', '2026-08-20'), of('C', 'A', '2026-08-18', '2026-08-25')];
    const [found] = deputyViolations(august, [to('B', '2026-08-01', '2026-08-31')], users, others);
    expect(found!.params).toEqual({ id: 'B', day: '2026-08-18' });
  });
});

describe('a deputy stands in from midnight to midnight in the zone of the CSM', () => {
  const days = { from: '2026-08-10', to: '2026-08-15' };
  // prettier-ignore
  test.each([
    ['Asia/Tokyo',          '2026-08-09T14:59:59.999Z', false],
    ['Asia/Tokyo',          '2026-08-09T15:00:00Z',     true],
    ['Asia/Tokyo',          '2026-08-15T14:59:59.999Z', true],
    ['Asia/Tokyo',          '2026-08-15T15:00:00Z',     false],
    ['America/Los_Angeles', '2026-08-10T06:59:59.999Z', false],
    ['America/Los_Angeles', '2026-08-10T07:00:00Z',     true],
    ['America/Los_Angeles', '2026-08-16T06:59:59.999Z', true],
    ['America/Los_Angeles', '2026-08-16T07:00:00Z',     false],
  ])('%s at %s: %s', (timeZone, instant, expected) => {
    expect(standsIn(days, timeZone, new Date(instant))).toBe(expected);
    expect(deputiesAt([{ userId: 'B', ...days }], timeZone, new Date(instant))).toHaveLength(expected ? 1 : 0);
  });
});

test('two lists of days of one deputy name the deputy once', () => {
  const twice = [
    to('B', '2026-08-01', '2026-08-05'),
    to('B', '2026-08-03', '2026-08-09'),
    to('C', '2026-08-04', '2026-08-04'),
  ];
  const names = deputiesAt(twice, 'UTC', new Date('2026-08-04T12:00:00Z')).map(({ userId }) => userId);
  expect(names).toEqual(['B', 'C']);
});

/** The days of a list in a random year, by their numbers. */
const someDays = fc.record({ first: fc.integer({ min: 0, max: 20 }), count: fc.integer({ min: 0, max: 20 }) });
const someEdge = fc.record({
  csm: fc.integer({ min: 0, max: 4 }),
  deputy: fc.integer({ min: 0, max: 4 }),
  days: someDays,
});
const dayOf = (number: number): string => addDays('2026-08-01', number);

test('if every accepted list is stored, no day ever has a circle, and a refused deputy would close one', () => {
  const csms = new Map(['0', '1', '2', '3', '4'].map((id) => [id, { role: 'csm', active: true } as const]));
  fc.assert(
    fc.property(fc.array(someEdge, { maxLength: 12 }), (edges) => {
      const stored: Deputyship[] = [];
      for (const { csm, deputy, days } of edges) {
        if (csm === deputy) continue;
        const wanted = of(String(csm), String(deputy), dayOf(days.first), dayOf(days.first + days.count));
        const others = stored.filter(({ csmId }) => csmId !== wanted.csmId);
        const found = deputyViolations({ csmId: wanted.csmId, today: '2026-08-01' }, [wanted], csms, others);
        expect(found.some(({ code }) => code === 'deputy-circle')).toBe(hasCircle([...others, wanted]));
        if (found.length === 0) stored.push(wanted);
      }
      expect(hasCircle(stored)).toBe(false);
    }),
  );
});

/** Tries every day and removes users without a deputy until only circles are left. */
function hasCircle(deputies: readonly Deputyship[]): boolean {
  for (let number = 0; number <= 40; number++) {
    let rest = deputies.filter(({ from, to: until }) => from <= dayOf(number) && dayOf(number) <= until);
    for (let before = -1; before !== rest.length;) {
      before = rest.length;
      rest = rest.filter(({ userId }) => rest.some(({ csmId }) => csmId === userId));
    }
    if (rest.length > 0) return true;
  }
  return false;
}
