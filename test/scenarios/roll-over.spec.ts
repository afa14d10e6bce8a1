import { Logger } from '@nestjs/common';
import { RollOverService, type RollOverCounts } from '../../src/features/subscriptions/roll-over.service.js';
import type { DueWorkCounts } from '../../src/features/due-work/due-job.js';
import { VerificationService } from '../../src/features/balances/verification.service.js';
import { soldContract, type ContractWanted, type SoldContract } from '../support/contract.js';
import type { Json } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';
import { nextDueAfter, runDue } from '../support/due-work.js';

/** What happens when terms end. Each story starts on 2026-04-01. */

let service: TestService;

beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
});
afterEach(async () => {
  expect(await service.app.get(VerificationService).verifyAll()).toMatchObject({ differences: 0 });
  await service.stop();
});

const sell = (wanted: Partial<ContractWanted> = {}) => soldContract(service, { package: 'premier', ...wanted });

const pathOf = ({ id }: SoldContract, rest = '') => `/v1/subscriptions/${id}${rest}`;

async function travel(to: string): Promise<RollOverCounts & DueWorkCounts> {
  await service.clock.advanceTo(new Date(to));
  return runDue(service, RollOverService);
}

const subscription = async (contract: SoldContract): Promise<Json> => (await contract.csm.get(pathOf(contract))).body;

/** One line for each term: `0 basic 2026-04-01…2027-03-31 closed renewed`. */
async function chain(contract: SoldContract): Promise<string[]> {
  const { body } = await contract.csm.get(pathOf(contract, '/terms'));
  return body.data.map(
    ({ number, package: sold, startsOn, endsOn, status, renewalState }: Json) =>
      `${number} ${sold} ${startsOn}…${endsOn} ${status} ${renewalState}`,
  );
}

/** One line for each ledger entry of a term: `expiry -5760 2027-03-31 → 0`. */
async function ledger(contract: SoldContract, number: number): Promise<string[]> {
  const terms = (await contract.csm.get(pathOf(contract, '/terms'))).body.data;
  const { body } = await contract.csm.get(pathOf(contract, `/ledger?termId=${terms[number].id}`));
  return body.data.map(
    ({ kind, minutes, effectiveOn, balanceAfterMinutes }: Json) =>
      `${kind} ${minutes} ${effectiveOn} → ${balanceAfterMinutes}`,
  );
}

async function allocate(contract: SoldContract, allocations: [consultant: number, line: number, minutes: number][]) {
  const { headers } = await contract.csm.get(pathOf(contract, '/allocations'));
  const body = {
    allocations: allocations.map(([consultant, line, minutes]) => ({
      consultantId: contract.consultantIds[consultant],
      productLineId: contract.productLineIds[line],
      minutes,
    })),
  };
  const { status } = await contract.csm.put(pathOf(contract, '/allocations'), body, {
    'if-match': headers.get('etag')!,
  });
  expect(status).toBe(200);
}

const allocated = async (contract: SoldContract) =>
  (await contract.csm.get(pathOf(contract, '/allocations'))).body.allocations.map(
    ({ consultantId, productLineId, minutes, primary }: Json) => [
      contract.consultantIds.indexOf(consultantId as string),
      contract.productLineIds.indexOf(productLineId as string),
      minutes,
      primary,
    ],
  );

const log = (contract: SoldContract, workDate: string, minutes: number) =>
  contract.csm.post(pathOf(contract, '/time-entries'), {
    consultantId: contract.consultantIds[0],
    productLineId: contract.productLineIds[0],
    workDate,
    minutes,
    activity: 'health-check',
    delivery: 'remote',
    summary: 'Check',
  });

/** Declines the renewal, as a notice in time does. */
const decline = ({ id }: SoldContract) =>
  service.database.write((tx) =>
    tx.query(`update terms set renewal_state = 'declined' where subscription_id = $1 and status = 'open'`, [id]),
  );

