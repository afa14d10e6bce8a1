import fc from 'fast-check';
import { readQuickEntry, type PartName, type QuickEntryParts, type QuickEntryReading } from './quick-entry.js';

/** A Wednesday. */
const today = '2026-11-25';

type Values = { -readonly [Name in PartName]?: QuickEntryParts[Name] };

/** The values of a reading, without their places. */
const valuesOf = ({ parts }: QuickEntryReading): Values =>
  Object.fromEntries(Object.entries(parts).map(([name, { value }]) => [name, value]));

const wordsOf = ({ words }: QuickEntryReading): string => words.map(({ value }) => value).join(' ');

/** A question in short: its part, its reason and the possible values. */
const questionsOf = ({ questions }: QuickEntryReading): string[] =>
  questions.map(({ about, reason, answers }) => `${about} ${reason}: ${answers.map(({ value }) => value).join(', ')}`);

describe('A line with all parts', () => {
  const line = 'acme 1:30 @suzuki #db health-check "Index review" yesterday onsite ^CASE-123 !2';
  const parts: Values = {
    minutes: 90,
    consultant: 'suzuki',
    productLine: 'db',
    activity: 'health-check',
    summary: 'Index review',
    workDate: '2026-11-24',
    delivery: 'onsite',
    reference: 'CASE-123',
    severity: 2,
  };

  test('is read without a question', () => {
    const reading = readQuickEntry(line, today);
    expect(valuesOf(reading)).toEqual(parts);
    expect(wordsOf(reading)).toBe('acme');
    expect(reading.questions).toEqual([]);
  });

  test('is read alike in any order', () => {
    const pieces = [
      'acme',
      '1:30',
      '@suzuki',
      '#db',
      'health-check',
      '"Index review"',
      'yesterday',
      'onsite',
      '^CASE-123',
      '!2',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(pieces, { minLength: pieces.length }), (shuffled) => {
        const reading = readQuickEntry(shuffled.join(' '), today);
        expect(valuesOf(reading)).toEqual(parts);
        expect(wordsOf(reading)).toBe('acme');
      }),
    );
  });

  test('is read in Japanese, with full-width characters', () => {
    const reading = readQuickEntry(
      'アクメ　１時間３０分　＠鈴木　＃ＤＢ　ヘルスチェック「索引の見直し」昨日　訪問　＾ＣＡＳＥ－１　！２',
      today,
    );
    expect(valuesOf(reading)).toEqual({
      ...parts,
      consultant: '鈴木',
      productLine: 'ＤＢ',
      summary: '索引の見直し',
      reference: 'ＣＡＳＥ－１',
    });
    expect(wordsOf(reading)).toBe('アクメ');
  });

  test('gives each part its place', () => {
    const { words, parts: read } = readQuickEntry(line, today);
    const texts = Object.fromEntries(Object.entries(read).map(([name, { from, to }]) => [name, line.slice(from, to)]));
    expect(texts).toEqual({
      minutes: '1:30',
      consultant: '@suzuki',
      productLine: '#db',
      activity: 'health-check',
      summary: '"Index review"',
      workDate: 'yesterday',
      delivery: 'onsite',
      reference: '^CASE-123',
      severity: '!2',
    });
    expect(words.map(({ from, to }) => line.slice(from, to))).toEqual(['acme']);
  });
});

