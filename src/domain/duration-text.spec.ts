import fc from 'fast-check';
import { durationText, meaningsOf, readDuration, type DurationRead, type PlainUnit } from './duration-text.js';

describe('readDuration', () => {
  // prettier-ignore
  test.each<[string, number]>([
    ['90m',          90],
    ['90 min',       90],
    ['90 minutes',   90],
    ['90分',         90],
    ['９０分',        90],
    ['90分間',       90],
    ['5m',            5],
    ['1h',           60],
    ['1 hour',       60],
    ['8h',          480],
    ['1h30',         90],
    ['1h30m',        90],
    ['1 h 30 min',   90],
    ['1H5',          65],
    ['1:30',         90],
    ['１：３０',       90],
    ['0:45',         45],
    ['12:00',       720],
    ['1:30:00',      90],
    ['1時間',         60],
    ['1時間30分',     90],
    ['１時間３０分',   90],
    ['1時間30',       90],
    ['1時間半',       90],
    ['1.5時間',       90],
    ['1.5',          90],
    ['1,5',          90],
    ['１．５',        90],
    ['.5',           30],
    ['0.25',         15],
    ['1.5h',         90],
    ['1,5 h',        90],
    ['2.0',         120],
    ['0.33',         20],
    ['1.67',        100],
    ['1.333333333333333', 80],
    ['0',             0],
    ['0:00',          0],
    ['0h',            0],
    [' 1:30 ',       90],
    // A day has 24 hours, so these can only be minutes.
    ['25',           25],
    ['90',           90],
  ])('reads %s as %i minutes', (text, minutes) => {
    expect(readDuration(text)).toEqual({ minutes });
  });

  test.each(['1', '2', '8', '15', '24', '８', '08'])('does not guess whether %s is hours or minutes', (text) => {
    expect(readDuration(text)).toEqual({ ambiguous: Number(text.normalize('NFKC')) });
  });

  // prettier-ignore
  test.each<[string, PlainUnit, DurationRead]>([
    ['8',    'hours',   { minutes: 480 }],
    ['8',    'minutes', { minutes: 8 }],
    ['0',    'hours',   { minutes: 0 }],
    ['90',   'hours',   { minutes: 5_400 }],
    ['90',   'minutes', { minutes: 90 }],
    // The unit of plain numbers changes no text that shows its own.
    ['1.5',  'minutes', { minutes: 90 }],
    ['1:30', 'minutes', { minutes: 90 }],
    ['30m',  'hours',   { minutes: 30 }],
  ])('reads %s, if plain numbers are %s', (text, plain, read) => {
    expect(readDuration(text, plain)).toEqual(read);
  });

  test.each([
    '',
    ' ',
    'x',
    '-1',
    '-1:30',
    '1:60',
    '1:5',
    '1:30:30',
    '1h60',
    '1h90m',
    '1.5m',
    '1.',
    '1.2.3',
    '1,5,0',
    'h',
    ':30',
    '1 2',
    '1e3',
    '٣',
    '1234567',
  ])('cannot read “%s”', (text) => {
    expect(readDuration(text)).toBeUndefined();
  });

  test('reads again what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (minutes) => {
        expect(readDuration(durationText(minutes))).toEqual({ minutes });
      }),
    );
  });

  test('gives each ambiguous number one of its meanings, if the unit is known', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.constantFrom<PlainUnit>('hours', 'minutes'), (number, plain) => {
        expect(readDuration(String(number), plain)).toEqual({ minutes: meaningsOf(number)[plain] });
      }),
    );
  });
});

test.each([
  [0, '0:00'],
  [5, '0:05'],
  [90, '1:30'],
  [1_440, '24:00'],
])('%i minutes are written as %s', (minutes, text) => {
  expect(durationText(minutes)).toBe(text);
});
