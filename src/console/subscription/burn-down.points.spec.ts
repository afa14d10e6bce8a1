import { addDays } from '../../domain/calendar.js';
import { paceOfTerm, type Forecast } from '../../domain/pace.js';
import { burnDownPoints, type BurnDownFigures, type LeftPoint } from './burn-down.points.js';

// Basic from 2026-04-01 to 2027-03-31: 365 days, 5,760 minutes. Moments are days from the begin of the first day.

const forecast: Forecast = { exhaustedOn: null, expiringMinutes: 2_000, basis: { days: 90, minutes: 900 } };

function drawn(given: Partial<BurnDownFigures> = {}) {
  const steps = given.steps ?? [];
  const plan = paceOfTerm({
    anchor: '2026-04-01',
    number: 0,
    baseMinutes: 5_760,
    additions: steps.map(({ on, minutes }) => ({ effectiveOn: on, extraMinutes: minutes })),
    tolerancePercent: 10,
  });
  const figures = { steps: [], used: [], expiredMinutes: 0, sessions: [], forecast, today: '2026-04-10' };
  return burnDownPoints({ ...figures, plan, ...given });
}

const texts = (line: readonly LeftPoint[]): string[] => line.map(({ at, minutes }) => `${at}: ${minutes}`);

const leftCases: [name: string, given: Partial<BurnDownFigures>, expected: string[]][] = [
  ['nothing used', {}, ['0: 5760', '10: 5760']],
  ['before the first day', { today: '2026-03-20' }, ['0: 5760']],
  ['use of the first day', { used: [{ workDate: '2026-04-01', minutes: 60 }] }, ['0: 5760', '1: 5700', '10: 5700']],
  [
    'two days of use, in any order',
    {
      used: [
        { workDate: '2026-04-05', minutes: 120 },
        { workDate: '2026-04-03', minutes: 60 },
      ],
    },
    ['0: 5760', '2: 5760', '3: 5700', '4: 5700', '5: 5580', '10: 5580'],
  ],
  [
    'a reversal that leaves no use on a day',
    { used: [{ workDate: '2026-04-05', minutes: 0 }] },
    ['0: 5760', '4: 5760', '10: 5760'],
  ],
  [
    'an addition and use on the same day',
    {
      steps: [{ on: '2026-04-05', minutes: 600, kind: 'supplement' }],
      used: [{ workDate: '2026-04-05', minutes: 60 }],
    },
    ['0: 5760', '4: 5760', '4: 6360', '5: 6300', '10: 6300'],
  ],
  ['use after today is not seen', { used: [{ workDate: '2026-04-20', minutes: 60 }] }, ['0: 5760', '10: 5760']],
  [
    'work logged ahead of a later upgrade',
    { used: [{ workDate: '2026-04-02', minutes: 5_800 }] },
    ['0: 5760', '1: 5760', '2: 0', '10: 0'],
  ],
  [
    'a closed term',
    { today: '2027-04-05', used: [{ workDate: '2027-03-31', minutes: 760 }], expiredMinutes: 5_000 },
    ['0: 5760', '364: 5760', '365: 5000', '365: 0'],
  ],
];

test.each(leftCases)('left: %s', (_, given, expected) => {
  expect(texts(drawn(given).left)).toEqual(expected);
});

test('the plan falls evenly to nothing at the end of the term', () => {
  const { plan } = drawn();
  expect(texts(plan).slice(0, 3)).toEqual(['0: 5760', '30: 5280', '61: 4800']);
  expect(plan.at(-1)).toEqual({ at: 365, minutes: 0 });
});

test('the plan jumps where minutes are added, and falls to nothing all the same', () => {
  const { plan } = drawn({ steps: [{ on: '2026-10-01', minutes: 2_873, kind: 'upgrade' }] });
  const at = plan.findIndex(({ at }) => at === 183);
  expect(texts(plan.slice(at, at + 2))).toEqual(['183: 2880', '183: 5753']);
  expect(plan.at(-1)).toEqual({ at: 365, minutes: 0 });
});

test('minutes that are added on the first day raise the begin of the plan', () => {
  const { plan } = drawn({ steps: [{ on: '2026-04-01', minutes: 600, kind: 'goodwill' }] });
  expect(texts(plan).slice(0, 2)).toEqual(['0: 5760', '0: 6360']);
});

const forecastCases: [name: string, given: Partial<BurnDownFigures>, expected: string[]][] = [
  ['what expires', {}, ['10: 5760', '365: 2000']],
  [
    'the hours run out',
    { forecast: { exhaustedOn: '2026-10-29', expiringMinutes: 0, basis: { days: 10, minutes: 288 } } },
    ['10: 5760', '210: 0'],
  ],
  ['on the last day', { today: '2027-03-31' }, []],
  ['after the term', { today: '2027-04-01' }, []],
];

test.each(forecastCases)('forecast: %s', (_, given, expected) => {
  expect(texts(drawn(given).forecast)).toEqual(expected);
});

test('planned sessions are steps of one line, those of a day together, and overdue ones do not count', () => {
  const sessions = [
    { plannedOn: '2026-05-01', minutes: 120 },
    { plannedOn: '2026-04-20', minutes: 60 },
    { plannedOn: '2026-04-20', minutes: 30 },
    { plannedOn: '2026-04-09', minutes: 600 },
  ];
  const { planned, sessions: marks } = drawn({ sessions });
  expect(texts(planned)).toEqual(['10: 5760', '20: 5760', '20: 5670', '31: 5670', '31: 5550', '365: 5550']);
  expect(texts(marks)).toEqual(['20: 5670', '31: 5550']);
});

test('a step names its kind, its day, and what was left after it', () => {
  const { steps, mostMinutes } = drawn({ steps: [{ on: '2026-04-05', minutes: 600, kind: 'supplement' }] });
  expect(steps).toEqual([{ at: 4, minutes: 6_360, addedMinutes: 600, kind: 'supplement', on: '2026-04-05' }]);
  expect(mostMinutes).toBeGreaterThanOrEqual(6_360);
});

test.each([
  ['2026-03-31', undefined],
  ['2026-04-01', 1],
  ['2027-03-31', 365],
  ['2027-04-01', undefined],
])('today %s is marked at %p', (today, expected) => {
  expect(drawn({ today }).today).toBe(expected);
});

test('no line leaves the frame', () => {
  const used = Array.from({ length: 100 }, (_, at) => ({ workDate: addDays('2026-04-01', at), minutes: 50 }));
  const { mostMinutes, days, ...lines } = drawn({ used, today: '2026-09-30' });
  for (const { at, minutes } of [...lines.plan, ...lines.left, ...lines.forecast]) {
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThanOrEqual(days);
    expect(minutes).toBeGreaterThanOrEqual(0);
    expect(minutes).toBeLessThanOrEqual(mostMinutes);
  }
});
