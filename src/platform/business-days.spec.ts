import { lastBusinessDayBefore } from './business-days.js';

const weekend = { kind: 'weekend' };
const holiday = (name: string) => ({ kind: 'public', name });

test.each([
  // Without a country, only Saturday and Sunday are days off.
  ['2027-01-30', 'JP', 'ja', '2027-01-29', weekend],
  ['2027-01-31', null, 'en', '2027-01-29', weekend],
  ['2027-07-19', null, 'en', undefined, undefined],
  // A holiday on the Monday after a weekend.
  ['2027-07-19', 'JP', 'ja', '2027-07-16', holiday('海の日')],
  ['2027-07-19', 'JP', 'en', '2027-07-16', holiday('Marine Day')],
  ['2027-07-19', 'US', 'en', undefined, undefined],
  // Several holidays in a row: Golden Week of 2027 begins on Monday, 3 May.
  ['2027-05-05', 'JP', 'ja', '2027-04-30', holiday('こどもの日')],
  // Around the new year, when the banks of Japan are closed too.
  ['2027-01-03', 'JP', 'ja', '2026-12-30', weekend],
  ['2027-12-31', 'JP', 'ja', '2027-12-30', { kind: 'bank', name: '大晦日' }],
  ['2027-01-01', 'US', 'en', '2026-12-31', holiday("New Year's Day")],
  // In Saudi Arabia, Friday belongs to the weekend, and Sunday does not.
  ['2027-01-29', 'SA', 'en', '2027-01-28', weekend],
  ['2027-01-31', 'SA', 'en', undefined, undefined],
  // A business day, and a country without known holidays.
  ['2027-01-29', 'JP', 'ja', undefined, undefined],
  ['2027-01-29', 'AQ', 'en', undefined, undefined],
] as const)(
  'the last business day before %s, if that is a day off in %s (%s): %s',
  (day, country, language, before, reason) => {
    expect(lastBusinessDayBefore(day, country, language)).toEqual(before && { day: before, reason });
  },
);
