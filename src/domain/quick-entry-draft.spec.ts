import {
  draftEntry,
  namingWords,
  type BookableSubscription,
  type DraftFields,
  type EntryDraft,
  type UsualFields,
} from './quick-entry-draft.js';
import { readQuickEntry } from './quick-entry.js';

const today = '2026-11-25';

const suzuki = { id: 'suzuki', name: 'Suzuki Ken', email: 'ken.suzuki@vendor.example' };
const sato = { id: 'sato', name: 'Sato Yui', email: 'yui@vendor.example' };
const db = { id: 'db', code: 'DB', name: 'Database' };
const dbx = { id: 'dbx', code: 'DB-X', name: 'Database Extra' };
const net = { id: 'net', code: 'NET', name: 'Network' };

const acme: BookableSubscription = {
  id: 'acme-1',
  customer: 'Acme KK',
  customerCode: 'C-1',
  contractNumber: 'TRM-1',
  package: 'premier',
  timeZone: 'Asia/Tokyo',
  isExact: false,
  consultants: [suzuki, sato],
  productLines: [db, net],
  pairs: [
    { consultantId: 'suzuki', productLineId: 'db' },
    { consultantId: 'sato', productLineId: 'net' },
  ],
  visits: [],
  lastEntry: null,
};
const solo: BookableSubscription = {
  ...acme,
  id: 'solo',
  customer: 'Solo Ltd',
  consultants: [suzuki],
  productLines: [db],
  pairs: [{ consultantId: 'suzuki', productLineId: 'db' }],
};

interface Given {
  candidates?: readonly BookableSubscription[];
  set?: Partial<DraftFields>;
  usual?: UsualFields;
}

function draft(line: string, { candidates = [acme], set = {}, usual = {} }: Given = {}): EntryDraft {
  const reading = readQuickEntry(line, today);
  return draftEntry({ reading, words: namingWords(reading, line), candidates, set, usual, today }, line);
}

/** The fields in short: `consultantId=suzuki (line)`. */
const fieldsOf = ({ fields }: EntryDraft): string[] =>
  Object.entries(fields).map(([field, { value, source }]) => `${field}=${value} (${source})`);

const questionsOf = ({ nameQuestions }: EntryDraft): string[] =>
  nameQuestions.map(({ about, fits, text, choices }) => `${about} ${fits} ${text}: ${choices.join(', ')}`);

test('A full line needs no default', () => {
  const full = draft('acme 1:30 @suzuki #db health-check "Index review" yesterday remote ^CASE-1 !2');
  expect(fieldsOf(full).sort()).toEqual([
    'activity=health-check (line)',
    'consultantId=suzuki (line)',
    'delivery=remote (line)',
    'minutes=90 (line)',
    'productLineId=db (line)',
    'reference=CASE-1 (line)',
    'severity=2 (line)',
    'subscriptionId=acme-1 (line)',
    'summary=Index review (line)',
    'workDate=2026-11-24 (line)',
  ]);
  expect(full).toMatchObject({ missing: [], lineQuestions: [], nameQuestions: [] });
});

test('What has one possibility needs no words', () => {
  expect(fieldsOf(draft('solo 90m', { candidates: [solo] }))).toEqual([
    'subscriptionId=solo (line)',
    'minutes=90 (line)',
    'workDate=2026-11-25 (usual)',
    'delivery=remote (usual)',
    'consultantId=suzuki (only)',
    'productLineId=db (only)',
  ]);
});

test('An empty line knows the only subscription, and what is missing', () => {
  const { fields, missing } = draft('', { candidates: [solo] });
  expect(fields.subscriptionId).toEqual({ value: 'solo', source: 'only' });
  expect(missing).toEqual(['minutes', 'activity', 'summary']);
});

