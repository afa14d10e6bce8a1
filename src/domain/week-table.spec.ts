import { daysOfWeek } from './week-sheet.js';
import { readWeekTable } from './week-table.js';

const days = daysOfWeek('2026-11-30');
const blank = ['', '', '', '', '', '', ''];

describe('readWeekTable', () => {
  test('reads fields in any order, and ignores other columns', () => {
    const block = [
      ['Mon', 'Customer', 'Total', 'Product line', 'Consultant', 'Activity', 'Delivery', 'Summary', 'Friday'],
      ['1:30', 'Acme KK', '2:30', 'Database', 'Suzuki', 'Health check', 'Onsite', 'Review', '1:00'],
      ['', '', '', '', '', '', '', '', ''],
      ['2', 'Zenith', '2', '', '', 'sleeping', '', '', ''],
    ];
    expect(readWeekTable(block, days)).toEqual([
      {
        customer: 'Acme KK',
        consultant: 'Suzuki',
        productLine: 'Database',
        activity: 'health-check',
        delivery: 'onsite',
        summary: 'Review',
        texts: ['1:30', '', '', '', '1:00', '', ''],
      },
      {
        customer: 'Zenith',
        consultant: '',
        productLine: '',
        activity: undefined,
        delivery: 'remote',
        summary: '',
        texts: ['2', '', '', '', '', '', ''],
      },
    ]);
  });

  test('reads Japanese headings', () => {
    const block = [
      ['お客様', 'コンサルタント', '製品ライン', '作業内容', '提供形態', '作業概要', '月', '日曜日'],
      ['北斗', '鈴木', 'データベース', 'ヘルスチェック', '訪問', '定例', '90分', '30分'],
    ];
    expect(readWeekTable(block, days)).toMatchObject([
      { customer: '北斗', activity: 'health-check', delivery: 'onsite', texts: ['90分', '', '', '', '', '', '30分'] },
    ]);
  });

  // The week of 30 November to 6 December.
  // prettier-ignore
  test.each<[string, number | undefined]>([
    ['2026-11-30',   0],
    ['2026/12/1',    1],
    ['2025-12-01',   undefined],
    ['12月2日(水)',   2],
    ['１２月２日',     2],
    ['Thu 3 Dec',    3],
    ['4 December',   4],
    ['30.11.',       0],
    ['11/30',        0],
    ['12/5',         5],
    ['5.12.',        5],
    ['TUE',          1],
    ['Tues',         undefined],
    ['7 Dec',        undefined],
    ['Total',        undefined],
  ])('the heading “%s” is the day %s', (heading, day) => {
    const read = readWeekTable([['Customer', heading], ['Acme', '1:00']], days);
    const texts = blank.map((_, at) => (at === day ? '1:00' : ''));
    expect(read?.[0]!.texts).toEqual(day === undefined ? undefined : texts);
  });

  test.each<[string, string[][]]>([
    ['nothing', []],
    ['no customer', [['Mon'], ['1:00']]],
    ['no day', [['Customer'], ['Acme']]],
  ])('%s is no table of a week', (_, block) => {
    expect(readWeekTable(block, days)).toBeUndefined();
  });
});
