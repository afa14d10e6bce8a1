import {
  accountingMonth,
  monthAfter,
  monthsThrough,
  monthsToClose,
  monthsToReopen,
  runningMonth,
  tooEarlyToClose,
} from './period.js';

describe('the accounting month (§12)', () => {
  it.each([
    ['2026-07-10', null, '2026-07', null],
    ['2026-07-10', '2026-06', '2026-07', null],
    ['2026-07-10', '2026-07', '2026-08', '2026-07'],
    ['2026-12-31', '2026-12', '2027-01', '2026-12'],
    ['2026-05-01', '2028-02', '2028-03', '2026-05'],
  ])('%s with months closed through %s counts in %s', (workDate, closedThrough, month, adjusts) => {
    expect(accountingMonth(workDate, closedThrough)).toEqual({ accountingMonth: month, adjustsMonth: adjusts });
  });
});

describe('a month can be closed once it is over in the house time zone (§12)', () => {
  it.each([
    // Tokyo is 9 hours ahead of UTC. Kiritimati, where August begins first, is 14 hours ahead.
    ['2026-07-31T10:00:00Z', 'Asia/Tokyo', '2026-07'],
    ['2026-07-31T14:59:59Z', 'Asia/Tokyo', '2026-07'],
    ['2026-07-31T15:00:00Z', 'Asia/Tokyo', '2026-08'],
    ['2026-08-01T06:59:59Z', 'America/Los_Angeles', '2026-07'],
    ['2026-12-31T15:00:00Z', 'Asia/Tokyo', '2027-01'],
  ])('at %s in %s the running month is %s', (now, zone, month) => {
    expect(runningMonth(new Date(now), zone)).toBe(month);
  });

  it.each([
    ['2026-07', false, undefined],
    ['2026-07', true, undefined],
    ['2026-08', false, 'period-not-over'],
    ['2026-08', true, undefined],
    ['2026-09', false, 'period-not-begun'],
    ['2026-09', true, 'period-not-begun'],
  ])('while August 2026 runs, %s (early: %s): %s', (month, early, refused) => {
    expect(tooEarlyToClose(month, '2026-08', early)).toBe(refused);
  });
});

test('the month after December is January of the next year', () => {
  expect(monthAfter('2026-12')).toBe('2027-01');
  expect(monthsThrough('2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
  expect(monthsThrough('2026-11', '2026-11')).toEqual(['2026-11']);
  expect(monthsThrough('2026-11', '2026-10')).toEqual([]);
});

describe('closing a month closes all before it (§12)', () => {
  it.each([
    ['2026-04', '2026-02', '2025-12', '2026-03 2026-04'],
    ['2026-03', '2026-02', '2025-12', '2026-03'],
    ['2026-02', null, '2025-12', '2025-12 2026-01 2026-02'],
    ['2026-02', null, '2026-02', '2026-02'],
    // Nothing counts in this month or before it, so only this month is closed.
    ['2026-02', null, '2026-05', '2026-02'],
    ['2026-02', null, null, '2026-02'],
  ])(
    'closing %s, with months closed through %s and the first entry in %s, closes %s',
    (month, closedThrough, firstMonth, months) => {
      expect(monthsToClose(month, closedThrough, firstMonth).join(' ')).toBe(months);
    },
  );

  test('reopening a month reopens all after it', () => {
    expect(monthsToReopen('2026-02', ['2026-01', '2026-02', '2026-03'])).toEqual(['2026-02', '2026-03']);
  });
});
