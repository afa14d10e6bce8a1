import fc from 'fast-check';
import {
  cellOf,
  cellText,
  changeOf,
  copiedWeek,
  daysOfWeek,
  planCell,
  weekRows,
  workKey,
  workOf,
  type CellPlan,
  type TypedCell,
  type WeekEntry,
  type WeekWork,
} from './week-sheet.js';

const monday = '2026-11-23';
const work: WeekWork = {
  subscriptionId: 'acme',
  consultantId: 'suzuki',
  productLineId: 'database',
  activity: 'health-check',
  delivery: 'remote',
  visitId: null,
};

/** Entries of the same day, oldest first. */
const entries = (...minutes: number[]): WeekEntry[] =>
  minutes.map((one, nth) => ({
    ...work,
    id: `entry-${nth}`,
    workDate: monday,
    minutes: one,
    summary: `Review ${nth}`,
    recordedAt: new Date(Date.UTC(2026, 10, 23, 9, nth)),
  }));
const cell = (...minutes: number[]) => cellOf(entries(...minutes).toReversed());

const typed = (text: string, change: Partial<TypedCell> = {}): TypedCell => ({
  text,
  shownMinutes: 0,
  summary: 'Index review',
  reason: 'Typed twice',
  plain: undefined,
  ...change,
});

test('a week has seven days from its Monday', () => {
  expect(daysOfWeek('2026-12-28')).toEqual([
    '2026-12-28',
    '2026-12-29',
    '2026-12-30',
    '2026-12-31',
    '2027-01-01',
    '2027-01-02',
    '2027-01-03',
  ]);
});

describe('weekRows', () => {
  test('makes a row of the entries of the same work, with the sum of each day', () => {
    const onsite: WeekWork = { ...work, delivery: 'onsite', visitId: 'visit-1' };
    const booked: WeekEntry[] = [
      ...entries(30, 60),
      { ...entries(45)[0]!, id: 'wednesday', workDate: '2026-11-25' },
      { ...entries(480)[0]!, ...onsite, id: 'onsite' },
    ];
    const rows = weekRows(monday, booked);
    expect(rows.map((row) => row.cells.map(({ minutes }) => minutes))).toEqual([
      [90, 0, 45, 0, 0, 0, 0],
      [480, 0, 0, 0, 0, 0, 0],
    ]);
    expect(rows.map(workOf)).toEqual([work, onsite]);
    expect(rows[0]!.cells[0]!.entries.map(({ id }) => id)).toEqual(['entry-1', 'entry-0']);
    expect(rows[0]!.summary).toBe('Review 1');
  });

  test('keeps all minutes', () => {
    const some = fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: 6 }),
        minutes: fc.integer({ min: 1, max: 1_440 }),
        consultantId: fc.constantFrom('suzuki', 'lee'),
      }),
    );
    fc.assert(
      fc.property(some, (drawn) => {
        const booked = drawn.map(({ day, minutes, consultantId }, nth) => ({
          ...entries(minutes)[0]!,
          id: `entry-${nth}`,
          consultantId,
          workDate: daysOfWeek(monday)[day]!,
        }));
        const sum = weekRows(monday, booked)
          .flatMap(({ cells }) => cells)
          .reduce((total, { minutes }) => total + minutes, 0);
        expect(sum).toBe(booked.reduce((total, { minutes }) => total + minutes, 0));
      }),
    );
  });
});

