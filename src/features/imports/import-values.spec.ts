import {
  readActivity,
  readDay,
  readDelivery,
  readHours,
  readMinutes,
  readSeconds,
  readSeverity,
  readText,
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
  ['令和8年4月1日', undefined],
  ['', undefined],
])('the day %j is %j', (text, day) => {
  expect([readDay(text), readDay(text)]).toEqual([day, day]);
});

test.each([
  ['90', 90],
  ['９０', 90],
  ['007', 7],
  ['1000000', 1_000_000],
  ['1000001', undefined],
  ['0', undefined],
  ['-5', undefined],
  ['1,200', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['ninety', undefined],
])('%j minutes are %j', (text, minutes) => {
  expect(readMinutes(text)).toBe(minutes);
});

test.each([
  ['1.5', 90],
  ['１．５', 90],
  ['2', 120],
  ['0.25', 15],
  ['0.025', 2],
  ['0.175', 11],
  ['0.33', 20],
  ['1.666666667', 100],
  ['1:30', 90],
  ['01:30:00', 90],
  ['0:00:30', 1],
  ['0:00:29', undefined],
  ['0:59:59', 60],
  ['100:00', 6_000],
  ['1.333333333333333', 80],
  ['0.0749999999999999999', 4],
  ['1:5', undefined],
  ['1:60', undefined],
  ['1:30:60', undefined],
  ['1,5', undefined],
  ['1.', undefined],
  ['.5', undefined],
  ['-1.5', undefined],
  ['1h 30m', undefined],
  ['0', undefined],
  ['16667', undefined],
  ['NaN', undefined],
])('%j hours are %j minutes', (text, minutes) => {
  expect(readHours(text)).toBe(minutes);
});

test.each([
  ['5400', 90],
  ['89', 1],
  ['90', 2],
  ['29', undefined],
  ['1.5', undefined],
])('%j seconds are %j minutes', (text, minutes) => {
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
])('the activity %j is %j', (text, activity) => {
  expect(readActivity(text)).toBe(activity);
});

test.each([
  ['onsite', 'onsite'],
  ['On-site', 'onsite'],
  ['訪問支援', 'onsite'],
  ['リモート', 'remote'],
  ['by phone', undefined],
])('the delivery %j is %j', (text, delivery) => {
  expect(readDelivery(text)).toBe(delivery);
});

test.each([
  ['1', 1],
  ['４', 4],
  ['5', undefined],
  ['0', undefined],
  ['high', undefined],
])('the severity %j is %j', (text, severity) => {
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
])('the text %j is %j', (cell, text) => {
  expect(readText(cell)).toBe(text);
});

test('a value is shown by its beginning, and no character is cut in two', () => {
  expect(shortened('short')).toBe('short');
  expect(shortened('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`);
  expect(shortened('😀'.repeat(70))).toBe(`${'😀'.repeat(60)}…`);
});