test('at midnight of the customer the unused minutes expire and the next term opens', async () => {
  const contract = await sell();
  await allocate(contract, [[0, 0, 5_000]]);
  expect((await log(contract, '2026-04-01', 600)).status).toBe(201);

  expect(await travel('2027-03-31T14:59:59Z')).toEqual({ rolled: 0, renewed: 0, ended: 0, setAside: 0, busy: 0 });
  expect(await chain(contract)).toEqual(['0 premier 2026-04-01…2027-03-31 open open']);

  expect(await travel('2027-03-31T15:00:00Z')).toEqual({ rolled: 1, renewed: 1, ended: 0, setAside: 0, busy: 0 });
  expect(await chain(contract)).toEqual([
    '0 premier 2026-04-01…2027-03-31 closed renewed',
    '1 premier 2027-04-01…2028-03-31 open open',
  ]);
  expect(await ledger(contract, 0)).toEqual([
    'grant 11520 2026-04-01 → 11520',
    'use -600 2026-04-01 → 10920',
    'expiry -10920 2027-03-31 → 0',
  ]);
  expect(await ledger(contract, 1)).toEqual(['grant 11520 2027-04-01 → 11520']);
  expect(await subscription(contract)).toMatchObject({
    status: 'active',
    version: 2,
    currentTerm: { number: 1, noticeDeadline: '2028-01-31' },
    balance: { grantedMinutes: 11_520, usedMinutes: 0, unallocatedMinutes: 6_520 },
  });
  expect((await contract.csm.get(pathOf(contract, '/balance?on=2027-03-30'))).body).toMatchObject({
    remainingMinutes: 10_920,
    expiredMinutes: 0,
  });
  expect((await contract.csm.get(pathOf(contract, '/balance?on=2027-03-31'))).body).toMatchObject({
    remainingMinutes: 0,
    expiredMinutes: 10_920,
  });
  expect(await travel('2027-03-31T15:00:00Z')).toMatchObject({ rolled: 0 });
});

test.each([
  ['Pacific/Kiritimati', '2027-03-31T10:00:00Z'],
  ['Europe/Berlin', '2027-03-31T22:00:00Z'],
  ['America/Los_Angeles', '2027-04-01T07:00:00Z'],
  ['Pacific/Pago_Pago', '2027-04-01T11:00:00Z'],
])('in %s the term ends at %s', async (timeZone, midnight) => {
  const contract = await sell({ timeZone, startsOn: '2026-04-01' });
  expect(await travel(new Date(new Date(midnight).getTime() - 1000).toISOString())).toMatchObject({ rolled: 0 });
  expect(await travel(midnight)).toMatchObject({ rolled: 1 });
  expect((await chain(contract))[1]).toBe('1 premier 2027-04-01…2028-03-31 open open');
});

test('after an outage of years one run rolls over each missed term of all subscriptions, in order', async () => {
  const contracts = [await sell(), await sell({ package: 'basic', productLines: 1 }), await sell()];
  await decline(contracts[2]!);
  expect(await travel('2030-01-01T00:00:00Z')).toEqual({ rolled: 7, renewed: 6, ended: 1, setAside: 0, busy: 0 });
  expect(await chain(contracts[0]!)).toEqual([
    '0 premier 2026-04-01…2027-03-31 closed renewed',
    '1 premier 2027-04-01…2028-03-31 closed renewed',
    '2 premier 2028-04-01…2029-03-31 closed renewed',
    '3 premier 2029-04-01…2030-03-31 open open',
  ]);
  expect(await ledger(contracts[0]!, 2)).toEqual(['grant 11520 2028-04-01 → 11520', 'expiry -11520 2029-03-31 → 0']);
  expect((await subscription(contracts[1]!)).currentTerm).toMatchObject({ number: 3, package: 'basic' });
  expect(await chain(contracts[2]!)).toEqual(['0 premier 2026-04-01…2027-03-31 closed ended']);
});

