import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import IntlMessageFormat from 'intl-messageformat';
import { parse } from 'yaml';
import { packageCodes, readPackages } from './package.js';
import { Refusal, refuseByRules, statusOf, wordsOf, type RefusalParams, type Violation } from './refusal.js';
import { refusals, type RefusalCode } from './refusals.js';

const codes = Object.keys(refusals) as RefusalCode[];
const table = readPackages(parse(readFileSync(join(__dirname, '../../config/packages.yaml'), 'utf8')));

/** The names in a sentence, in alphabetical order. */
function namesIn(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)(?=[,}])/g)].map(([, name]) => name!))].sort();
}

function say(sentence: string, language: 'en' | 'ja', words: RefusalParams): string {
  return String(new IntlMessageFormat(sentence, language, undefined, { ignoreTag: true }).format(words));
}

describe('the table of refusals', () => {
  test.each(codes)('%s has a text in both languages', (code) => {
    const { title, detail } = refusals[code];
    const words = Object.fromEntries(namesIn(detail.en).map((name) => [name, 1]));
    for (const language of ['en', 'ja'] as const) {
      expect(title[language]).not.toBe('');
      expect(namesIn(title[language])).toEqual([]);
      expect(say(detail[language], language, words)).not.toBe('');
    }
  });

  test.each(codes)('%s uses the same parameters in both languages', (code) => {
    const { en, ja } = refusals[code].detail;
    expect(namesIn(ja)).toEqual(namesIn(en));
  });

  test.each(packageCodes)('%s has the name in the package table', (code) => {
    const { name } = table[code][0]!;
    const { detail } = refusals['onsite-not-included'];
    expect(say(detail.en, 'en', { package: code })).toBe(`Onsite work is not included in the ${name.en} package.`);
    expect(say(detail.ja, 'ja', { package: code })).toContain(`パッケージ「${name.ja}」`);
  });

  test('a largest acceptable amount is left out if there is none', () => {
    const words = { minutes: 1, limitMinutes: 1, usedMinutes: 1, remainingMinutes: 0, maxAcceptableMinutes: 0 };
    expect(say(refusals['hours-exhausted'].detail.en, 'en', words)).toMatch(/ No more can be accepted\.$/);
  });

  test('codes are part of an address: lower-case words joined by hyphens', () => {
    expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  });
});

describe('statusOf', () => {
  // The codes that the rule book (§5) and the REST contract name.
  test.each<[number, RefusalCode[]]>([
    [400, ['malformed-body', 'malformed-json', 'invalid-query', 'invalid-cursor', 'idempotency-key-malformed']],
    [401, ['unauthenticated']],
    [403, ['forbidden', 'notice-not-own', 'field-for-staff-only']],
    [404, ['not-found', 'clock-not-simulated', 'job-unknown', 'no-next-package']],
    [405, ['method-not-allowed']],
    [409, ['already-reversed', 'already-withdrawn', 'notice-already-given', 'already-cancelled', 'term-closed']],
    [409, ['period-already-closed', 'idempotency-key-in-use', 'clock-busy', 'job-running']],
    [412, ['etag-stale']],
    [413, ['payload-too-large']],
    [415, ['unsupported-media-type', 'unsupported-content-encoding', 'unsupported-charset']],
    [422, ['term-not-found', 'work-date-in-future', 'late-entry-window-passed', 'period-closed']],
    [422, ['consultant-not-assigned', 'product-line-not-enrolled', 'hours-exhausted', 'allocation-exhausted']],
    [422, ['onsite-not-included', 'visit-required', 'outside-visit', 'onsite-cap-exceeded']],
    [422, ['consultant-day-exceeded', 'ahead-of-pace', 'rules-violated']],
    [422, ['seats-exhausted', 'seat-already-held', 'visits-exhausted', 'visit-outside-term', 'visit-has-entries']],
    [422, ['too-many-consultants', 'too-many-product-lines', 'allocations-exceed-grant', 'allocation-below-used']],
    [
      422,
      [
        'product-line-in-use',
        'product-line-leaving',
        'not-an-upgrade',
        'notice-before-contract',
        'agreement-required',
        'receipt-in-future',
      ],
    ],
    [422, ['idempotency-key-reused', 'clock-backwards', 'reference-unknown', 'customer-unknown']],
    [428, ['etag-required']],
    [429, ['too-many-requests', 'too-many-reports', 'too-many-imports']],
    [431, ['headers-too-large']],
    [500, ['internal-error']],
    [503, ['overloaded', 'reports-busy', 'imports-busy', 'storage-full', 'database-unavailable']],
  ])('%i: %s', (status, listed) => {
    expect(listed.map(statusOf)).toEqual(listed.map(() => status));
  });
});

describe('refuseByRules', () => {
  const hours: Violation = {
    code: 'hours-exhausted',
    params: { minutes: 90 },
    pointer: '/minutes',
    limitMinutes: 5760,
    usedMinutes: 5700,
    remainingMinutes: 60,
    maxAcceptableMinutes: 60,
  };
  const day: Violation = { code: 'consultant-day-exceeded', params: { minutes: 90 }, maxAcceptableMinutes: 30 };
  const future: Violation = { code: 'work-date-in-future' };

  test('a single violation becomes the refusal', () => {
    const refusal = refuseByRules([hours]);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'hours-exhausted', violations: [hours], maxAcceptableMinutes: 60 });
    expect(say(refusals[refusal.code].detail.en, 'en', refusal.params)).toBe(
      'The entry has 90 min, but the term has only 60 min left (5,700 of 5,760 min used). At most 60 min can be accepted.',
    );
  });

  test('for several violations, the refusal gives their number', () => {
    const refusal = refuseByRules([hours, day]);
    expect(refusal).toMatchObject({ code: 'rules-violated', params: { count: 2 }, violations: [hours, day] });
  });

  test.each<[string, Violation[], number | undefined]>([
    ['the smallest of all amounts', [hours, day], 30],
    ['0 is an amount', [hours, { ...day, maxAcceptableMinutes: 0 }], 0],
    ['none if one rule accepts no amount', [hours, future, day], undefined],
    ['none if the only rule accepts no amount', [future], undefined],
  ])('maxAcceptableMinutes: %s', (_, violations, expected) => {
    expect(refuseByRules(violations).maxAcceptableMinutes).toBe(expected);
  });

  test('a call without violations throws', () => {
    expect(() => refuseByRules([])).toThrow('needs a violation');
  });
});

test('wordsOf joins parameters and amounts, and leaves out code and pointer', () => {
  expect(
    wordsOf({ code: 'hours-exhausted', pointer: '/minutes', params: { minutes: 9 }, limitMinutes: 8, usedMinutes: 0 }),
  ).toEqual({ minutes: 9, limitMinutes: 8, usedMinutes: 0 });
});
