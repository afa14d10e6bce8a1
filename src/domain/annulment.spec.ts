import { judgeAnnulment, type StandingItems } from './annulment.js';
import type { Contract } from './contract.js';

const nothing: StandingItems = { entries: 0, visits: 0, expenses: 0, notices: 0 };
const contract = (terms: number, status: Contract['status'] = 'active') =>
  ({ status, terms: Array.from({ length: terms }, () => ({})) }) as Contract;

describe('a contract can be annulled', () => {
  it.each<[string, Contract, Partial<StandingItems>, string[]]>([
    ['in its first term, without standing items', contract(1), {}, []],
    ['not after its first renewal', contract(2), {}, ['subscription-already-renewed']],
    ['not once it has ended', contract(1, 'ended'), {}, ['subscription-ended']],
    ['not after its renewal, ended or not', contract(2, 'ended'), {}, ['subscription-already-renewed']],
    ['not with a time entry', contract(1), { entries: 1 }, ['subscription-has-entries']],
    ['not with a visit', contract(1), { visits: 1 }, ['subscription-has-visits']],
    ['not with a travel expense', contract(1), { expenses: 1 }, ['subscription-has-expenses']],
    ['not with a notice', contract(1), { notices: 1 }, ['subscription-has-notices']],
    [
      'not for several reasons, which are all reported',
      contract(2),
      { entries: 3, notices: 1 },
      ['subscription-already-renewed', 'subscription-has-entries', 'subscription-has-notices'],
    ],
  ])('%s', (_, subject, standing, codes) => {
    expect(judgeAnnulment(subject, { ...nothing, ...standing }).map(({ code }) => code)).toEqual(codes);
  });

  it('otherwise the refusal gives the number of standing items', () => {
    expect(judgeAnnulment(contract(1), { ...nothing, entries: 3 })).toEqual([
      { code: 'subscription-has-entries', params: { count: 3 } },
    ]);
  });
});