test('a leap-year anchor never drifts', async () => {
  const contract = await sell({ startsOn: '2024-02-29' });
  expect(await chain(contract)).toEqual([
    '0 premier 2024-02-29…2025-02-27 closed renewed',
    '1 premier 2025-02-28…2026-02-27 closed renewed',
    '2 premier 2026-02-28…2027-02-27 open open',
  ]);
  await travel('2028-03-01T00:00:00Z');
  expect((await chain(contract)).slice(2)).toEqual([
    '2 premier 2026-02-28…2027-02-27 closed renewed',
    '3 premier 2027-02-28…2028-02-28 closed renewed',
    '4 premier 2028-02-29…2029-02-27 open open',
  ]);
});

test('a declined term ends the subscription, which then refuses all changes', async () => {
  const contract = await sell();
  await allocate(contract, [[0, 0, 1_000]]);
  await decline(contract);
  expect(await travel('2027-04-01T00:00:00Z')).toEqual({ rolled: 1, renewed: 0, ended: 1, setAside: 0, busy: 0 });
  expect(await chain(contract)).toEqual(['0 premier 2026-04-01…2027-03-31 closed ended']);
  const ended = await subscription(contract);
  expect(ended).toMatchObject({ status: 'ended', balance: { remainingMinutes: 0, expiredMinutes: 11_520 } });

  const read = { 'if-match': `"${ended.version}"` };
  const productLines = { effectiveOn: '2027-03-31', productLineIds: [] };
  for (const answer of [
    await contract.csm.patch(pathOf(contract), { pacePolicy: 'enforce' }, read),
    await contract.csm.put(pathOf(contract, '/next-package'), { package: 'basic' }, read),
    await contract.csm.put(pathOf(contract, '/product-lines'), productLines, read),
    await contract.csm.post(pathOf(contract, '/upgrade'), { package: 'dedicated' }),
  ]) {
    expect([answer.status, answer.body.code]).toEqual([409, 'subscription-ended']);
  }
  expect((await contract.csm.get('/v1/subscriptions?status=ended')).body.data).toHaveLength(1);
  expect(await travel('2030-01-01T00:00:00Z')).toMatchObject({ rolled: 0 });
});

test('a smaller next package takes effect at the renewal, and drops the allocations, lines and seats that exceed it', async () => {
  const contract = await sell({ consultants: 2, productLines: 2 });
  await allocate(contract, [
    [0, 0, 3_001],
    [1, 0, 1_000],
    [1, 1, 2_000],
  ]);
  for (const learner of ['a', 'b']) {
    const seat = { learnerName: learner, learnerEmail: `${learner}@customer.example` };
    expect((await contract.csm.post(pathOf(contract, '/seats'), seat)).status).toBe(201);
  }
  const set = await contract.csm.put(pathOf(contract, '/next-package'), { package: 'basic' }, { 'if-match': '"1"' });
  expect(set.status).toBe(200);
  expect((await subscription(contract)).package).toBe('premier');

  await travel('2027-04-01T00:00:00Z');
  expect(await subscription(contract)).toMatchObject({
    package: 'basic',
    nextPackage: null,
    productLines: [
      { productLineId: contract.productLineIds[0], untilOn: null },
      { productLineId: contract.productLineIds[1], untilOn: '2027-04-01' },
    ],
    balance: { grantedMinutes: 5_760, unallocatedMinutes: 4_260, onsite: { maxVisits: 0 }, seats: { used: 1, max: 1 } },
  });
  expect(await allocated(contract)).toEqual([[0, 0, 1_500, true]]);
  const [mail] = await service.database.read((tx) =>
    tx.query<{ facts: Json }>(`select facts from mails where kind = 'term-renewed' and recipient_role = 'csm'`),
  );
  expect(mail!.facts.turn).toMatchObject({ consultantsDropped: ['Consultant 2'], productLinesDropped: ['Line 2'] });
  await travel('2028-04-01T00:00:00Z');
  expect((await subscription(contract)).currentTerm).toMatchObject({ number: 2, package: 'basic' });
});

