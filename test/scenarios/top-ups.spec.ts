import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type Api, type Json } from '../support/client.js';
import { evidenceZip, runCheck } from '../support/evidence.js';
import { readPdf } from '../support/pdf.js';
import { person, type Person } from '../support/people.js';
import { advance } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { writeFiles } from '../support/unzipped.js';
import { messagesAbout, use, usedContract, type UsedContract } from '../support/usage.js';

// A contract with top-ups through its term: bought, given, taken back, upgraded, stated, closed, renewed. The tests follow each other.

jest.setTimeout(120_000);

let service: TestService;
let admin: Api;
let finance: Person;
let contract: UsedContract;
let path: string;
let termId: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T01:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  contract = await usedContract(service, { startsOn: '2026-04-01' });
  path = `/v1/subscriptions/${contract.id}`;
  termId = (await contract.csm.get(path)).body.currentTerm.id as string;
});
afterAll(() => service.stop());

async function topUp(body: object, who: Api = admin): Promise<Json> {
  const answer = await who.post(`${path}/top-ups`, body);
  expect(answer.status).toBe(201);
  return answer.body;
}

const balance = async (on = ''): Promise<Json> => (await contract.csm.get(`${path}/balance${on}`)).body;

async function entitlements(from: string, to: string, basis: string): Promise<Json[]> {
  const query = `from=${from}&to=${to}&basis=${basis}&format=json`;
  return (await finance.get(`/v1/reports/entitlements?${query}`)).body.data;
}

async function expectConsistent(): Promise<void> {
  expect((await contract.csm.post(`${path}/verify`)).body).toEqual({ consistent: true, differences: [] });
}

test('a supplement and a goodwill of the first weeks stand in the statement of the month', async () => {
  await advance(service, '2026-04-10T01:00:00Z');
  await topUp({ kind: 'supplement', minutes: 600, orderNumber: 'PO-77' }, contract.csm);
  await topUp({ kind: 'goodwill', minutes: 90, reason: 'The first workshop had to be repeated' });
  await use(contract, '2026-04-09', 120);
  await advance(service, '2026-05-01T00:00:00Z');
  const statement = (await messagesAbout(service, contract)).find(({ subject }) =>
    subject!.includes('usage statement'),
  );
  expect(statement!.text).toMatch(/10 hours bought and 1\.5 hours given \(part of the\s+granted hours\)/);
  expect(statement!.text).toContain('2 hours of 107.5 hours');
  expect(statement!.text).not.toContain('workshop');
});

/** The subjects and recipients of the sent mails about top-ups. */
async function topUpMails(): Promise<string[]> {
  const mails = await messagesAbout(service, contract);
  return mails
    .filter(({ subject }) => /added$|taken back$/.test(subject!))
    .map(({ subject, to }) => {
      const { address } = [to!].flat()[0]!.value[0]!;
      return `${subject!.split(': ')[1]} → ${contract.usage.find((usage) => usage === address) ?? 'csm'}`;
    });
}

test('the usage contacts and the CSM got a mail about each in the next morning', async () => {
  const [usage] = contract.usage;
  expect((await topUpMails()).sort()).toEqual([
    '1.5 hours added → csm',
    `1.5 hours added → ${usage}`,
    '10 hours added → csm',
    `10 hours added → ${usage}`,
  ]);
  const { data } = (await contract.csm.get(`${path}/reminders?limit=200`)).body;
  const sentAt = (data as Json[])
    .filter(({ kind }) => kind === 'usage-top-up-entered')
    .map((mail) => mail.sentAt as string);
  expect([...new Set(sentAt)]).toEqual(['2026-04-11T00:00:00.000Z']);
});

test('the pace policy enforce counts the plan of the top-ups', async () => {
  await contract.csm.patch(path, { pacePolicy: 'enforce' }, { 'if-match': '"1"' });
  const { productLineIds, consultantId, csm } = contract;
  const entry = { consultantId, productLineId: productLineIds[0], activity: 'enablement', delivery: 'remote' };
  const tooMuch = { ...entry, workDate: '2026-05-01', minutes: 1_440, summary: 'S' };
  const refused = await csm.post(`${path}/time-entries`, tooMuch);
  // Through 2026-05-31: 960 of the package, floor(600 × 52 ÷ 356) = 87 and floor(90 × 52 ÷ 356) = 13 of the top-ups.
  expect(refused.body.violations).toMatchObject([
    { code: 'ahead-of-pace', limitMinutes: 1_060, maxAcceptableMinutes: 940 },
  ]);
  await use(contract, '2026-05-01', 940);
  await csm.patch(path, { pacePolicy: 'advise' }, { 'if-match': '"2"' });
});

