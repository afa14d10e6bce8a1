import { Refusal } from '../../../domain/refusal.js';
import type { Stated } from './import-conventions.js';
import { FormCheck } from './import-form.js';
import type { MapName } from './import-maps.js';

const defaults = {
  customer: 'Acme',
  consultant: 'a@b.example',
  productLine: 'ERP',
  activity: 'upgrade',
  delivery: 'remote',
  summary: 'x',
};

/** The conventions that a file shows, or the faults that ask the sender to state them. */
function conventionsOf(columns: string, rows: readonly string[], stated: Stated = {}, map?: MapName): unknown {
  const check = new FormCheck({ encoding: 'utf-8', map, delimiter: 'semicolon', stated, defaults });
  try {
    check.read(Buffer.from([columns, ...rows, ''].join('\n')));
    return check.end().conventions;
  } catch (error) {
    if (!(error instanceof Refusal) || !error.faults) throw error;
    return error.faults.map(({ line, column, code }) => `${line}:${column} ${code}`);
  }
}

/** The conventions of a Kimai export. A row has duration, begin and end. */
const kimai = (rows: readonly string[], stated?: Stated): unknown =>
  conventionsOf(
    'Date;Duration;Begin;End',
    rows.map((row) => `2026-04-01;${row}`),
    stated,
    'kimai',
  );

describe('the unit of durations', () => {
  test.each([
    ['fractions show hours, however long a record is', ['7.5;;', '66;;'], 'hours'],
    ['colons show hours', ['1:30;;', '2;;', '24;;'], 'hours'],
    ['begin and end show seconds', ['5400;15:50;17:20', '14;18:00;18:00'], 'seconds'],
    ['equal begin and end show seconds, not a few hours', ['12;18:00;18:00', '20;9:00;9:00'], 'seconds'],
    ['begin and end show minutes', ['30;10:00;10:30'], 'minutes'],
    ['begin and end show hours', ['8;09:00;17:00'], 'hours'],
    ['begin and end show hours over midnight', ['4;22:00;02:00'], 'hours'],
    ['begin and end with days show seconds', ['90;2026-04-01 09:00:00;2026-04-01 09:01:30'], 'seconds'],
    ['a row with a break shows nothing, another row shows hours', ['7;09:00;17:00', '8;09:00;17:00'], 'hours'],
    ['without whole numbers it is hours', ['0:45;;', ';;', '0;;'], 'hours'],
  ])('is found: %s', (_, rows, durations) => {
    expect(kimai(rows)).toMatchObject({ durations });
  });

  test.each([
    ['only whole numbers', ['12;;', '20;;']],
    ['one large whole number', ['5400;;', '30;;']],
    ['a break in every row', ['7;09:00;17:00']],
    ['24 hours or 24 seconds', ['24;18:00;18:00']],
    ['rows that contradict each other', ['8;09:00;17:00', '5400;15:50;17:20']],
    ['fractions beside seconds', ['7.5;;', '5400;15:50;17:20']],
  ])('is not guessed: %s', (_, rows) => {
    expect(kimai(rows)).toEqual([expect.stringMatching(/:2 durations-unclear$/)]);
    for (const durations of ['hours', 'minutes', 'seconds'] as const) {
      expect(kimai(rows, { durations })).toMatchObject({ durations });
    }
  });

  test('cannot be stated in contradiction to the heading', () => {
    expect(conventionsOf('workDate;hours', ['2026-04-01;2'], { durations: 'seconds' })).toEqual([
      '1:2 durations-contradicted',
    ]);
    expect(conventionsOf('workDate;hours', ['2026-04-01;2'], { durations: 'hours' })).toMatchObject({
      durations: 'hours',
    });
  });
});

describe('the decimal mark', () => {
  const hours = (rows: readonly string[], stated?: Stated): unknown =>
    conventionsOf(
      'workDate;hours',
      rows.map((row) => `2026-04-01;${row}`),
      stated,
    );

  test.each([
    [['1.5', '1,5'], 'point'],
    [['1:30', '2'], 'point'],
  ])('of %j is a %s', (rows, decimal) => {
    expect(hours(rows)).toMatchObject({ decimal });
  });

  test('is not guessed if there are only commas', () => {
    expect(hours(['2', '1,5', '0,25'])).toEqual(['3:2 decimal-unclear']);
    expect(hours(['1,5'], { decimal: 'comma' })).toMatchObject({ decimal: 'comma' });
    expect(hours(['1,5'], { decimal: 'point' })).toMatchObject({ decimal: 'point' });
  });
});

describe('the order of day, month and year', () => {
  const days = (rows: readonly string[], stated?: Stated): unknown =>
    conventionsOf(
      'workDate;minutes',
      rows.map((row) => `${row};1`),
      stated,
    );

  test.each([
    [['2026-04-03', '2026/4/3'], 'ymd'],
    [['26.04.2026', '03.04.2026'], 'dmy'],
    [['04/26/2026', '04/03/2026'], 'mdy'],
    [['04/04/2026'], 'ymd'],
    [['2026-04-03', '04/03/2026'], 'ymd'],
  ])('of %j is %s', (rows, dates) => {
    expect(days(rows)).toMatchObject({ dates });
  });

  test.each([[['04/03/2026']], [['04/04/2026', '03.04.2026']], [['26/04/2026', '04/26/2026', '04/03/2026']]])(
    'of %j is not guessed',
    (rows) => {
      expect(days(rows)).toEqual([`${rows.length + 1}:1 dates-unclear`]);
      expect(days(rows, { dates: 'dmy' })).toMatchObject({ dates: 'dmy' });
    },
  );
});