test('a renewal grants the full minutes of the term’s last package', async () => {
  const contract = await sell({ package: 'basic', productLines: 1 });
  await service.clock.advanceTo(new Date('2026-10-01T03:00:00Z'));
  expect((await contract.csm.post(pathOf(contract, '/upgrade'), { package: 'premier' })).status).toBe(200);
  await travel('2027-04-01T00:00:00Z');
  expect(await ledger(contract, 0)).toEqual([
    'grant 5760 2026-04-01 → 5760',
    'upgrade 2873 2026-10-01 → 8633',
    'expiry -8633 2027-03-31 → 0',
  ]);
  expect(await ledger(contract, 1)).toEqual(['grant 11520 2027-04-01 → 11520']);
});

test('a contract entered with past terms rolls them over without mails', async () => {
  const contract = await sell({ startsOn: '2023-06-01' });
  const termsWithMails = (): Promise<{ number: number }[]> =>
    service.database.read((tx) =>
      tx.query(
        `select distinct t.number from mails m join terms t on t.id = m.term_id where t.subscription_id = $1 order by 1`,
        [contract.id],
      ),
    );
  expect(await termsWithMails()).toEqual([]);
  expect(await chain(contract)).toEqual([
    '0 premier 2023-06-01…2024-05-31 closed renewed',
    '1 premier 2024-06-01…2025-05-31 closed renewed',
    '2 premier 2025-06-01…2026-05-31 open open',
  ]);
  await travel('2026-06-01T00:00:00Z');
  expect(await termsWithMails()).toEqual([{ number: 2 }]);
});

test.each([
  ['before its first reminder day', '2026-04-01', '2026-12-31T00:00:00.000Z', 'open'],
  ['after its first reminder day, which is due at once,', '2025-06-21', '2026-03-22T00:00:00.000Z', 'open'],
  ['after three reminder days, of which the newest is due at once,', '2025-06-07', '2026-03-31T00:00:00.000Z', 'open'],
  ['on the last day for a notice', '2025-06-01', '2026-04-01T00:00:00.000Z', 'open'],
  ['after the last day for a notice', '2025-05-31', null, 'locked'],
])('a contract entered %s has its next reminder at %s', async (_, startsOn, expected, state) => {
  const contract = await sell({ startsOn });
  const [term] = await service.database.read((tx) =>
    tx.query<{ at: Date | null; renewalState: string }>(
      `select next_reminder_at as at, renewal_state as "renewalState" from terms where subscription_id = $1 and status = 'open'`,
      [contract.id],
    ),
  );
  expect([term?.at?.toISOString() ?? null, term?.renewalState]).toEqual([expected, state]);
});

test('a change of a contract whose term is over rolls the term over first', async () => {
  const contract = await sell();
  await allocate(contract, [[0, 0, 1_000]]);
  await service.clock.advanceTo(new Date('2027-04-01T00:00:00Z'));
  const changed = await contract.csm.patch(pathOf(contract), { pacePolicy: 'enforce' }, { 'if-match': '"1"' });
  expect([changed.status, changed.body]).toMatchObject([200, { pacePolicy: 'enforce', currentTerm: { number: 1 } }]);

  await service.clock.advanceTo(new Date('2028-04-01T00:00:00Z'));
  const logged = await log(contract, '2028-04-01', 60);
  expect([logged.status, logged.body.balance]).toMatchObject([201, { usedMinutes: 60, grantedMinutes: 11_520 }]);
  expect((await subscription(contract)).currentTerm.number).toBe(2);

  await service.clock.advanceTo(new Date('2029-04-01T00:00:00Z'));
  const preview = await contract.csm.post(pathOf(contract, '/upgrade?dryRun=true'), { package: 'dedicated' });
  expect([preview.status, preview.body.term]).toMatchObject([200, { number: 3, package: 'dedicated' }]);
  expect((await subscription(contract)).currentTerm.number).toBe(2);
});