describe('A duration', () => {
  test.each<[text: string, minutes: number]>([
    ['90m', 90],
    ['90M', 90],
    ['90min', 90],
    ['90 min', 90],
    ['90 minutes', 90],
    ['90分', 90],
    ['９０分', 90],
    ['90 分', 90],
    ['90', 90],
    ['９０', 90],
    ['32', 32],
    ['45', 45],
    ['1440', 1440],
    ['1h', 60],
    ['2 hours', 120],
    ['1.5h', 90],
    ['1,5h', 90],
    ['1.5 h', 90],
    ['1.5', 90],
    ['1,5', 90],
    ['１．５', 90],
    ['.5h', 30],
    ['0.1h', 6],
    ['1.33h', 80],
    ['1.25', 75],
    ['1h30', 90],
    ['1h30m', 90],
    ['1h5', 65],
    ['1h 30m', 90],
    ['1hr 30min', 90],
    ['1:30', 90],
    ['１：３０', 90],
    ['0:45', 45],
    ['12:05', 725],
    ['1時間', 60],
    ['１時間３０分', 90],
    ['1時間 30分', 90],
    ['1時間半', 90],
    ['1.5時間', 90],
    ['8h', 480],
    ['2m', 2],
  ])('%s is %d minutes', (text, minutes) => {
    const reading = readQuickEntry(`acme ${text} @suzuki`, today);
    expect(valuesOf(reading)).toEqual({ minutes, consultant: 'suzuki' });
    expect(reading.questions).toEqual([]);
    expect(wordsOf(reading)).toBe('acme');
  });

  test.each([
    ['2', 'minutes bare-number: 2, 120, 2026-11-02'],
    ['８', 'minutes bare-number: 8, 480, 2026-11-08'],
    ['24', 'minutes bare-number: 24, 1440, 2026-11-24'],
    ['30', 'minutes bare-number: 30, 2026-10-30'],
    ['2 yesterday', 'minutes bare-number: 2, 120'],
    ['1,500', 'minutes thousands: 90, 1500'],
    ['1:30 2h', 'minutes several: 90, 120'],
    ['90 45', 'minutes several: 90, 45'],
  ])('%s is asked: %s', (text, question) => {
    const reading = readQuickEntry(`acme ${text}`, today);
    expect(questionsOf(reading)).toEqual([question]);
    expect(reading.parts.minutes).toBeUndefined();
    expect(wordsOf(reading)).toBe('acme');
  });

  test.each(['0', '0h', '7.5m', '0:00', '007', '1:75', '10023', '1500', 'h', 'min', '-5m', '1..5', '8:15-9:45'])(
    '%s is none',
    (text) => {
      const reading = readQuickEntry(text, today);
      expect(reading).toMatchObject({ parts: {}, questions: [] });
      expect(wordsOf(reading)).toBe(text);
    },
  );

  test('of equal value twice is no question', () => {
    expect(valuesOf(readQuickEntry('1:30 90m', today))).toEqual({ minutes: 90 });
  });
});

describe('A number without a unit', () => {
  test.each<[line: string, values: Values, words: string]>([
    ['acme 25 1:30', { minutes: 90, workDate: '2026-11-25' }, 'acme'],
    ['acme 25 90', { minutes: 90, workDate: '2026-11-25' }, 'acme'],
    ['acme 26 90', { minutes: 90, workDate: '2026-10-26' }, 'acme'],
    ['acme 2 1h', { minutes: 60, workDate: '2026-11-02' }, 'acme'],
    ['acme 30 today', { minutes: 30, workDate: today }, 'acme'],
    ['acme 400 1h', { minutes: 60 }, 'acme 400'],
    ['acme 8 1h today', { minutes: 60, workDate: today }, 'acme 8'],
  ])('in %s takes the meaning that is left', (line, values, words) => {
    const reading = readQuickEntry(line, today);
    expect(valuesOf(reading)).toEqual(values);
    expect(wordsOf(reading)).toBe(words);
    expect(reading.questions).toEqual([]);
  });
});

