import { balanceRows, forecastRow } from './usage-blocks.js';
import type { KeptForecast } from './usage-facts.js';

describe('the forecast in a mail or a statement', () => {
  const soon: KeptForecast = { exhaustedOn: '2027-02-09', expiringMinutes: 0 };
  const early: KeptForecast = { exhaustedOn: null, expiringMinutes: 600, basis: { days: 13, minutes: 130 } };

  it.each<[string, number, KeptForecast, string, string]>([
    [
      'the day on which the hours run out',
      100,
      { ...soon, basis: { days: 14, minutes: 140 } },
      '2027',
      '使い切る見込みです',
    ],
    ['that day, from stored facts without a basis', 100, soon, '2027', '使い切る見込みです'],
    ['that it is too early after 13 days', 700, early, 'too early to tell after 13 days', '13 日目'],
    [
      'that it is too early on the first day',
      700,
      { ...early, basis: { days: 1, minutes: 60 } },
      'too early to tell after 1 day of',
      '1 日目',
    ],
    ['that all hours are used, also early in the term', 0, early, 'all hours are used', 'すべての時間をご利用済みです'],
  ])('says %s', (_, remainingMinutes, forecast, en, ja) => {
    expect(forecastRow({ forecast, remainingMinutes }, 'en')[1]).toContain(en);
    expect(forecastRow({ forecast, remainingMinutes }, 'ja')[1]).toContain(ja);
  });
});

describe('the balance in a mail', () => {
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

  it('has a row for hours that were drawn from a later grant, and no row without such hours', () => {
    expect(rowsOf({ drawnAheadMinutes: 240 })).toEqual([['Drawn ahead', '4 hours from hours that were granted later']]);
    expect(rowsOf({ drawnAheadMinutes: 0 })).toEqual([]);
    expect(rowsOf({})).toEqual([]);
  });
});
