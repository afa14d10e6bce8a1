import fc from 'fast-check';
import { addDays, daysBetween, type Day } from './calendar.js';
import type { Enrolment } from './contract.js';
import { proposeSessions, type ProposalFacts } from './session-proposal.js';

const sato = { consultantId: 'consultant-sato', productLineId: 'line-database' };
const lee = { consultantId: 'consultant-lee', productLineId: 'line-storage' };
const always: Enrolment[] = [sato, lee].map(({ productLineId }) => ({
  productLineId,
  fromOn: '2026-04-01',
  untilOn: null,
}));

const isWorkingDay = (day: Day): boolean => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

const facts: ProposalFacts = {
  minutes: 1_000,
  from: '2026-04-01',
  endsOn: '2026-08-18',
  everyWeeks: 4,
  pairs: [{ ...sato, leftMinutes: 0 }],
  enrolments: always,
  isWorkingDay,
};

const proposed = (change: Partial<ProposalFacts>) => proposeSessions({ ...facts, ...change });
const minutesOf = (change: Partial<ProposalFacts>) => proposed(change).sessions.map(({ minutes }) => minutes);

describe('proposeSessions (§6)', () => {
  test('spreads 1,000 minutes over 20 weeks, every 4 weeks', () => {
    expect(proposed({}).sessions).toEqual(
      [
        ['2026-04-15', 210],
        ['2026-05-13', 195],
        ['2026-06-10', 195],
        ['2026-07-08', 195],
        ['2026-08-05', 205],
      ].map(([plannedOn, minutes]) => ({ ...sato, plannedOn, minutes })),
    );
  });

  // prettier-ignore
  test.each<[string, Partial<ProposalFacts>, number[]]>([
    ['nothing',                                   { minutes: 0 },                                         []],
    ['less than a quarter of an hour',            { minutes: 14 },                                        [14]],
    ['fewer quarters than periods',               { minutes: 47 },                                        [15, 15, 17]],
    ['more than working days hold in the periods', { minutes: 2_880, everyWeeks: 26 },                    [480, 480, 480, 480, 480, 480]],
    ['one day left',                              { minutes: 1_440, from: '2026-08-18' },                 [1_440]],
    ['a weekend left, without a working day',     { minutes: 60, from: '2026-08-15', endsOn: '2026-08-16' }, [60]],
  ])('%s', (_, change, minutes) => {
    expect(minutesOf(change)).toEqual(minutes);
  });

  // prettier-ignore
  test.each<[string, Partial<ProposalFacts>, string]>([
    ['without allocations',                 { pairs: [] },                                      'nobody-to-plan'],
    ['on lines that have left',             { enrolments: [] },                                 'nobody-to-plan'],
    ['more than a day holds on the last day', { minutes: 1_441, from: '2026-08-18' },           'no-room-for-sessions'],
  ])('is refused %s', (_, change, code) => {
    const { sessions, violations } = proposed(change);
    expect({ sessions, codes: violations.map((violation) => violation.code) }).toEqual({ sessions: [], codes: [code] });
  });

  test('pairs share the sessions by what is left of their allocations, the primary consultant first', () => {
    const pairs = [
      { ...sato, leftMinutes: 2_000 },
      { ...lee, leftMinutes: 1_000 },
    ];
    const { sessions } = proposed({ minutes: 1_800, everyWeeks: 3, pairs });
    expect(sessions.map(({ consultantId }) => consultantId)).toEqual(
      [sato, lee, sato, sato, lee, sato].map(({ consultantId }) => consultantId),
    );
  });

  test('a line gets no session after it has left', () => {
    const enrolments = [{ ...always[0]!, untilOn: '2026-06-01' }, always[1]!];
    const pairs = [
      { ...sato, leftMinutes: 9_000 },
      { ...lee, leftMinutes: 0 },
    ];
    const { sessions } = proposed({ enrolments, pairs });
    for (const { plannedOn, productLineId } of sessions) {
      expect(productLineId).toBe(plannedOn < '2026-06-01' ? sato.productLineId : lee.productLineId);
    }
  });

  const anyFacts = fc
    .record({
      minutes: fc.integer({ min: 0, max: 96_000 }),
      offset: fc.integer({ min: 0, max: 400 }),
      length: fc.integer({ min: 0, max: 365 }),
      everyWeeks: fc.integer({ min: 1, max: 26 }),
      left: fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 1, maxLength: 2 }),
    })
    .map(({ minutes, offset, length, everyWeeks, left }): ProposalFacts => {
      const from = addDays('2026-04-01', offset);
      const pairs = left.map((leftMinutes, at) => ({ ...[sato, lee][at]!, leftMinutes }));
      return { ...facts, minutes, from, endsOn: addDays(from, length), everyWeeks, pairs };
    });

  test('sessions add up to the minutes exactly, in whole quarter hours but for the last one', () => {
    fc.assert(
      fc.property(anyFacts, (drawn) => {
        const { sessions, violations } = proposeSessions(drawn);
        if (violations.length > 0) {
          expect(violations).toMatchObject([{ code: 'no-room-for-sessions' }]);
          const { days, mostMinutes } = violations[0]!.params as { days: number; mostMinutes: number };
          expect(mostMinutes).toBe(days * 1_440);
          expect(drawn.minutes).toBeGreaterThan(mostMinutes);
          return;
        }
        expect(sessions.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(drawn.minutes);
        for (const [at, { minutes }] of sessions.entries()) {
          expect(minutes).toBeGreaterThanOrEqual(1);
          expect(minutes).toBeLessThanOrEqual(1_440);
          if (at < sessions.length - 1) expect(minutes % 15).toBe(0);
        }
      }),
    );
  });

  test('sessions lie on different working days of the term, in equal steps', () => {
    fc.assert(
      fc.property(anyFacts, (drawn) => {
        const { sessions } = proposeSessions(drawn);
        const days = sessions.map(({ plannedOn }) => plannedOn);
        expect([...new Set(days)].sort()).toEqual(days);
        const all = Array.from({ length: daysBetween(drawn.from, drawn.endsOn) + 1 }, (_, at) =>
          addDays(drawn.from, at),
        );
        const working = all.filter(isWorkingDay);
        const plannable = working.length > 0 ? working : all;
        const places = days.map((day) => plannable.indexOf(day));
        expect(places).not.toContain(-1);
        const steps = places.slice(1).map((place, at) => place - places[at]!);
        if (steps.length > 0) expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