describe('A day', () => {
  test.each([
    ['today', '2026-11-25'],
    ['今日', '2026-11-25'],
    ['本日', '2026-11-25'],
    ['yesterday', '2026-11-24'],
    ['昨日', '2026-11-24'],
    ['おととい', '2026-11-23'],
    ['tomorrow', '2026-11-26'],
    ['wed', '2026-11-25'],
    ['Mon', '2026-11-23'],
    ['monday', '2026-11-23'],
    ['thu', '2026-11-19'],
    ['月曜', '2026-11-23'],
    ['木曜日', '2026-11-19'],
    ['25th', '2026-11-25'],
    ['26日', '2026-10-26'],
    ['31日', '2026-10-31'],
    ['11-25', '2026-11-25'],
    ['11/26', '2025-11-26'],
    ['25/11', '2026-11-25'],
    ['25.11.', '2026-11-25'],
    ['04/04', '2026-04-04'],
    ['29.2.', '2024-02-29'],
    ['11月25日', '2026-11-25'],
    ['１１月２５日', '2026-11-25'],
    ['25nov', '2026-11-25'],
    ['nov-25', '2026-11-25'],
    ['3apr', '2026-04-03'],
    ['2026-11-25', '2026-11-25'],
    ['2026/11/5', '2026-11-05'],
    ['2026年11月5日', '2026-11-05'],
    ['25/11/2026', '2026-11-25'],
    ['11/25/2026', '2026-11-25'],
    ['5.11.2026', '2026-11-05'],
    ['5.11.26', '2026-11-05'],
  ])('%s is %s', (text, workDate) => {
    const reading = readQuickEntry(`acme 1:30 ${text}`, today);
    expect(valuesOf(reading)).toEqual({ minutes: 90, workDate });
    expect(reading.questions).toEqual([]);
  });

  test.each([
    ['03/04', 'workDate day-order: 2026-03-04, 2026-04-03'],
    ['03-04', 'workDate day-order: 2026-03-04, 2026-04-03'],
    ['12/11', 'workDate day-order: 2025-12-11, 2026-11-12'],
    ['03/04/2026', 'workDate day-order: 2026-03-04, 2026-04-03'],
    ['10/11/12', 'workDate day-order: 2012-10-11, 2012-11-10, 2010-11-12'],
    ['2026-02-30', 'workDate no-such-day: '],
    ['30.2.', 'workDate no-such-day: '],
    ['32nd', 'workDate no-such-day: '],
    ['mon yesterday', 'workDate several: 2026-11-23, 2026-11-24'],
  ])('%s is asked: %s', (text, question) => {
    const reading = readQuickEntry(`acme 1:30 ${text}`, today);
    expect(questionsOf(reading)).toEqual([question]);
    expect(reading.parts.workDate).toBeUndefined();
  });

  test.each(['13-45', '2026-001', '99/99', 'monty', 'maybe', 'may'])('%s is none', (text) => {
    const reading = readQuickEntry(text, today);
    expect(reading).toMatchObject({ parts: {}, questions: [] });
    expect(wordsOf(reading)).toBe(text);
  });
});

describe('An activity', () => {
  test.each([
    ['health-check', 'health-check'],
    ['Health Check', 'health-check'],
    ['HEALTH', 'health-check'],
    ['gap', 'gap-analysis'],
    ['tech', 'technical-advice'],
    ['Technical advice', 'technical-advice'],
    ['upgrade', 'upgrade'],
    ['enab', 'enablement'],
    ['ヘルスチェック', 'health-check'],
    ['ヘルス', 'health-check'],
    ['技術アドバイス', 'technical-advice'],
    ['技術習得', 'enablement'],
    ['新機能の活用', 'feature-adoption'],
  ])('%s is %s', (text, activity) => {
    const reading = readQuickEntry(`acme 1:30 ${text} today`, today);
    expect(valuesOf(reading)).toMatchObject({ activity });
    expect(wordsOf(reading)).toBe('acme');
  });

  test('is asked for if the text begins several', () => {
    const reading = readQuickEntry('acme 技術', today);
    expect(questionsOf(reading)).toEqual(['activity which-activity: technical-advice, enablement']);
  });

  test('is not read from two letters', () => {
    expect(wordsOf(readQuickEntry('te up', today))).toBe('te up');
  });

  test('in full leaves the beginning of another one to the name', () => {
    const reading = readQuickEntry('best buy 1h health-check', today);
    expect(valuesOf(reading)).toEqual({ minutes: 60, activity: 'health-check' });
    expect(wordsOf(reading)).toBe('best buy');
  });

  test('of two names is asked for', () => {
    expect(questionsOf(readQuickEntry('upgrade enablement', today))).toEqual(['activity several: upgrade, enablement']);
  });
});

describe('A word that could belong to a name', () => {
  test.each(['sun', 'health', 'upgrade', '25 1:30'])('is marked: %s', (line) => {
    const { parts } = readQuickEntry(line, today);
    expect(parts.workDate?.maybeName ?? parts.activity?.maybeName).toBe(true);
  });

  test.each(['yesterday', 'health-check 11-25'])('is not every word: %s', (line) => {
    expect(readQuickEntry(line, today).parts.workDate?.maybeName).toBeUndefined();
  });
});

describe('A summary', () => {
  test.each([
    ['"Index review"', 'Index review'],
    ['＂Index review＂', 'Index review'],
    ['“Index review”', 'Index review'],
    ['「索引の見直し」', '索引の見直し'],
    ['『索引の見直し』', '索引の見直し'],
    ['"2h @home, on #1"', '2h @home, on #1'],
    ['"not closed yet', 'not closed yet'],
    ['"It’s ""fine"""', null],
  ])('%s is %s', (text, summary) => {
    const reading = readQuickEntry(`acme ${text}`, today);
    if (summary === null) expect(questionsOf(reading)[0]).toMatch(/^summary several/);
    else expect(valuesOf(reading)).toEqual({ summary });
  });

  test('that is empty is no part', () => {
    expect(readQuickEntry('""', today)).toEqual({ words: [], parts: {}, questions: [] });
  });
});