test('concurrent roll-overs roll each term over once', async () => {
  const contracts = [await sell(), await sell(), await sell()];
  for (const contract of contracts) await allocate(contract, [[0, 0, 1_000]]);
  await service.clock.advanceTo(new Date('2028-04-01T00:00:00Z'));
  const now = service.clock.now();
  const counts = await Promise.all([
    runDue(service, RollOverService, now),
    runDue(service, RollOverService, now, { chunkSize: 1 }),
    ...contracts.map(async (contract) => {
      expect((await log(contract, '2028-04-01', 60)).status).toBe(201);
      return { rolled: 0, setAside: 0, busy: 0 };
    }),
  ]);
  expect(counts.every(({ setAside }) => setAside === 0)).toBe(true);
  for (const contract of contracts) {
    expect(await chain(contract)).toHaveLength(3);
    expect(await ledger(contract, 1)).toEqual(['grant 11520 2027-04-01 → 11520', 'expiry -11520 2028-03-31 → 0']);
  }
});

test('a term that cannot be rolled over is quarantined, stops no others, and is rolled over after the fault is corrected', async () => {
  const contracts = [await sell(), await sell(), await sell()];
  const broken = contracts[1]!;
  await service.database.write(async (tx) => {
    await tx.query(
      `create function stop_it() returns trigger language plpgsql as $$ begin raise exception 'stop'; end $$`,
    );
    await tx.query(
      `create trigger stop_it before update on terms for each row
       when (new.subscription_id = '${broken.id}') execute function stop_it()`,
    );
  });
  expect(await travel('2027-04-01T00:00:00Z')).toEqual({ rolled: 2, renewed: 2, ended: 0, setAside: 1, busy: 0 });
  expect((await subscription(broken)).currentTerm.number).toBe(0);
  await service.database.write((tx) => tx.query('drop trigger stop_it on terms'));
  expect(await travel('2027-04-01T00:09:59Z')).toMatchObject({ rolled: 0 });
  expect(await travel('2027-04-01T00:10:00Z')).toEqual({ rolled: 1, renewed: 1, ended: 0, setAside: 0, busy: 0 });
  expect((await subscription(broken)).currentTerm.number).toBe(1);
});

test('a run with chunks of one subscription rolls over all terms too', async () => {
  for (let at = 0; at < 3; at++) await sell({ package: 'basic', productLines: 1 });
  await service.clock.advanceTo(new Date('2028-04-01T00:00:00Z'));
  const counts = await runDue(service, RollOverService, service.clock.now(), { chunkSize: 1 });
  expect(counts).toEqual({ rolled: 6, renewed: 6, ended: 0, setAside: 0, busy: 0 });
});

test('a term that has ended rolls over once, even if the customer moves west, where its last day is not over', async () => {
  const contract = await sell();
  await service.clock.advanceTo(new Date('2027-03-31T15:30:00Z'));
  const { headers } = await contract.csm.get(`/v1/customers/${contract.customerId}`);
  const moved = await contract.csm.patch(
    `/v1/customers/${contract.customerId}`,
    { timeZone: 'America/Los_Angeles' },
    { 'if-match': headers.get('etag')! },
  );
  expect(moved.status).toBe(200);
  expect(await travel('2027-03-31T15:30:00Z')).toMatchObject({ rolled: 1, setAside: 0, busy: 0 });
  expect(await chain(contract)).toEqual([
    '0 premier 2026-04-01…2027-03-31 closed renewed',
    '1 premier 2027-04-01…2028-03-31 upcoming open',
  ]);
  expect(await travel('2028-04-01T06:59:59Z')).toMatchObject({ rolled: 0 });
  expect(await travel('2028-04-01T07:00:00Z')).toMatchObject({ rolled: 1 });
});

test('the roll-over job is next due when the next term ends', async () => {
  await sell({ startsOn: '2026-04-01' });
  await sell({ startsOn: '2026-03-01' });
  const after = async (instant: string) =>
    (await nextDueAfter(service, RollOverService, new Date(instant)))?.toISOString();
  expect(await after('2026-04-01T00:00:00Z')).toBe('2027-02-28T15:00:00.000Z');
  expect(await after('2027-02-28T15:00:00Z')).toBe('2027-03-31T15:00:00.000Z');
  expect(await after('2027-03-31T15:00:00Z')).toBeUndefined();
});
