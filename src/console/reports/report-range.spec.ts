import { daysOfRange, type ReportRange } from './report-range.js';

const today = '2026-05-20';

describe('the days of a range, on 20 May 2026', () => {
  // prettier-ignore
  test.each<[range: ReportRange, fiscalYearStartMonth: number, from: string | undefined, to: string | undefined]>([
    ['previous-month',        4, '2026-04-01', '2026-04-30'],
    ['this-month',            4, '2026-05-01', '2026-05-31'],
    ['this-quarter',          4, '2026-04-01', '2026-06-30'],
    ['this-quarter',          1, '2026-04-01', '2026-06-30'],
    ['this-quarter',          2, '2026-05-01', '2026-07-31'],
    ['this-quarter',         12, '2026-03-01', '2026-05-31'],
    ['previous-quarter',      4, '2026-01-01', '2026-03-31'],
    ['previous-quarter',      2, '2026-02-01', '2026-04-30'],
    ['fiscal-year-to-date',   4, '2026-04-01', '2026-05-31'],
    ['fiscal-year-to-date',   6, '2025-06-01', '2026-05-31'],
    ['previous-fiscal-year',  4, '2025-04-01', '2026-03-31'],
    ['coming-three-months',   4, '2026-05-01', '2026-07-31'],
    ['everything',            4, undefined,    undefined],
  ])('%s with fiscal years from month %i are %s to %s', (range, fiscalYearStartMonth, from, to) => {
    expect(daysOfRange(range, today, fiscalYearStartMonth)).toEqual(from === undefined ? {} : { from, to });
  });

  test('custom are the typed days', () => {
    const typed = { from: '2026-01-02', to: '2026-01-03' };
    expect(daysOfRange('custom', today, 4, typed)).toEqual(typed);
  });
});