describe('The subscription', () => {
  const second = { ...acme, id: 'acme-2', contractNumber: 'TRM-2', productLines: [dbx], consultants: [sato] };

  test.each<[line: string, found: string | undefined, question: string[]]>([
    ['acme', undefined, ['subscriptionId several acme: acme-1, acme-2']],
    ['acme #net', 'acme-1', []],
    ['acme #extra', 'acme-2', []],
    ['acme @suzuki', 'acme-1', []],
    ['acme @nobody', undefined, ['subscriptionId several acme: acme-1, acme-2']],
    ['', undefined, []],
  ])('of %j is %s', (line, found, questions) => {
    const read = draft(line, { candidates: [acme, second] });
    expect(read.fields.subscriptionId?.value).toBe(found);
    expect(questionsOf(read).filter((text) => text.startsWith('subscriptionId'))).toEqual(questions);
  });

  test('is the one that the words name exactly', () => {
    expect(draft('acme kk', { candidates: [{ ...acme, isExact: true }, second] }).subscription?.id).toBe('acme-1');
  });

  test('is the one that the reader has set', () => {
    const { fields } = draft('acme', { candidates: [acme, second], set: { subscriptionId: 'acme-2' } });
    expect(fields.subscriptionId).toEqual({ value: 'acme-2', source: 'reader' });
  });

  test('of the entry before stays if the line names no other', () => {
    const usual = { subscriptionId: 'acme-2' };
    expect(draft('1:30', { candidates: [acme, second], usual }).fields.subscriptionId).toEqual({
      value: 'acme-2',
      source: 'usual',
    });
    expect(draft('acme', { candidates: [acme, second], usual }).fields.subscriptionId).toBeUndefined();
  });

  test('that no word fits is asked for', () => {
    expect(questionsOf(draft('acne 1h', { candidates: [] }))).toEqual(['subscriptionId none acne: ']);
  });
});

describe('A word that is part of the customer’s name', () => {
  const best = { ...solo, customer: 'Best Buy' };
  const sun = { ...solo, customer: 'Sun Machines' };

  test.each([
    ['best buy 1h', [best], undefined],
    ['buy 1h best-practice', [best], 'best-practice'],
    ['acme 1h best', [acme], 'best-practice'],
    ['best 1h', [], 'best-practice'],
  ])('is no activity: %s', (line, candidates, activity) => {
    expect(draft(line, { candidates }).fields.activity?.value).toBe(activity);
  });

  test('is no day', () => {
    expect(draft('sun 1h', { candidates: [sun] }).fields.workDate).toEqual({ value: today, source: 'usual' });
    expect(draft('acme sun 1h').fields.workDate).toEqual({ value: '2026-11-22', source: 'line' });
  });

  test.each([
    ['acme sun 1h', ['acme']],
    ['sun 1h', ['sun']],
    ['sun health 1h', ['sun', 'health']],
    ['yesterday 1h', []],
  ])('searches for the customer if no other word does: %s', (line, words) => {
    expect(namingWords(readQuickEntry(line, today), line)).toEqual(words);
  });
});

describe('Consultant and product line', () => {
  test.each<[line: string, consultant: string | undefined, productLine: string | undefined]>([
    ['acme @suzuki', 'suzuki', 'db'],
    ['acme #net', 'sato', 'net'],
    ['acme @yui', 'sato', 'net'],
    ['acme @KEN.SUZ', 'suzuki', 'db'],
    ['acme @"Sato Yui"', 'sato', 'net'],
    ['acme #データ', undefined, undefined],
    ['acme', undefined, undefined],
  ])('of %s narrow each other', (line, consultant, productLine) => {
    const { fields } = draft(line);
    expect([fields.consultantId?.value, fields.productLineId?.value]).toEqual([consultant, productLine]);
  });

  test('that fit several are asked for', () => {
    expect(questionsOf(draft('acme @s'))).toEqual(['consultantId several s: suzuki, sato']);
    expect(questionsOf(draft('acme @nobody #db'))).toEqual(['consultantId none nobody: suzuki, sato']);
  });

  test('of an exact name are not asked for', () => {
    const both = { ...acme, productLines: [db, dbx] };
    expect(draft('acme #db', { candidates: [both] }).fields.productLineId?.value).toBe('db');
    expect(questionsOf(draft('acme #dat', { candidates: [both] }))).toEqual(['productLineId several dat: db, dbx']);
  });

  test('are those of the last entry, if the line and the assignments leave a choice', () => {
    const lastEntry = { consultantId: 'sato', productLineId: 'net', activity: 'upgrade', delivery: 'remote' } as const;
    const read = draft('acme 1h', { candidates: [{ ...acme, lastEntry }] });
    expect(fieldsOf(read)).toEqual(
      expect.arrayContaining([
        'consultantId=sato (last-entry)',
        'productLineId=net (only)',
        'activity=upgrade (last-entry)',
      ]),
    );
    expect(draft('acme 1h @suzuki', { candidates: [{ ...acme, lastEntry }] }).fields.productLineId?.value).toBe('db');
  });

  test('of the last entry who are no longer assigned are no default', () => {
    const lastEntry = { consultantId: 'gone', productLineId: 'gone', activity: 'upgrade', delivery: 'remote' } as const;
    expect(draft('acme 1h', { candidates: [{ ...acme, lastEntry }] }).missing).toEqual([
      'consultantId',
      'productLineId',
      'summary',
    ]);
  });

  test('are those of the entry before', () => {
    expect(draft('acme 1h', { usual: { consultantId: 'sato' } }).fields.consultantId?.value).toBe('sato');
  });
});

