import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// The ledger of each term with its running balance, and its verification.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/ledger`;
});
afterAll(() => service.stop());

test('each row shows what is left after it', async () => {
  const { status, text } = await (await consoleClient(service, subscription.csm)).get(path);
  expect(status).toBe(200);
  expect(text).toMatch(/Granted \+192 h 192 h/);
  expect(text).toMatch(/Used −5 h 187 h/);
  expect(text).toMatch(/Supplement \+20 h 144 h/);
});

test('the balances are verified', async () => {
  const finance = await consoleClient(service, subscription.finance);
  const verified = await finance.submit(await finance.get(path), `${path}/verification`);
  expect((await finance.follow(verified)).text).toContain('All stored balances agree with the ledger.');
});

test('a customer reads the ledger and cannot verify it', async () => {
  const { status, text } = await (await consoleClient(service, subscription.customer)).get(path);
  expect(status).toBe(200);
  expect(text).toContain('Left after it');
  expect(text).not.toContain('Verify');
});

test('after a renewal, each term has its ledger', async () => {
  await subscription.admin.post('/v1/clock/advance', { to: '2027-04-02T00:00:00Z' });
  const csm = await consoleClient(service, subscription.csm);
  const now = await csm.get(path);
  expect(now.text).toMatch(/Granted \+192 h 192 h/);
  expect(now.text).not.toContain('Supplement');
  const first = /<option value="([^"]*)"/.exec(now.html)![1]!;
  expect((await csm.get(`${path}?term=${first}`)).text).toMatch(/Expired −144 h 0 min/);
  expect((await csm.get(`${path}?term=${subscription.id}`)).status).toBe(404);
});
