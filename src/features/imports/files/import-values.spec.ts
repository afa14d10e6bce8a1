import {
  ordersOf,
  readActivity,
  readDay,
  readDelivery,
  readHours,
  readMinutes,
  readSeconds,
  readSeverity,
  readText,
  readTimeOfDay,
  shortened,
} from './import-values.js';

test.each([
  ['2026-04-01', '2026-04-01'],
  [' 2026-04-01 ', '2026-04-01'],
  ['2026/4/1', '2026-04-01'],
  ['2026/04/01', '2026-04-01'],
  ['２０２６／４／１', '2026-04-01'],
  ['2026/2/30', undefined],
  ['2026-4-1', undefined],
  ['2026/2-3', undefined],
  ['1/4/2026', undefined],
  ['04/01/2026', undefined],
  ['01.04.2026', undefined],
  ['20260401', undefined],
  ['46113', undefined],
  ['2026-04-01T00:00:00Z', undefined],
  ['2026-04-01 09:30:00', '2026-04-01'],
  ['2026-04-01T09:30', '2026-04-01'],
  ['令和8年4月1日', undefined],
  ['', undefined],
])('the day %j is read as %j', (text, day) => {
  expect([readDay(text), readDay(text)]).toEqual([day, day]);
});

test.each([
  ['30.4.2026', 'dmy', '2026-04-30'],
  ['30/04/2026', 'dmy', '2026-04-30'],
  ['30-04-2026', 'dmy', '2026-04-30'],
  ['04/03/2026', 'dmy', '2026-03-04'],
  ['04/03/2026', 'mdy', '2026-04-03'],
  ['04/03/2026 11:00', 'mdy', '2026-04-03'],
  ['2026-04-03', 'mdy', '2026-04-03'],
  ['30/04/2026', 'mdy', undefined],
  ['30/04-2026', 'dmy', undefined],
  ['30.4.26', 'dmy', undefined],
  ['04/03/2026', 'ymd', undefined],
] as const)('the day %j in the order %s is read as %j', (text, order, day) => {
  expect([readDay(text, order), readDay(text, order)]).toEqual([day, day]);
});

test.each([
  ['04/03/2026', ['dmy', 'mdy']],
  ['26/04/2026', ['dmy']],
  ['04/26/2026', ['mdy']],
  ['04/04/2026', []],
  ['26/26/2026', []],
  ['2026-04-03', []],
])('the day %j can be in the orders %j', (text, orders) => {
  expect(ordersOf(text)).toEqual(orders);
});

test.each([
  ['9:05', 32_700],
  ['09:05:30', 32_730],
  ['2026-04-01 09:05', 32_700],
  ['9:05 AM', 32_700],
  ['12:00 AM', 0],
  ['11:00:00 PM', 82_800],
  ['', undefined],
  ['09.05', undefined],
])('the time %j is read as %j seconds after midnight', (text, seconds) => {
  expect(readTimeOfDay(text)).toBe(seconds);
});

test.each([
  ['90', 90],
  ['９０', 90],
  ['007', 7],
  ['1000001', 1_000_001],
  ['0', 0],
  ['100000000', undefined],
  ['-5', undefined],
  ['1,200', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['ninety', undefined],
])('the minutes %j are read as %j', (text, minutes) => {
  expect(readMinutes(text)).toBe(minutes);
});

test.each([
  ['1.5', 90],
  ['１．５', 90],
  ['2', 120],
  ['0.25', 15],
  ['0.025', 1.5],
  ['0.175', 10.5],
  ['0.33', 19.8],
  ['1.666666667', 100.00000002],
  ['1:30', 90],
  ['01:30:00', 90],
  ['0:00:30', 0.5],
  ['0:00:00', 0],
  ['100:00', 6_000],
  ['1.333333333333333', 79.99999999998],
  ['22:40 min', 22 + 40 / 60],
  ['18 min', 18],
  ['50 sec', 50 / 60],
  ['1:10:30', 70.5],
  ['1:5', undefined],
  ['1:60', undefined],
  ['1:30:60', undefined],
  ['1,5', undefined],
  ['1.', undefined],
  ['.5', undefined],
  ['-1.5', undefined],
  ['1h 30m', undefined],
  ['22:60 min', undefined],
  ['0', 0],
  ['100000', undefined],
  ['NaN', undefined],
])('the hours %j are read as %j minutes', (text, minutes) => {
  expect(readHours(text)).toBe(minutes);
});

test.each([
  ['2,25', 135],
  ['0,5', 30],
  ['3', 180],
  ['1:30', 90],
  ['2.25', undefined],
  ['1.234,5', undefined],
])('with a decimal comma, the hours %j are read as %j minutes', (text, minutes) => {
  expect(readHours(text, 'comma')).toBe(minutes);
});

test.each([
  ['5400', 90],
  ['90', 1.5],
  ['0', 0],
  ['1.5', undefined],
])('the seconds %j are read as %j minutes', (text, minutes) => {
  expect(readSeconds(text)).toBe(minutes);
});

test.each([
  ['health-check', 'health-check'],
  ['Health check', 'health-check'],
  ['HEALTH_CHECK', 'health-check'],
  ['ヘルスチェック', 'health-check'],
  ['ﾍﾙｽﾁｪｯｸ', 'health-check'],
  ['meeting', undefined],
  ['', undefined],
])('the activity %j is read as %j', (text, activity) => {
  expect(readActivity(text)).toBe(activity);
});

test.each([
  ['onsite', 'onsite'],
  ['On-site', 'onsite'],
  ['訪問支援', 'onsite'],
  ['リモート', 'remote'],
  ['by phone', undefined],
])('the delivery %j is read as %j', (text, delivery) => {
  expect(readDelivery(text)).toBe(delivery);
});

test.each([
  ['1', 1],
  ['４', 4],
  ['5', undefined],
  ['0', undefined],
  ['high', undefined],
])('the severity %j is read as %j', (text, severity) => {
  expect(readSeverity(text)).toBe(severity);
});

test.each([
  ["'=1+1", '=1+1'],
  ["'＝1+1", '＝1+1'],
  ["'-5", '-5'],
  ["'@here", '@here'],
  ["'\tindented", '\tindented'],
  ["'quoted'", "'quoted'"],
  ["''=1", "''=1"],
  ['=1+1', '=1+1'],
  ['two\r\nlines', 'two\nlines'],
])('the text %j is read as %j', (cell, text) => {
  expect(readText(cell)).toBe(text);
});

test('a long value is shortened, and no character is cut in two', () => {
  expect(shortened('short')).toBe('short');
  expect(shortened('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`);
  expect(shortened('😀'.repeat(70))).toBe(`${'😀'.repeat(60)}…`);
});
