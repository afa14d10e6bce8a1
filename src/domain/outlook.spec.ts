import fc from 'fast-check';
import { expectations, expectedMonths, isNewOutlook, judgeOutlook, type Outlook } from './outlook.js';

const stated: Outlook = {
  expectation: 'unsure',
  reason: 'A new CIO',
  nextStep: 'Meet the CIO',
  nextStepOn: '2027-01-15',
};

describe('an outlook', () => {
  it.each<[string, Partial<Outlook>, string[]]>([
    ['a reason, a next step and its day', {}, []],
    ['an expectation alone', { reason: null, nextStep: null, nextStepOn: null }, []],
    ['a next step without a day', { nextStepOn: null }, []],
    ['a day without a next step', { nextStep: null }, ['next-step-missing']],
  ])('with %s is judged', (_, change, codes) => {
    expect(judgeOutlook({ ...stated, ...change }).map(({ code }) => code)).toEqual(codes);
  });

  it.each<[string, Partial<Outlook>]>([
    ['expectation', { expectation: 'leaves' }],
    ['reason', { reason: null }],
    ['next step', { nextStep: 'Call the CIO' }],
    ['day', { nextStepOn: '2027-01-16' }],
  ])('is new if its %s differs', (_, change) => {
    expect(isNewOutlook({ ...stated, ...change }, stated)).toBe(true);
  });

  it('is new if the term has none, and adds nothing if it is equal', () => {
    expect(isNewOutlook(stated, undefined)).toBe(true);
    expect(isNewOutlook({ ...stated }, stated)).toBe(false);
  });
});

describe('the expected months', () => {
  it('add up terms and minutes by month and expectation', () => {
    const months = expectedMonths([
      { endsOn: '2027-04-30', expectation: 'renews', terms: 1, minutes: 5_760 },
      { endsOn: '2027-03-31', expectation: null, terms: 2, minutes: 11_520 },
      { endsOn: '2027-03-01', expectation: 'leaves', terms: 1, minutes: 5_760 },
      { endsOn: '2027-03-15', expectation: null, terms: 1, minutes: 23_040 },
    ]);
    expect(months).toEqual([
      { month: '2027-03', expectation: 'leaves', terms: 1, minutes: 5_760 },
      { month: '2027-03', expectation: 'none', terms: 3, minutes: 34_560 },
      { month: '2027-04', expectation: 'renews', terms: 1, minutes: 5_760 },
    ]);
  });

  it('lose no term and no minute', () => {
    const term = fc.record({
      endsOn: fc.constantFrom('2027-01-31', '2027-02-15', '2028-02-29'),
      expectation: fc.constantFrom(...expectations, null),
      terms: fc.integer({ min: 1, max: 9 }),
      minutes: fc.integer({ min: 0, max: 96_000 }),
    });
    fc.assert(
      fc.property(fc.array(term), (terms) => {
        const months = expectedMonths(terms);
        const sum = (rows: readonly { terms: number; minutes: number }[]) =>
          rows.reduce((total, row) => [total[0]! + row.terms, total[1]! + row.minutes], [0, 0]);
        expect(sum(months)).toEqual(sum(terms));
        const keys = months.map(({ month, expectation }) => `${month} ${expectation}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});
