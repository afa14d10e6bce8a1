import type { HoursState } from './hours-state.js';
import { hoursSentence, plannedSentence } from './hours-state.js';

type Balance = HoursState['balance'];

const balance: Balance = {
  asOf: '2026-12-31',
  grantedMinutes: 11_520,
  remainingMinutes: 2_490,
  expiredMinutes: 0,
  forecast: { exhaustedOn: null, expiringMinutes: 720, basis: { days: 90, minutes: 1_800 } },
};
const state: HoursState = { status: 'active', startsOn: '2026-04-01', endsOn: '2027-03-31', balance };

const forecast = (more: Partial<Balance['forecast']>): Partial<Balance> => ({
  forecast: { ...balance.forecast, ...more },
});

const cases: [name: string, more: Partial<Balance>, en: string, ja: string][] = [
  [
    'hours that will expire',
    {},
    '[41 h 30] left until 31 March 2027; at this pace 12 h will expire.',
    '残り[41時間30分]（2027年3月31日まで）。現在のペースでは、12時間が失効する見込みです。',
  ],
  [
    'hours that run out',
    forecast({ exhaustedOn: '2027-02-03', expiringMinutes: 0 }),
    '[41 h 30] left until 31 March 2027; at this pace they are used up on 3 February 2027.',
    '残り[41時間30分]（2027年3月31日まで）。現在のペースでは、2027年2月3日に使い切る見込みです。',
  ],
  [
    'hours that suffice to the end',
    forecast({ expiringMinutes: 0 }),
    '[41 h 30] left until 31 March 2027; at this pace they are used by then.',
    '残り[41時間30分]（2027年3月31日まで）。現在のペースでは、期間内に使い切る見込みです。',
  ],
  [
    'a term that has just begun',
    forecast({ basis: { days: 3, minutes: 0 } }),
    '[41 h 30] left until 31 March 2027; it is too early for a forecast.',
    '残り[41時間30分]（2027年3月31日まで）。期間が始まったばかりのため、見込みはまだ算出できません。',
  ],
  [
    'no hours left',
    { remainingMinutes: 0 },
    'All 192 h until 31 March 2027 are used.',
    '2027年3月31日までの192時間は、すべてご利用済みです。',
  ],
  [
    'a term that has not begun',
    { asOf: '2026-03-20' },
    '[192 h] from 1 April 2026.',
    '2026年4月1日から[192時間]をご利用いただけます。',
  ],
];

const text = ({ before, number, after }: ReturnType<typeof hoursSentence>): string =>
  number === '' ? before : `${before}[${number}]${after}`;

test.each(cases)('the sentence about %s says what is left, and sets its number apart', (_, more, en, ja) => {
  const shown = { ...state, balance: { ...balance, ...more } };
  expect(text(hoursSentence(shown, 'en'))).toBe(en);
  expect(text(hoursSentence(shown, 'ja'))).toBe(ja);
});

test('a subscription that has ended says when', () => {
  expect(text(hoursSentence({ ...state, status: 'ended' }, 'en'))).toBe('This subscription ended on 31 March 2027.');
});

test('planned sessions have a sentence of their own', () => {
  expect(plannedSentence(state, 'en')).toBeUndefined();
  const planned = (expiringMinutes: number): HoursState => ({
    ...state,
    balance: { ...balance, ...forecast({ planned: { plannedMinutes: 480, expiringMinutes, exhaustedOn: null } }) },
  });
  expect(plannedSentence(planned(2_010), 'en')).toBe(
    'If the planned sessions take place (8 h) and nothing else does, 33 h 30 will expire.',
  );
  expect(plannedSentence(planned(0), 'ja')).toBe('予定されている作業（8時間）で、残りの時間をすべて使い切ります。');
});
