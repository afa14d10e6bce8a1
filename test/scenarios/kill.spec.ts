import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type Api } from '../support/client.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';

jest.setTimeout(120_000);

const adminToken = 'admin-token-of-the-tests-0123456789';
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'trm-kill-'));
  chmodSync(folder, 0o755);
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

function started(): ServiceProcess {
  return new ServiceProcess({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SECRET_KEY: 'secret-key-of-the-tests-0123456789',
    ADMIN_TOKEN: adminToken,
    CLOCK: 'simulated:2026-07-10T03:00:00Z',
    RATE_LIMIT_PER_MINUTE: '0',
    JOBS: 'off',
  });
}

const idOf = async (admin: Api, path: string, body: object): Promise<string> =>
  (await admin.post(path, body)).body.id as string;

it('a killed service loses no acknowledged booking, and after its restart books a repeated request only once', async () => {
  const first = started();
  const admin = api(await first.ready(), adminToken);
  const customerId = await idOf(admin, '/v1/customers', {
    name: 'Kill KK',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    contacts: [],
  });
  const consultantId = await idOf(admin, '/v1/consultants', { name: 'Sato', email: 'sato@trm.example' });
  const productLineId = await idOf(admin, '/v1/product-lines', { code: 'DB', name: 'Database' });
  const csmId = await idOf(admin, '/v1/users', { name: 'Mori', email: 'mori@trm.example', role: 'csm' });
  const productLineIds = [productLineId];
  const subscription = { customerId, package: 'dedicated', startsOn: '2026-04-01', csmId, productLineIds };
  const subscriptionId = await idOf(admin, '/v1/subscriptions', subscription);
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  await admin.put(`/v1/subscriptions/${subscriptionId}/allocations`, { allocations }, { 'if-match': '"0"' });

  const path = `/v1/subscriptions/${subscriptionId}/time-entries`;
  const book = (client: Api, number: number) =>
    client.post(
      path,
      {
        workDate: `2026-07-0${1 + (number % 9)}`,
        minutes: 1,
        consultantId,
        productLineId,
        activity: 'upgrade',
        delivery: 'remote',
        summary: `Booking ${number}`,
      },
      { 'idempotency-key': `booking-${number}` },
    );

  const acknowledged = new Map<number, string>();
  let next = 0;
  const writer = async (): Promise<void> => {
    for (;;) {
      const number = next++;
      const answer = await book(admin, number).catch(() => undefined);
      if (answer === undefined) return;
      expect(answer.status).toBe(201);
      acknowledged.set(number, answer.body.entry.id as string);
      if (acknowledged.size === 300) first.signal('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 16 }, writer));
  await first.ended;
  expect(acknowledged.size).toBeGreaterThanOrEqual(300);

  const second = started();
  const again = api(await second.ready(), adminToken);
  for (let number = 0; number < next; number++) {
    const answer = await book(again, number);
    expect(answer.status).toBe(201);
    const id = acknowledged.get(number);
    if (id !== undefined)
      expect([answer.body.entry.id, answer.headers.get('idempotency-replayed')]).toEqual([id, 'true']);
  }
  const balance = await again.get(`/v1/subscriptions/${subscriptionId}/balance`);
  expect(balance.body.usedMinutes).toBe(next);
  const verified = await again.post(`/v1/subscriptions/${subscriptionId}/verify`);
  expect(verified.body).toEqual({ consistent: true, differences: [] });
  second.signal('SIGTERM');
  expect(await second.ended).toBe(0);
});
