import { soldContract, type SoldContract } from '../support/contract.js';
import type { Answer } from '../support/client.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// All tests share one service, and its clock only moves forward.
let service: TestService;
let contract: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
  contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
});
afterAll(() => service.stop());

const pathOf = (rest: string) => `/v1/subscriptions/${contract.id}${rest}`;

/** An entry of the second consultant on the second product line. */
const work = (workDate: string, minutes: number) => ({
  workDate,
  minutes,
  consultantId: contract.consultantIds[1],
  productLineId: contract.productLineIds[1],
  activity: 'health-check',
  delivery: 'remote',
  summary: `${minutes} minutes`,
});

async function bodyOf(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

async function allocate(...minutes: number[]): Promise<void> {
  const { headers } = await contract.csm.get(pathOf('/allocations'));
  const allocations = minutes.map((allocated, at) => ({
    consultantId: contract.consultantIds[at],
    productLineId: contract.productLineIds[at],
    minutes: allocated,
  }));
  await bodyOf(contract.csm.put(pathOf('/allocations'), { allocations }, { 'if-match': headers.get('etag')! }));
}

test('a correction that only lowers the minutes is accepted, even if the consultant has no allocation on that day any more', async () => {
  await allocate(11_000, 500);
  const { entry } = await bodyOf(contract.csm.post(pathOf('/time-entries'), work('2026-04-10', 60)));
  await allocate(11_000);
  const correct = (body: object) =>
    contract.csm.post(`/v1/time-entries/${entry.id}/correction`, { reason: 'Shorter', ...body });
  for (const other of [work('2026-04-10', 60), work('2026-04-10', 90)]) {
    const refused = await correct(other);
    expect([refused.status, refused.body.code]).toEqual([422, 'consultant-not-assigned']);
  }
  const lowered = await correct(work('2026-04-10', 30));
  expect([lowered.status, lowered.body.balance?.usedMinutes]).toEqual([201, 30]);
  await allocate(11_000, 490);
});

test('every way of booking late work in a closed term uses its expired minutes, regardless of allocations', async () => {
  await service.clock.advanceTo(new Date('2027-04-05T03:00:00Z'));
  const finance = await person(service, 'finance');
  await bodyOf(contract.csm.post(pathOf('/time-entries'), work('2027-03-31', 1_000)));
  const batch = [{ subscriptionId: contract.id, ...work('2027-03-30', 1_001) }];
  const { accepted } = await bodyOf(contract.csm.post('/v1/time-entries/batch', { atomic: true, entries: batch }));
  expect(accepted).toBe(1);
  const row = { subscriptionId: contract.id, ...work('2027-03-29', 1_002) };
  const csv = [Object.keys(row).join(), Object.values(row).join()].join('\n');
  const imported = await fetch(`${service.baseUrl}/v1/time-entries/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${contract.csm.token}`, 'content-type': 'text/csv' },
    body: csv,
  });
  expect(await imported.json()).toMatchObject({ accepted: 1, refused: 0 });
  await bodyOf(finance.post('/v1/periods/2027-03/close'));
  const adjustment = { reason: 'Forgotten', subscriptionId: contract.id, ...work('2027-03-28', 1_003) };
  await bodyOf(finance.post('/v1/periods/2027-03/adjustments', adjustment));

  const usedMinutes = 30 + 1_000 + 1_001 + 1_002 + 1_003;
  expect(await bodyOf(contract.csm.get(pathOf('/balance?on=2027-03-31')))).toMatchObject({
    usedMinutes,
    expiredMinutes: 11_520 - usedMinutes,
    remainingMinutes: 0,
    unallocatedMinutes: 0,
  });
  expect((await bodyOf(contract.csm.get(pathOf('/allocations?on=2027-03-31')))).unallocatedMinutes).toBe(0);
  expect(await bodyOf(contract.csm.post(pathOf('/verify')))).toMatchObject({ consistent: true });
});

test('the database rejects allocations above the granted minutes of an open term, and use above those of a closed one', async () => {
  const run = (sql: string) => service.database.write((tx) => tx.query(sql, [contract.id]));
  const termOf = (status: string) => `(select id from terms where subscription_id = $1 and status = '${status}')`;
  await expect(
    run(`update pair_balances set allocated_minutes = 11521 where term_id = ${termOf('open')}`),
  ).rejects.toMatchObject({ constraint: 'balances_commitments_within_grant' });
  await expect(
    run(`update balances set used_minutes = used_minutes + 1 where term_id = ${termOf('closed')}`),
  ).rejects.toMatchObject({ constraint: 'balances_closed_has_nothing_left' });
});
