import { ReminderService } from '../../src/features/renewals/reminder.service.js';
import { RenewalLockService } from '../../src/features/renewals/renewal-lock.service.js';
import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import type { DueCounts } from '../../src/features/due-work/due-job.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

/** What is told after days, or years, in which nobody looked, and to a customer who moves; mails stay in their queue. */

let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
});
afterEach(() => service.stop());

/** Runs the jobs about renewals at a moment, as they are ordered in the schedule. */
async function look(at: string): Promise<void> {
  await service.clock.advanceTo(new Date(at));
  for (const job of [RenewalLockService, RollOverService, ReminderService] as const) {
    await runDue<DueCounts>(service, job);
  }
}

/** A line a reason: the term, what the customer is told, and when. */
async function told({ id }: RenewingContract, role = 'customer'): Promise<string[]> {
  const rows = await service.database.read((tx) =>
    tx.query<{ line: string }>(
      `select t.number || ' ' || m.kind || ' ' || to_char(m.queued_at, 'YYYY-MM-DD') as line
       from mails m join terms t on t.id = m.term_id
       where m.subscription_id = $1 and m.recipient_role = $2 order by m.queued_at, t.number, m.id`,
      [id, role],
    ),
  );
  return rows.map(({ line }) => line);
}

async function move({ csm, customerId }: RenewingContract, timeZone: string): Promise<void> {
  const { headers } = await csm.get(`/v1/customers/${customerId}`);
  const moved = await csm.patch(`/v1/customers/${customerId}`, { timeZone }, { 'if-match': headers.get('etag')! });
  expect(moved.status).toBe(200);
}

test('an outage of years: term after term is rolled, each customer hears of each roll-over, and no deadline that is over is announced', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await look('2026-12-31T00:00:00Z');
  await look('2030-01-20T00:00:00Z');
  expect(await renewalStates(contract)).toEqual(['renewed', 'renewed', 'renewed', 'open']);
  expect(await told(contract)).toEqual([
    '0 renewal-reminder-90 2026-12-31',
    '0 term-renewed 2030-01-20',
    '1 term-renewed 2030-01-20',
    '2 term-renewed 2030-01-20',
    '3 renewal-reminder-75 2030-01-20',
  ]);
  // Whether the one reminder was delivered is not known here, and of the other terms there was none.
  expect(await told(contract, 'operator')).toEqual([
    '0 reminders-undelivered 2030-01-20',
    '1 reminders-undelivered 2030-01-20',
    '2 reminders-undelivered 2030-01-20',
  ]);
});

test('after missed days only the newest reminder is sent, once, at any later run', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await look('2027-01-24T00:00:00Z');
  await look('2027-01-24T00:00:00Z');
  await look('2027-01-29T00:00:00Z');
  await look('2027-01-30T14:59:59Z');
  await look('2027-01-30T15:00:00Z');
  expect(await told(contract)).toEqual([
    '0 renewal-reminder-67 2027-01-24',
    '0 renewal-reminder-60 2027-01-30',
    '0 renewal-locked 2027-01-30',
  ]);
});

test('a customer who moves west after a reminder, and back east, gets each of them once, and no deadline reopens', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await look('2026-12-31T00:00:00Z');
  await move(contract, 'America/Los_Angeles');
  for (const at of ['2026-12-31T17:00:00Z', '2027-01-15T00:00:00Z', '2027-01-15T17:00:00Z']) await look(at);
  await move(contract, 'Asia/Tokyo');
  for (const at of ['2027-01-23T00:00:00Z', '2027-01-30T00:00:00Z', '2027-01-30T15:00:00Z']) await look(at);
  await move(contract, 'America/Los_Angeles');
  await look('2027-01-31T08:00:00Z');
  expect(await told(contract)).toEqual([
    '0 renewal-reminder-90 2026-12-31',
    '0 renewal-reminder-75 2027-01-15',
    '0 renewal-reminder-67 2027-01-23',
    '0 renewal-reminder-60 2027-01-30',
    '0 renewal-locked 2027-01-31',
  ]);
  expect(await renewalStates(contract)).toEqual(['locked']);
});
