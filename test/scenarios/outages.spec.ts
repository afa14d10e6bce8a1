import { ReminderService } from '../../src/features/renewals/reminder.service.js';
import { RenewalLockService } from '../../src/features/renewals/renewal-lock.service.js';
import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import type { DueCounts } from '../../src/features/due-work/due-job.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

/** Which mails are queued after days or years in which no job ran, and after a customer moves. No mail is delivered here. */

let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
});
afterEach(() => service.stop());

/** Runs the renewal jobs at this moment, in the order of the schedule. */
async function runJobsAt(at: string): Promise<void> {
  await service.clock.advanceTo(new Date(at));
  for (const job of [RenewalLockService, RollOverService, ReminderService] as const) {
    await runDue<DueCounts>(service, job);
  }
}

/** One line for each queued mail: the number of its term, its kind and its day. */
async function queuedMails({ id }: RenewingContract, role = 'customer'): Promise<string[]> {
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

test('after an outage of years each missed term rolls over with a mail, and no past deadline is announced', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await runJobsAt('2026-12-31T00:00:00Z');
  await runJobsAt('2030-01-20T00:00:00Z');
  expect(await renewalStates(contract)).toEqual(['renewed', 'renewed', 'renewed', 'open']);
  expect(await queuedMails(contract)).toEqual([
    '0 renewal-reminder-90 2026-12-31',
    '0 term-renewed 2030-01-20',
    '1 term-renewed 2030-01-20',
    '2 term-renewed 2030-01-20',
    '3 renewal-reminder-75 2030-01-20',
  ]);
  // The only reminder of term 0 is still queued, and terms 1 and 2 had no reminder.
  expect(await queuedMails(contract, 'operator')).toEqual([
    '0 reminders-undelivered 2030-01-20',
    '1 reminders-undelivered 2030-01-20',
    '2 reminders-undelivered 2030-01-20',
  ]);
});

test('after missed days only the newest reminder is queued, and only once', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await runJobsAt('2027-01-24T00:00:00Z');
  await runJobsAt('2027-01-24T00:00:00Z');
  await runJobsAt('2027-01-29T00:00:00Z');
  await runJobsAt('2027-01-30T14:59:59Z');
  await runJobsAt('2027-01-30T15:00:00Z');
  expect(await queuedMails(contract)).toEqual([
    '0 renewal-reminder-67 2027-01-24',
    '0 renewal-reminder-60 2027-01-30',
    '0 renewal-locked 2027-01-30',
  ]);
});

test('a customer who moves west and back east after a reminder gets each reminder once, and no deadline reopens', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await runJobsAt('2026-12-31T00:00:00Z');
  await move(contract, 'America/Los_Angeles');
  for (const at of ['2026-12-31T17:00:00Z', '2027-01-15T00:00:00Z', '2027-01-15T17:00:00Z']) await runJobsAt(at);
  await move(contract, 'Asia/Tokyo');
  for (const at of ['2027-01-23T00:00:00Z', '2027-01-30T00:00:00Z', '2027-01-30T15:00:00Z']) await runJobsAt(at);
  await move(contract, 'America/Los_Angeles');
  await runJobsAt('2027-01-31T08:00:00Z');
  expect(await queuedMails(contract)).toEqual([
    '0 renewal-reminder-90 2026-12-31',
    '0 renewal-reminder-75 2027-01-15',
    '0 renewal-reminder-67 2027-01-23',
    '0 renewal-reminder-60 2027-01-30',
    '0 renewal-locked 2027-01-31',
  ]);
  expect(await renewalStates(contract)).toEqual(['locked']);
});
