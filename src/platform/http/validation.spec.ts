import 'reflect-metadata';
import { ArrayMinSize, ArrayUnique, IsHexColor, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import {
  IsDay,
  IsDayOrInstant,
  IsId,
  IsInstant,
  IsMonth,
  IsName,
  IsNotBefore,
  IsNullable,
  IsObjectOf,
  IsText,
  QueryBoolean,
  QueryInt,
} from './fields.js';
import { check, compile } from './validation.js';

class Part {
  @IsInt()
  @Min(1)
  minutes!: number;
}

class Base {
  @IsOptional()
  @IsText({ max: 5 })
  note?: string;

  @IsOptional()
  @IsName({ max: 5 })
  name?: string;
}

class Whole extends Base {
  @IsDay()
  day!: string;

  @IsOptional()
  @IsNullable()
  @IsInstant()
  at?: string | null;

  @IsOptional()
  @IsMonth()
  month?: string;

  @IsOptional()
  @IsId({ each: true })
  @ArrayMinSize(1)
  @ArrayUnique()
  ids?: string[];

  @IsOptional()
  @IsObjectOf(() => Part, { each: true })
  parts?: Part[];

  @IsOptional()
  @IsObjectOf(() => Part)
  part?: Part;

  @IsOptional()
  @IsIn(['a', 'b'])
  choice?: string;
}

class Query {
  @IsOptional()
  @QueryInt()
  @Min(1)
  @Max(9)
  limit?: number;

  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;
}

const day = '2026-04-01';
const id = '01981b2c-0000-7000-8000-00000000000a';

/** The faults as `pointer code`, in order. */
const faults = (dto: new () => object, value: unknown): string[] => {
  const checked = check(dto, value);
  return 'errors' in checked ? checked.errors.map(({ pointer, code }) => `${pointer} ${code}`) : [];
};

// prettier-ignore
test.each<[unknown, string[]]>([
  [{ day },                                      []],
  [{ day, note: 'five!', at: null },             []],
  [{ day, at: '2026-04-01T09:00:00+09:00' },     []],
  [{ day, month: '2026-12', ids: [id] },         []],
  [{ day, parts: [], part: { minutes: 1 } },     []],
  [{},                                           ['/day required']],
  [{ day: null },                                ['/day not-null']],
  [{ day: 20260401 },                            ['/day string']],
  [{ day: '2026-02-29' },                        ['/day day']],
  [{ day: '2026-4-1' },                          ['/day day']],
  [{ day, at: '2026-04-01T09:00:00' },           ['/at instant']],
  [{ day, at: '2026-02-30T09:00:00Z' },          ['/at instant']],
  [{ day, month: '2026-13' },                    ['/month month']],
  [{ day, note: '' },                            ['/note blank']],
  [{ day, note: 'six...' },                      ['/note too-long']],
  [{ day, note: 'a\u0000' },                     ['/note unprintable']],
  [{ day, note: null },                          ['/note not-null']],
  [{ day, note: 'a\n\u200b' },                    []],
  [{ day, note: 'a\r\nb\r\nc' },                  []],
  [{ day, note: '\r\n' },                         ['/note blank']],
  [{ day, name: 'a\nb' },                         ['/name one-line']],
  [{ day, name: 'a\u2029b' },                     ['/name one-line']],
  [{ day, name: 'a\u200b' },                      ['/name deceptive']],
  [{ day, name: 'six...' },                      ['/name too-long']],
  [{ day, name: '      \n      ' },              ['/name too-long']],
  [{ day, name: ' ' },                           ['/name blank']],
  [{ day, name: 5 },                             ['/name string']],
  [{ day, ids: id },                             ['/ids array']],
  [{ day, ids: [] },                             ['/ids too-few']],
  [{ day, ids: [id, 'x', null, 7] },             ['/ids/1 id', '/ids/2 not-null', '/ids/3 string']],
  [{ day, ids: [id, id.toUpperCase()] },         ['/ids repeated']],
  [{ day, parts: [{ minutes: 1 }, { minutes: 0 }, 1] }, ['/parts/1/minutes min', '/parts/2 object']],
  [{ day, part: { minutes: 1.5, 'x/~': 1 } },    ['/part/minutes integer', '/part/x~1~0 unknown']],
  [{ day, part: { minutes: 1e21 } },             ['/part/minutes integer']],
  [{ day, part: { minutes: '1' } },              ['/part/minutes number']],
  [{ day, choice: 'c' },                         ['/choice one']],
  [{ day, constructor: 1 },                      ['/constructor unknown']],
  ['text',                                       [' object']],
])('%j has these faults: %j', (value, expected) => {
  expect(faults(Whole, value)).toEqual(expected);
});

test('ids become lower case, and other text stays as it was sent', () => {
  const value = { day, ids: [id.toUpperCase()], note: ' a ' };
  expect(check(Whole, value)).toEqual({ value: { day, ids: [id], note: ' a ' } });
});

test('each line end of a text becomes a line feed', () => {
  expect(check(Whole, { day, note: 'a\r\nb\rc' })).toEqual({ value: { day, note: 'a\nb\nc' } });
});

test('the text of a query becomes a number or a boolean', () => {
  expect(check(Query, { limit: '7', dryRun: 'false' })).toEqual({ value: { limit: 7, dryRun: false } });
  expect(faults(Query, { limit: '10', dryRun: '1' })).toEqual(['/limit max', '/dryRun boolean']);
  expect(faults(Query, { limit: '1e1' })).toEqual(['/limit number']);
  expect(faults(Query, { limit: ['1', '2'] })).toEqual(['/limit number']);
});

class Range {
  @IsOptional()
  @IsDayOrInstant()
  from?: string;

  @IsOptional()
  @IsNullable()
  @IsDayOrInstant()
  @IsNotBefore('from')
  to?: string | null;
}

class Months {
  @IsOptional()
  @IsMonth()
  @IsNotBefore('first')
  last?: string;

  @IsMonth()
  first!: string;
}

class Ranges {
  @IsObjectOf(() => Range, { each: true })
  ranges!: Range[];
}

// prettier-ignore
test.each<[new () => object, unknown, string[]]>([
  [Range,  { from: '2026-03-01', to: '2026-02-28' },                                        ['/to not-before']],
  [Range,  { from: '2026-03-01', to: '2026-03-01' },                                        []],
  [Range,  { from: '2026-03-01' },                                                          []],
  [Range,  { from: '2026-03-01', to: null },                                                []],
  [Range,  { to: '2026-03-01' },                                                            []],
  [Range,  { from: '2026-03-01T00:00:00+09:00', to: '2026-02-28T15:00:00Z' },               []],
  [Range,  { from: '2026-03-01T00:00:00+09:00', to: '2026-02-28T14:59:59.999Z' },           ['/to not-before']],
  [Range,  { from: '2026-03-01T00:00:00Z', to: '2026-03-01T08:00:00+09:00' },               ['/to not-before']],
  [Range,  { from: '2026-03-01', to: '2026-02-28T23:00:00Z' },                              []],
  [Range,  { from: '2026-03-01', to: '2026-02-30' },                                        ['/to day-or-instant']],
  [Range,  { from: ['2026-03-01'], to: '2026-02-28' },                                      ['/from string']],
  [Months, { first: '2026-03', last: '2026-02' },                                           ['/last not-before']],
  [Months, { first: '2026-03', last: '2026-03' },                                           []],
  [Ranges, { ranges: [{}, { from: '2026-03-01', to: '2026-02-28' }] },                      ['/ranges/1/to not-before']],
])('as a %p, %j has these faults: %j', (dto, value, expected) => {
  expect(faults(dto, value)).toEqual(expected);
});

test('a decorator that the checks do not know is an error at the start', () => {
  class Coloured {
    @IsHexColor()
    colour!: string;
  }
  expect(() => compile(Coloured)).toThrow('Coloured.colour: the decorator isHexColor has no reading');
});