describe('The visit', () => {
  const visit = (id: string, startsOn: string, endsOn: string, consultantIds = ['suzuki']) => ({
    id,
    startsOn,
    endsOn,
    consultantIds,
    place: 'Osaka',
    status: 'planned' as const,
  });
  const visits = [
    visit('long', '2026-11-24', '2026-11-26'),
    visit('short', '2026-11-26', '2026-11-26'),
    visit('other', '2026-11-24', '2026-11-25', ['sato']),
  ];
  const candidates = [{ ...solo, visits }];

  test.each<[line: string, found: string | undefined, questions: string[]]>([
    ['solo 1h onsite', 'long', []],
    ['solo 1h onsite 2026-11-26', undefined, ['visitId several 2026-11-26: long, short']],
    ['solo 1h onsite 2026-11-20', undefined, ['visitId none 2026-11-20: ']],
    ['solo 1h', undefined, []],
  ])('of %s is %s', (line, found, questions) => {
    const read = draft(line, { candidates });
    expect(read.fields.visitId?.value).toBe(found);
    expect(questionsOf(read)).toEqual(questions);
    expect(read.missing.includes('visitId')).toBe(line.includes('onsite') && found === undefined);
  });

  test('is the one that the reader has set, if it covers the day', () => {
    const line = 'solo 1h onsite 2026-11-26';
    expect(draft(line, { candidates, set: { visitId: 'short' } }).fields.visitId?.value).toBe('short');
    expect(draft('solo 1h onsite', { candidates, set: { visitId: 'short' } }).fields.visitId?.value).toBe('long');
  });
});

describe('What the reader has set', () => {
  test('wins over the line and answers its questions', () => {
    const asked = draft('acme 2');
    expect(asked.lineQuestions).toHaveLength(1);
    expect(asked.missing).toContain('minutes');
    const answered = draft('acme 2', { set: { minutes: 120 } });
    expect(answered).toMatchObject({ lineQuestions: [], fields: { minutes: { value: 120, source: 'reader' } } });
    expect(draft('acme 1:30', { set: { minutes: 30 } }).fields.minutes?.value).toBe(30);
  });

  test('does not apply to another subscription’s consultants', () => {
    expect(draft('acme', { set: { consultantId: 'gone' } }).fields.consultantId).toBeUndefined();
  });

  test('is used for the visit', () => {
    const visits = [
      {
        id: 'v',
        startsOn: today,
        endsOn: today,
        consultantIds: ['suzuki'],
        place: 'Osaka',
        status: 'planned' as const,
      },
    ];
    const read = draft('solo 1h', { candidates: [{ ...solo, visits }], set: { delivery: 'onsite' } });
    expect(read.fields.visitId?.value).toBe('v');
  });
});

test('A question about a part keeps its default away', () => {
  const { fields, lineQuestions } = draft('solo 1h 03/04 技術', { candidates: [{ ...solo, lastEntry: null }] });
  expect(fields.workDate).toBeUndefined();
  expect(fields.activity).toBeUndefined();
  expect(lineQuestions.map(({ about }) => about)).toEqual(['workDate', 'activity']);
});
