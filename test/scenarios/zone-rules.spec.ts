import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type Json } from '../support/client.js';
import { advance, mailsOf, renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { unzipped, writeFiles } from '../support/unzipped.js';

// The term is 2026-04-01…2027-03-31 in Tokyo; its last day for a notice, 2027-01-30, ends at 15:00Z. The tests simulate a change of
// zone rules: they shift stored instants by an hour, as if other rules had computed them.

jest.setTimeout(120_000);

let service: TestService;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trm-zone-rules-'));
  service = await startService({ clock: '2026-12-20T03:00:00Z' });
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

const contractIn = (timeZone = 'Asia/Tokyo') =>
  renewingContract(service, { startsOn: '2026-04-01', timeZone, locale: 'en' });

const sql = (text: string, values: unknown[] = []): Promise<Json[]> =>
  service.database.write((tx) => tx.query<Json>(text, values));

const columns = ['starts_at', 'ends_at', 'lock_at', 'next_reminder_at', 'next_alert_at', 'next_statement_at'];

const instants = async ({ id }: RenewingContract): Promise<Json> =>
  (await sql(`select ${columns.join(', ')} from terms where subscription_id = $1`, [id]))[0];

/** Shifts stored instants of a term, as if other zone rules had computed them. */
const shift = ({ id }: RenewingContract, by: string, which = columns) =>
  sql(
    `update terms set ${which.map((column) => `${column} = ${column} + $2::interval`).join(', ')} where subscription_id = $1`,
    [id, by],
  );

async function housekeeping(): Promise<Json> {
  const { body } = await api(service.baseUrl, service.adminToken).post('/v1/jobs/housekeeping/run');
  expect(body.outcome).toBe('succeeded');
  return body.counts;
}

const revision = async ({ id }: RenewingContract): Promise<number> =>
  (await sql('select revision from subscriptions where id = $1', [id]))[0].revision as number;

/** The evidence of the first term, and the result of its check script. */
async function evidence({ id, csm }: RenewingContract): Promise<{ decision: Json; code: number; output: string }> {
  const termId = (await csm.get(`/v1/subscriptions/${id}/terms`)).body.data[0].id as string;
  const headers = { authorization: `Bearer ${service.adminToken}` };
  const response = await fetch(`${service.baseUrl}/v1/terms/${termId}/evidence`, { headers });
  const files = await unzipped(Buffer.from(await response.arrayBuffer()));
  writeFiles(folder, files);
  const ran = await new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, [join(folder, 'check.mjs')], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
  return { decision: JSON.parse(files.get('decision.json')!.toString()), ...ran };
}

test('housekeeping changes nothing if all stored instants follow the zone rules', async () => {
  const contracts = [await contractIn(), await contractIn('America/Los_Angeles'), await contractIn('Asia/Kathmandu')];
  const before = await Promise.all(contracts.map(instants));
  const revisions = await Promise.all(contracts.map(revision));
  expect(await housekeeping()).toMatchObject({ termsMoved: 0, schedulesMoved: 0, mailsMoved: 0 });
  expect([await Promise.all(contracts.map(instants)), await Promise.all(contracts.map(revision))]).toEqual([
    before,
    revisions,
  ]);
});

test.each(['1 hour', '-1 hour'])('all future instants of a term are recomputed if they are off by %s', async (by) => {
  const contract = await contractIn();
  const other = await contractIn();
  await advance(service, '2026-12-20T04:00:00Z');
  const right = await instants(contract);
  const before = await revision(contract);
  await shift(contract, by);
  const { starts_at: begun } = await instants(contract);
  expect(await housekeeping()).toMatchObject({ termsMoved: 1 });
  // An instant in the past stays.
  expect(await instants(contract)).toEqual({ ...right, starts_at: begun });
  expect([await revision(contract), await revision(other)]).toEqual([before + 1, before]);
  expect(await housekeeping()).toMatchObject({ termsMoved: 0 });
  const { decision, code, output } = await evidence(contract);
  expect(decision.deadline.zoneChanges).toMatchObject([{ from: 'Asia/Tokyo', to: 'Asia/Tokyo', effect: 'moved' }]);
  expect(decision.inWords.en[3]).toContain(
    'the rules of the time zone Asia/Tokyo had changed. No reminder had announced',
  );
  expect(decision.inWords.ja[3]).toContain('タイムゾーン Asia/Tokyo の規則が変更されていることを確認しました');
  expect([code, decision.agreesWithRecord, output]).toEqual([
    0,
    true,
    expect.stringContaining('Everything agrees') as string,
  ]);
});

test('an announced deadline is not moved earlier, and the evidence says why', async () => {
  const contract = await contractIn();
  await advance(service, '2027-01-02T00:00:00Z');
  const right = await instants(contract);
  await shift(contract, '1 hour', ['lock_at', 'ends_at']);
  expect(await housekeeping()).toMatchObject({ termsMoved: 1 });
  const after = await instants(contract);
  expect(after).toEqual({ ...right, lock_at: new Date('2027-01-30T16:00:00Z') });
  // The change is recorded once, however often housekeeping runs.
  expect(await housekeeping()).toMatchObject({ termsMoved: 0 });
  await advance(service, '2027-01-30T15:30:00Z');
  expect(await renewalStates(contract)).toEqual(['open']);
  const notice = { party: 'customer', signedBy: 'Contact 1', channel: 'letter', receivedAt: '2027-01-30T15:29:00Z' };
  const given = await contract.csm.post(`/v1/subscriptions/${contract.id}/non-renewal-notices`, notice);
  expect(given.body).toMatchObject({ effective: true, deadlineAt: '2027-01-30T16:00:00.000Z' });
  const { decision, code, output } = await evidence(contract);
  expect(decision.deadline.zoneChanges).toMatchObject([{ announced: true, effect: 'kept' }]);
  expect(decision.inWords.en[3]).toContain('the last day ends earlier by the new rules');
  expect([code, decision.agreesWithRecord, output]).toEqual([
    0,
    true,
    expect.stringContaining('Everything agrees') as string,
  ]);
});

test('an announced deadline moves later', async () => {
  const contract = await contractIn();
  await advance(service, '2027-01-02T00:00:00Z');
  // A trigger protects announced deadlines, so the test disables it to store an earlier one.
  await sql('alter table terms disable trigger terms_announced_deadline');
  await shift(contract, '-1 hour', ['lock_at']);
  await sql('alter table terms enable trigger terms_announced_deadline');
  expect(await housekeeping()).toMatchObject({ termsMoved: 1 });
  expect((await instants(contract)).lock_at).toEqual(new Date('2027-01-30T15:00:00Z'));
  expect(await evidence(contract)).toMatchObject({ code: 0, decision: { agreesWithRecord: true } });
});

test('a locked renewal stays locked', async () => {
  const contract = await contractIn();
  await advance(service, '2027-01-31T00:00:00Z');
  await sql('alter table terms disable trigger terms_announced_deadline');
  await shift(contract, '1 hour', ['lock_at']);
  await sql('alter table terms enable trigger terms_announced_deadline');
  const shifted = await instants(contract);
  expect(await housekeeping()).toMatchObject({ termsMoved: 0 });
  expect(await instants(contract)).toEqual(shifted);
});

test('mails that wait for 09:00, and scheduled reports, follow the new zone rules', async () => {
  const contract = await contractIn();
  const schedule = {
    report: 'usage-lines',
    format: 'csv',
    dayOfMonth: 1,
    locale: 'en',
    customerId: contract.customerId,
  };
  const recipients = [{ name: 'Mori', email: 'mori@customer.example' }];
  expect((await contract.admin.post('/v1/report-schedules', { ...schedule, recipients })).status).toBe(201);
  await advance(service, '2027-01-30T16:00:00Z');
  expect(await mailsOf(contract)).toContain('renewal-locked customer queued');
  await sql(`update mails set leaves_at = leaves_at - interval '1 hour', next_attempt_at = leaves_at - interval '1 hour'
    where status = 'queued'`);
  await sql(`update report_schedules set next_at = next_at + interval '1 hour'`);
  expect(await housekeeping()).toMatchObject({ termsMoved: 0, schedulesMoved: 1, mailsMoved: 2 });
  expect(await sql(`select distinct leaves_at, next_attempt_at from mails where status = 'queued'`)).toEqual([
    { leaves_at: new Date('2027-01-31T00:00:00Z'), next_attempt_at: new Date('2027-01-31T00:00:00Z') },
  ]);
  expect(await sql('select next_at from report_schedules')).toEqual([{ next_at: new Date('2027-02-01T00:00:00Z') }]);
});

test('instances that run jobs correct the instants at their start, and several instances correct them once', async () => {
  const contract = await contractIn();
  const right = await instants(contract);
  await shift(contract, '1 hour', ['ends_at', 'lock_at']);
  const { databaseUrl } = service;
  const instances = await Promise.all([1, 2].map(() => startService({ databaseUrl, env: { JOBS: 'on' } })));
  const runs = async () => (await contract.admin.get('/v1/jobs?job=housekeeping')).body.data as Json[];
  // An instance that stops completes its running jobs first.
  await Promise.all(instances.map((instance) => instance.stop()));
  expect((await runs()).map(({ counts }) => counts.termsMoved as number).reduce((one, other) => one + other, 0)).toBe(
    1,
  );
  expect(await instants(contract)).toEqual(right);
});
