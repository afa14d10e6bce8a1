import type { Actor, Role } from '../../src/domain/access.js';
import { YearAheadService, type MonthAhead } from '../../src/features/renewals/year-ahead.service.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let premier: SoldContract;
let finance: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  finance = await person(service, 'finance');
  premier = await soldContract(service, { package: 'premier', startsOn: '2026-04-10' });
  const expected = { expectation: 'renews', reason: 'They said so' };
  const first = { 'if-match': '"0"' };
  expect((await premier.csm.put(`/v1/subscriptions/${premier.id}/outlook`, expected, first)).status).toBe(200);
  const basic = await soldContract(service, { package: 'basic', startsOn: '2025-10-01' });
  const notice = { party: 'customer', signedBy: 'Kato', channel: 'portal', receivedAt: '2026-07-10T02:00:00Z' };
  expect((await basic.csm.post(`/v1/subscriptions/${basic.id}/non-renewal-notices`, notice)).status).toBe(201);
  await soldContract(service, { package: 'enterprise', startsOn: '2025-10-20' });
});
afterAll(() => service.stop());

const ahead = (who: Person, role: Role): Promise<MonthAhead[]> => {
  const actor = { userId: who.id, role, customerId: null, deputyFor: [] } as unknown as Actor;
  return service.database.read((tx) => service.app.get(YearAheadService).months(tx, actor));
};

const shown = (months: readonly MonthAhead[]): string[] =>
  months
    .filter(({ terms, openDeadlines }) => terms + openDeadlines > 0)
    .map(({ month, terms, minutes, byProspect, remainingMinutes, openDeadlines }) => {
      const prospects = Object.entries(byProspect)
        .filter(([, { terms }]) => terms > 0)
        .map(([prospect, { terms, minutes }]) => `${prospect} ${terms}/${minutes}`);
      return [month, terms, minutes, prospects.join(' '), remainingMinutes, openDeadlines].join(', ');
    });

describe('the year ahead', () => {
  test('adds up the terms that end in each month, by what becomes of each, and the open deadlines', async () => {
    const months = await ahead(finance, 'finance');
    expect(months.map(({ month }) => month)).toEqual([
      ...['2026-07', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12'],
      ...['2027-01', '2027-02', '2027-03', '2027-04', '2027-05', '2027-06'],
    ]);
    expect(shown(months)).toEqual([
      '2026-08, 0, 0, , 0, 1',
      '2026-09, 1, 5760, declined 1/5760, 5760, 0',
      '2026-10, 1, 23040, none 1/23040, 23040, 0',
      '2027-02, 0, 0, , 0, 1',
      '2027-04, 1, 11520, renews 1/11520, 11520, 0',
    ]);
    // Nothing was used, so everything that is left expires.
    for (const { remainingMinutes, expiringMinutes } of months) expect(expiringMinutes).toBe(remainingMinutes);
  });

  test('of a CSM has the portfolio of the CSM only', async () => {
    expect(shown(await ahead(premier.csm, 'csm'))).toEqual([
      '2027-02, 0, 0, , 0, 1',
      '2027-04, 1, 11520, renews 1/11520, 11520, 0',
    ]);
  });
});
