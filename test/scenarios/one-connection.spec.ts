import { jobNames } from '../../src/jobs/job.js';
import { contractToBookOn, entryOf, fileOf, logOn } from '../support/booking.js';
import { api, type Answer, type Api } from '../support/client.js';
import type { SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

/**
 * Here each lane has only one database connection. A request or job that needed a second connection of its lane would wait for
 * itself until it is refused with 503.
 */
let service: TestService;
let admin: Api;
let sold: SoldContract;
const today = '2026-07-10';

beforeAll(async () => {
  service = await startService({ clock: `${today}T03:00:00Z`, mostOfLane: 1 });
  admin = api(service.baseUrl, service.adminToken);
  sold = await contractToBookOn(service, { package: 'enterprise' });
});
afterAll(() => service.stop());

const pathOf = (path: string): string => `/v1/subscriptions/${sold.id}${path}`;

async function expectOk(answered: Promise<Answer>): Promise<Answer> {
  const answer = await answered;
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

const etagOf = async (path: string): Promise<{ 'if-match': string }> => ({
  'if-match': (await expectOk(admin.get(path))).headers.get('etag')!,
});

describe('with one connection in each lane', () => {
  it('bookings of every kind succeed, alone and concurrently', async () => {
    const entries = Array.from({ length: 20 }, () => ({ subscriptionId: sold.id, ...entryOf(sold, today) }));
    const key = { 'idempotency-key': 'twice' };
    await Promise.all([
      ...entries.map(() => expectOk(logOn(sold, today))),
      expectOk(admin.post(pathOf('/time-entries?dryRun=true'), entryOf(sold, today))),
      expectOk(admin.post('/v1/time-entries/batch', { atomic: true, entries })),
      expectOk(admin.post(pathOf('/time-entries'), entryOf(sold, today), key)),
      expectOk(admin.post(pathOf('/time-entries'), entryOf(sold, today), key)),
    ]);
    const { body } = await expectOk(admin.get(pathOf('/time-entries')));
    const [first, second] = body.data as { id: string }[];
    await expectOk(admin.post(`/v1/time-entries/${first!.id}/reversal`, { reason: 'wrong' }));
    await expectOk(
      admin.post(`/v1/time-entries/${second!.id}/correction`, { reason: 'wrong', ...entryOf(sold, today) }),
    );
    expect((await logOn(sold, today, { consultantId: sold.id })).status).toBe(422);
  });

  it('imports and their undo succeed', async () => {
    const file = fileOf(Array<SoldContract>(4_000).fill(sold), '2026-07-09');
    const importFile = (query: string) =>
      expectOk(admin.send('POST', `/v1/time-entries/import?${query}`, file, { 'content-type': 'text/csv' }));
    const answers = [...(await Promise.all([importFile('dryRun=true'), importFile('')])), await importFile('')];
    const accepted = answers.slice(1).map(({ body }) => body.accepted as number);
    expect(accepted.reduce((sum, count) => sum + count)).toBe(1_440);
    for (const { body } of answers.slice(1)) {
      await expectOk(admin.post(`/v1/imports/${body.importId}/undo`, { reason: 'wrong file' }));
    }
  });

  it('changes of contracts, visits, seats and notices succeed, with and without an idempotency key', async () => {
    const change = async (number: string, headers = {}) =>
      expectOk(admin.patch(pathOf(''), { contractNumber: number }, { ...(await etagOf(pathOf(''))), ...headers }));
    await change('ONE');
    await change('TWO');
    const visit = { startsOn: today, endsOn: today, place: 'Osaka', consultantIds: sold.consultantIds };
    const { body } = await expectOk(admin.post(pathOf('/visits'), visit, { 'idempotency-key': 'visit' }));
    await expectOk(admin.post(pathOf('/visits'), visit, { 'idempotency-key': 'visit' }));
    await expectOk(admin.post(`/v1/visits/${body.id}/cancel`));
    await expectOk(admin.post(pathOf('/seats'), { learnerName: 'Aoki', learnerEmail: 'aoki@customer.example' }));
    await expectOk(admin.post(pathOf('/upgrade?dryRun=true'), { package: 'dedicated' }));
    await expectOk(admin.post(pathOf('/verify')));
    const notice = { party: 'customer', signedBy: 'Aoki', channel: 'email' };
    const given = await expectOk(admin.post(pathOf('/non-renewal-notices'), notice));
    await expectOk(
      admin.post(`/v1/non-renewal-notices/${given.body.id}/withdrawal`, { signedBy: 'Aoki', reason: 'stays' }),
    );
    await expectOk(admin.post('/v1/periods/2026-05/close?dryRun=true'));
    await expectOk(admin.post('/v1/periods/2026-05/close'));
    await expectOk(admin.post('/v1/periods/2026-05/reopen', { reason: 'forgotten' }));
  });

  it('reports and files can be read, also several at the same time', async () => {
    const { body } = await expectOk(admin.get(pathOf('')));
    const term = `/v1/terms/${body.currentTerm.id}`;
    const days = 'from=2026-04-01&to=2026-07-31';
    const paths = [
      ...['csv', 'xlsx', 'json', 'ndjson'].map((format) => `/v1/reports/usage-lines?${days}&format=${format}`),
      `/v1/reports/usage-lines?${days}&basis=closed`,
      `/v1/reports/entitlements?${days}`,
      `${term}/evidence`,
      pathOf('/ledger'),
      pathOf('/burn-down'),
      '/v1/jobs',
      '/health/ready',
    ];
    for (const path of paths) await expectOk(admin.get(path));
    await Promise.all(paths.slice(-4).map((path) => expectOk(admin.get(path))));
  });

  it('every job runs, and twelve concurrent runs of one job do not block requests', async () => {
    const key = { 'idempotency-key': 'run' };
    for (const name of jobNames) await expectOk(admin.post(`/v1/jobs/${name}/run`, undefined, key));
    await expectOk(admin.post('/v1/jobs/term-roll-over/run?dryRun=true'));
    for (const name of ['ledger-verification', 'mail-delivery']) {
      const runs = Promise.all(Array.from({ length: 12 }, () => admin.post(`/v1/jobs/${name}/run`)));
      await Promise.all(Array.from({ length: 10 }, () => expectOk(sold.csm.get(pathOf('/balance')))));
      await expectOk(logOn(sold, today));
      expect((await runs).map(({ status }) => status)).toEqual(Array(12).fill(200));
    }
  });

  it('the clock advances by a year, into the next term; a concurrent advance is refused', async () => {
    const advance = () => admin.post('/v1/clock/advance', { to: '2027-04-02T00:00:00Z' });
    const answers = await Promise.all([advance(), advance()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { body } = await expectOk(admin.get(pathOf('/terms')));
    expect(body.data.map(({ status }: { status: string }) => status)).toEqual(['closed', 'open']);
  });
});