describe('planCell', () => {
  const refused = (problem: object): object => ({ kind: 'refuse', problem });

  // prettier-ignore
  test.each<[string, TypedCell, number[], object]>([
    ['a blank cell stays blank',              typed(''),                                           [],       { kind: 'keep' }],
    ['a blank cell keeps what is booked',     typed(' ', { shownMinutes: 90 }),                    [90],     { kind: 'keep' }],
    ['zero in an empty cell',                 typed('0'),                                          [],       { kind: 'keep' }],
    ['the booked sum',                        typed('1:30', { shownMinutes: 90 }),                 [30, 60], { kind: 'keep' }],
    ['the booked sum in other words',         typed('1,5', { shownMinutes: 90 }),                  [30, 60], { kind: 'keep' }],
    ['the first hours',                       typed('1:30'),                                       [],       { kind: 'raise', minutes: 90 }],
    ['more hours',                            typed('2h', { shownMinutes: 90 }),                   [90],     { kind: 'raise', minutes: 30 }],
    ['hours by the unit of the sheet',        typed('2', { plain: 'hours' }),                      [],       { kind: 'raise', minutes: 120 }],
    ['minutes by the unit of the sheet',      typed('20', { plain: 'minutes' }),                   [],       { kind: 'raise', minutes: 20 }],
    ['an ambiguous number',                   typed('2'),                                          [],       refused({ code: 'ambiguous', number: 2 })],
    ['no amount of time',                     typed('two'),                                        [],       refused({ code: 'unreadable' })],
    ['more hours without a summary',          typed('1h', { summary: ' ' }),                       [],       refused({ code: 'summary-missing' })],
    ['fewer hours without a reason',          typed('1h', { shownMinutes: 90, reason: '' }),       [90],     refused({ code: 'reason-missing' })],
    ['the same sheet again, raised',          typed('1:30'),                                       [90],     { kind: 'keep' }],
    ['the same sheet again, lowered',         typed('0', { shownMinutes: 90 }),                    [],       { kind: 'keep' }],
    ['a sum typed over an unknown change',    typed('2h', { shownMinutes: 60 }),                   [60, 30], refused({ code: 'changed-meanwhile', minutes: 90 })],
    ['an untouched cell that has changed',    typed('1:00', { shownMinutes: 60 }),                 [60, 30], { kind: 'keep' }],
    ['hours of a new row, beside others',     typed('1h', { shownMinutes: undefined }),            [60, 30], { kind: 'raise', minutes: 60 }],
    ['zero in a new row',                     typed('0', { shownMinutes: undefined }),             [60],     { kind: 'keep' }],
  ])('%s', (_, text, booked, plan) => {
    expect(planCell(text, cell(...booked))).toEqual(plan);
  });

  // prettier-ignore
  test.each<[string, number[], string[], [string, number] | undefined]>([
    ['1:40', [120, 60, 30], ['entry-2', 'entry-1'],            ['entry-0', 100]],
    ['3:00', [120, 60, 30], ['entry-2'],                       undefined],
    ['3:15', [120, 60, 30], [],                                ['entry-2', 15]],
    ['0',    [120, 60, 30], ['entry-2', 'entry-1', 'entry-0'], undefined],
  ])('lowers to %s by taking back the newest entries first', (text, booked, reversed, corrected) => {
    const before = cell(...booked);
    const plan = planCell(typed(text, { shownMinutes: before.minutes }), before);
    expect(plan).toMatchObject({ kind: 'lower', reversed: reversed.map((id) => ({ id })) });
    const short = plan.kind === 'lower' ? plan.corrected : undefined;
    expect(short && [short.entry.id, short.minutes]).toEqual(corrected);
  });

  const amount = fc.integer({ min: 1, max: 600 });
  const amounts = fc.array(amount, { maxLength: 5 });
  const wanted = fc.integer({ min: 0, max: 1_440 });

  test('changes the cell to the sum that was typed', () => {
    fc.assert(
      fc.property(amounts, wanted, (booked, sum) => {
        const before = cell(...booked);
        const plan = planCell(typed(`${sum}m`, { shownMinutes: before.minutes }), before);
        expect(before.minutes + changeOf(plan)).toBe(sum);
        expect(cell(...applied(plan, booked)).minutes).toBe(sum);
      }),
    );
  });

  test('leaves the sum that was typed last, after it was raised and lowered', () => {
    fc.assert(
      fc.property(amounts, fc.array(wanted, { minLength: 1, maxLength: 6 }), (booked, sums) => {
        let present = booked;
        for (const sum of sums) {
          const before = cell(...present);
          present = applied(planCell(typed(`${sum}m`, { shownMinutes: before.minutes }), before), present);
        }
        expect(cell(...present).minutes).toBe(sums.at(-1));
      }),
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(amounts, wanted, (booked, sum) => {
        const text = typed(`${sum}m`, { shownMinutes: cell(...booked).minutes });
        const after = applied(planCell(text, cell(...booked)), booked);
        expect(planCell(text, cell(...after))).toEqual({ kind: 'keep' });
      }),
    );
  });

  /** The entries after a plan, oldest first. */
  function applied(plan: CellPlan, booked: number[]): number[] {
    if (plan.kind === 'raise') return [...booked, plan.minutes];
    if (plan.kind !== 'lower') return booked;
    const gone = new Set(plan.reversed.map(({ id }) => id));
    const { corrected } = plan;
    return entries(...booked)
      .filter(({ id }) => !gone.has(id))
      .map(({ id, minutes }) => (id === corrected?.entry.id ? corrected.minutes : minutes));
  }
});

describe('copiedWeek', () => {
  const lee: WeekWork = { ...work, consultantId: 'lee' };
  const lastWeek = weekRows(monday, [
    ...entries(30, 60),
    { ...entries(45)[0]!, ...lee, id: 'lee', workDate: '2026-11-27' },
  ]);
  const blank = ['', '', '', '', '', '', ''];
  const ofSuzuki = { work, texts: ['', '2:00', '', '', '', '', ''] };

  test('proposes the rows that this week lacks, without hours', () => {
    const { rows, fillings } = copiedWeek(lastWeek, [ofSuzuki], { withHours: false });
    expect(rows).toEqual([{ ...lee, texts: blank, summary: 'Review 0' }]);
    expect(fillings.size).toBe(0);
  });

  test('fills only blank cells with the hours of last week', () => {
    const { rows, fillings } = copiedWeek(lastWeek, [ofSuzuki], { withHours: true });
    expect(rows).toEqual([{ ...lee, texts: ['', '', '', '', '0:45', '', ''], summary: 'Review 0' }]);
    expect(fillings).toEqual(new Map([[workKey(work), ['1:30', '2:00', '', '', '', '', '']]]));
    const filled = { work, texts: ['0:15', '2:00', '', '', '', '', ''] };
    expect(copiedWeek(lastWeek, [filled], { withHours: true }).fillings.get(workKey(work))?.[0]).toBe('0:15');
  });

  test('doubles nothing when it is repeated', () => {
    const once = copiedWeek(lastWeek, [ofSuzuki], { withHours: true });
    const present = [
      { work, texts: once.fillings.get(workKey(work))! },
      ...once.rows.map((row) => ({ work: workOf(row), texts: row.texts })),
    ];
    const again = copiedWeek(lastWeek, present, { withHours: true });
    expect(again.rows).toEqual([]);
    expect([...again.fillings.values()]).toEqual(present.map(({ texts }) => texts));
  });
});

test.each([
  [0, ''],
  [90, '1:30'],
])('%i booked minutes are shown as “%s”', (minutes, text) => {
  expect(cellText(minutes)).toBe(text);
});