test('a closed month stays byte-identical when a top-up is entered and cancelled for it', async () => {
  expect((await finance.post('/v1/periods/2026-04/close')).status).toBe(200);
  const query = 'from=2026-04-01&to=2026-04-30&basis=closed&format=csv';
  const csv = async (): Promise<string> => (await finance.get(`/v1/reports/entitlements?${query}`)).body as string;
  const before = await csv();
  expect(before).toContain(',600,90,0');
  const { id } = await topUp({ kind: 'supplement', minutes: 300, orderNumber: 'PO-78', effectiveOn: '2026-04-20' });
  expect(await csv()).toBe(before);
  expect((await admin.post(`/v1/top-ups/${id}/cancellation`, { reason: 'Other customer' })).status).toBe(200);
  expect(await csv()).toBe(before);
  const [may] = await entitlements('2026-05-01', '2026-05-31', 'closed');
  expect(may).toMatchObject({
    openingMinutes: 6_330,
    grantedMinutes: 0,
    usedMinutes: 940,
    closingMinutes: 5_390,
    supplementMinutes: 300,
    goodwillMinutes: 0,
    topUpsCancelledMinutes: 300,
  });
  const [april] = await entitlements('2026-04-01', '2026-04-30', 'corrected');
  expect(april).toMatchObject({
    grantedMinutes: 6_450,
    supplementMinutes: 900,
    goodwillMinutes: 90,
    topUpsCancelledMinutes: 300,
    closingMinutes: 6_330,
  });
  await expectConsistent();
});

test('an upgrade prorates packages only, and the PDF names the top-ups', async () => {
  await advance(service, '2026-10-01T01:00:00Z');
  const upgraded = await contract.csm.post(`${path}/upgrade`, { package: 'premier' });
  expect(upgraded.body).toMatchObject({
    balance: { grantedMinutes: 8_633 + 690, onsite: { capMinutes: 2_308 } },
    change: { grantedBeforeMinutes: 6_450, grantedAfterMinutes: 9_323 },
  });
  const response = await fetch(`${service.baseUrl}/v1/terms/${termId}/usage-statement`, {
    headers: { authorization: `Bearer ${contract.csm.token}` },
  });
  const { pages } = readPdf(Buffer.from(await response.arrayBuffer()));
  expect(pages[0]!.join(' ')).toContain('10 hours bought and 1.5 hours given (part of the granted hours)');
  await expectConsistent();
});

test('a cancellation that makes use reach a share causes its alert', async () => {
  // 80 % of 9,323 minutes are 7,459; without the 600 they are 6,979.
  for (const day of ['02', '03', '04', '05']) {
    await use(contract, `2026-09-${day}`, 1_400);
  }
  await use(contract, '2026-09-06', 400);
  await advance(service, '2026-10-02T01:00:00Z');
  const alerts = async (): Promise<string[]> =>
    ((await contract.csm.get(`${path}/alerts`)).body.alerts as { alert: string }[]).map(({ alert }) => alert);
  expect(await alerts()).not.toContain('used-80');
  const { data } = (await admin.get(`${path}/top-ups`)).body;
  const supplement = (data as Json[]).find(({ orderNumber }) => orderNumber === 'PO-77');
  const cancelled = await admin.post(`/v1/top-ups/${supplement.id}/cancellation`, {
    reason: 'The order was withdrawn',
  });
  expect(cancelled.body).toMatchObject({ cancellation: { minutes: 600 }, balance: { grantedMinutes: 8_723 } });
  await advance(service, '2026-10-03T01:00:00Z');
  expect(await alerts()).toContain('used-80');
});

test('a cancellation at once is not mailed, a later one is', async () => {
  const mails = (await topUpMails()).map((mail) => mail.split(' →')[0]!);
  expect([...new Set(mails)].sort()).toEqual(['1.5 hours added', '10 hours added', '10 hours taken back']);
  const [taken] = (await messagesAbout(service, contract)).filter(({ subject }) => subject!.endsWith('taken back'));
  expect(taken!.text).toMatch(/entered by\s+mistake/);
  expect(taken!.text).not.toContain('The order was withdrawn');
});

test('the rest expires with the term, and the next term has the package alone', async () => {
  const { headers } = await contract.csm.get(`${path}/allocations`);
  const allocations = [
    { consultantId: contract.consultantId, productLineId: contract.productLineIds[0], minutes: 8_723 },
  ];
  await contract.csm.put(`${path}/allocations`, { allocations }, { 'if-match': headers.get('etag')! });
  await advance(service, '2027-04-01T00:00:00Z');
  expect(await balance()).toMatchObject({
    grantedMinutes: 11_520,
    unallocatedMinutes: 0,
    onsite: { capMinutes: 2_880 },
  });
  expect(await balance('?on=2027-03-31')).toMatchObject({
    grantedMinutes: 8_723,
    usedMinutes: 7_060,
    expiredMinutes: 1_663,
  });
  await expectConsistent();
});

test('the evidence of the term contains its top-ups, and its script finds that everything agrees', async () => {
  const zip = await evidenceZip(service, termId, service.adminToken);
  expect(zip.json('term.json')).toMatchObject({
    entitlement: { grantedMinutes: 8_723, onsiteCapMinutes: 2_158 },
    topUps: [
      { kind: 'supplement', minutes: 600, orderNumber: 'PO-77', cancellation: { minutes: 600 } },
      { kind: 'goodwill', minutes: 90, reason: 'The first workshop had to be repeated', cancellation: null },
      { kind: 'supplement', minutes: 300, effectiveOn: '2026-04-20', cancellation: { reason: 'Other customer' } },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'trm-top-ups-'));
  try {
    writeFiles(folder, zip.files);
    expect((await runCheck(folder)).code).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