describe('A sign', () => {
  test.each<[text: string, values: Values]>([
    ['@"Suzuki Ken"', { consultant: 'Suzuki Ken' }],
    ['@ken@example.com', { consultant: 'ken@example.com' }],
    ['#"Data base"', { productLine: 'Data base' }],
    ['^"CASE 12"', { reference: 'CASE 12' }],
    ['＾12345', { reference: '12345' }],
    ['!4', { severity: 4 }],
    ['@', {}],
    ['# ^', {}],
  ])('%s is read', (text, values) => {
    const reading = readQuickEntry(text, today);
    expect(valuesOf(reading)).toEqual(values);
    expect(reading).toMatchObject({ words: [], questions: [] });
  });

  test.each([
    ['!5', 'severity which-severity: 1, 2, 3, 4'],
    ['!', 'severity which-severity: 1, 2, 3, 4'],
    ['@ken @suzuki', 'consultant several: ken, suzuki'],
  ])('%s is asked: %s', (text, question) => {
    expect(questionsOf(readQuickEntry(text, today))).toEqual([question]);
  });
});

describe('A delivery', () => {
  test.each([
    ['onsite', 'onsite'],
    ['On-site', 'onsite'],
    ['訪問', 'onsite'],
    ['remote', 'remote'],
    ['リモート', 'remote'],
  ])('%s is %s', (text, delivery) => {
    expect(valuesOf(readQuickEntry(text, today))).toEqual({ delivery });
  });
});

describe('An answer', () => {
  test.each([
    ['acme 2 @ken', ['acme 2m @ken', 'acme 2h @ken', 'acme 2026-11-02 @ken']],
    ['acme 03/04 1h', ['acme 2026-03-04 1h', 'acme 2026-04-03 1h']],
    ['acme 1:30 today 2h', ['acme 1:30 today', 'acme today 2h']],
    ['!5 acme', ['!1 acme', '!2 acme', '!3 acme', '!4 acme']],
    ['acme 技術 1h', ['acme technical-advice 1h', 'acme enablement 1h']],
  ])('to %s stands in the line', (line, lines) => {
    expect(
      readQuickEntry(line, today).questions.flatMap(({ answers }) => answers.map((answer) => answer.line)),
    ).toEqual(lines);
  });

  const piece = fc.constantFrom(
    'acme',
    '2',
    '8',
    '25',
    '31',
    '90',
    '400',
    '1:30',
    '2h',
    '1,500',
    '1.33h',
    '03/04',
    '10/11/12',
    'mon',
    'sun',
    'yesterday',
    '@ken',
    '@suzuki',
    '#db',
    '!',
    '!7',
    '^A-1',
    '技術',
    'health',
    'upgrade',
    'best',
    '"Index"',
    '「索引」',
    'onsite',
    'リモート',
  );
  const anyLine = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(' '));

  test('settles the question with its value, and the questions come to an end', () => {
    fc.assert(
      fc.property(anyLine, fc.nat(), (drawn, choice) => {
        let line = drawn;
        for (let asked = 0; ; asked += 1) {
          expect(asked).toBeLessThan(20);
          const question = readQuickEntry(line, today).questions.find(({ answers }) => answers.length > 0);
          if (!question) break;
          const answer = question.answers[choice % question.answers.length]!;
          line = answer.line;
          const { parts, questions } = readQuickEntry(line, today);
          const settled = parts[answer.part]?.value;
          const isOpen = questions.some(({ about }) => about === answer.part);
          if (!isOpen) expect(settled).toBe(answer.value);
        }
      }),
    );
  });
});

describe('Any text', () => {
  test('is read without an error, and no character is read twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (line) => {
        const { words, parts, questions } = readQuickEntry(line, today);
        const spans = [...words, ...Object.values(parts)].sort((one, other) => one.from - other.from);
        for (const [at, span] of spans.entries()) {
          expect(span.to).toBeGreaterThan(span.from);
          if (at > 0) expect(span.from).toBeGreaterThanOrEqual(spans[at - 1]!.to);
        }
        for (const { from, to, text } of questions) expect(line.slice(from, to)).toBe(text);
      }),
    );
  });
});
