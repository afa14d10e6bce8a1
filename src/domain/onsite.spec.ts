import { judgeVisit, moveVisit, type VisitContext, type VisitEvent, type VisitStatus } from './onsite.js';

describe('judgeVisit (§8)', () => {
  const premier: VisitContext = {
    term: { startsOn: '2026-04-01', endsOn: '2027-03-31' },
    package: 'premier',
    onsiteIncluded: true,
    visitsUsed: 1,
    maxVisits: 2,
  };
  const basic = { ...premier, package: 'basic', onsiteIncluded: false, visitsUsed: 0, maxVisits: 0 };
  const dedicated = { ...premier, package: 'dedicated', visitsUsed: 99, maxVisits: null };

  test.each<[string, string, string, VisitContext, string[]]>([
    ['the second of two', '2026-06-01', '2026-06-03', premier, []],
    ['the third of two', '2026-06-01', '2026-06-03', { ...premier, visitsUsed: 2 }, ['visits-exhausted']],
    ['any number', '2026-06-01', '2026-06-03', dedicated, []],
    ['a visit on Basic, which has no onsite work', '2026-06-01', '2026-06-03', basic, ['onsite-not-included']],
    ['one day', '2026-06-01', '2026-06-01', premier, []],
    ['the whole term', '2026-04-01', '2027-03-31', premier, []],
    ['from the day before the term', '2026-03-31', '2026-04-02', premier, ['visit-outside-term']],
    ['to the day after the term', '2027-03-31', '2027-04-01', premier, ['visit-outside-term']],
    ['in no term', '2025-06-01', '2025-06-03', { ...premier, term: undefined }, ['visit-outside-term']],
    ['backwards', '2026-06-03', '2026-06-01', premier, ['dates-out-of-order']],
    [
      'all at once',
      '2027-04-02',
      '2027-04-01',
      { ...premier, visitsUsed: 2 },
      ['dates-out-of-order', 'visit-outside-term', 'visits-exhausted'],
    ],
  ])('%s', (_, startsOn, endsOn, context, expected) => {
    expect(judgeVisit({ startsOn, endsOn }, context).map(({ code }) => code)).toEqual(expected);
  });

  test('a refusal names the requested days and the used visits', () => {
    expect(judgeVisit({ startsOn: '2026-06-01', endsOn: '2027-06-03' }, { ...premier, visitsUsed: 2 })).toEqual([
      { code: 'visit-outside-term', params: { startsOn: '2026-06-01', endsOn: '2027-06-03' } },
      { code: 'visits-exhausted', params: { used: 2, limit: 2 } },
    ]);
  });
});

describe('moveVisit (§8)', () => {
  test.each<[VisitStatus, VisitEvent, boolean, ReturnType<typeof moveVisit>]>([
    ['planned', 'complete', false, { to: 'done' }],
    ['planned', 'complete', true, { to: 'done' }],
    ['planned', 'cancel', false, { to: 'cancelled' }],
    ['planned', 'cancel', true, { refused: 'visit-has-entries' }],
    ['done', 'complete', false, { refused: 'already-completed' }],
    ['done', 'cancel', false, { to: 'cancelled' }],
    ['done', 'cancel', true, { refused: 'visit-has-entries' }],
    ['cancelled', 'complete', false, { refused: 'already-cancelled' }],
    ['cancelled', 'cancel', false, { refused: 'already-cancelled' }],
  ])('%s, %s, with entries: %s', (from, event, hasEntries, expected) => {
    expect(moveVisit(from, event, hasEntries)).toEqual(expected);
  });
});
