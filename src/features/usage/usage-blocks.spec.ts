import { balanceRows, forecastRow } from './usage-blocks.js';
import type { KeptForecast } from './usage-facts.js';

describe('what a mail or a statement expects of a term', () => {
  const soon: KeptForecast = { exhaustedOn: '2027-02-09', expiringMinutes: 0 };
  const early: KeptForecast = { exhaustedOn: null, expiringMinutes: 600, basis: { days: 13, minutes: 130 } };

  it.each<[string, number, KeptForecast, string, string]>([
    ['a day', 100, { ...soon, basis: { days: 14, minutes: 140 } }, '2027', '使い切る見込みです'],
    ['a day, from facts that were kept without a basis', 100, soon, '2027', '使い切る見込みです'],
    ['nothing yet, from 13 days', 700, early, 'too early to tell after 13 days', '13 日目'],
    [
      'nothing yet, on the first day',
      700,
      { ...early, basis: { days: 1, minutes: 60 } },
      'too early to tell after 1 day of',
      '1 日目',
    ],
    ['that all is used, however early', 0, early, 'all hours are used', 'すべての時間をご利用済みです'],
  ])('is %s', (_, remainingMinutes, forecast, en, ja) => {
    expect(forecastRow({ forecast, remainingMinutes }, 'en')[1]).toContain(en);
    expect(forecastRow({ forecast, remainingMinutes }, 'ja')[1]).toContain(ja);
  });
});

describe('what a mail says of a balance', () => {
  const figures = {
    on: '2026-09-30',
    grantedMinutes: 5_760,
    usedMinutes: 6_000,
    remainingMinutes: 0,
    pace: { plannedMinutes: 2_880, differenceMinutes: 3_120, status: 'ahead' },
    forecast: { exhaustedOn: '2026-09-30', expiringMinutes: 0 },
  } as const;
  const rowsOf = (drawn: { drawnAheadMinutes?: number }) =>
    balanceRows({ ...figures, ...drawn }, 'en').filter(([label]) => label === 'Drawn ahead');

  it('names what was drawn from a later grant, and nothing where nothing was', () => {
    expect(rowsOf({ drawnAheadMinutes: 240 })).toEqual([['Drawn ahead', '4 hours from hours that were granted later']]);
    expect(rowsOf({ drawnAheadMinutes: 0 })).toEqual([]);
    expect(rowsOf({})).toEqual([]);
  });
});
