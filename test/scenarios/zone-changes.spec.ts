import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { ReminderService } from '../../src/features/renewals/reminder.service.js';
import { RenewalLockService } from '../../src/features/renewals/renewal-lock.service.js';
import { MailQueue } from '../../src/platform/mail/mail-queue.js';
import { advance, mailbox, renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

// The term is 2026-04-01…2027-03-31, so 2027-01-30 is the last day for a notice. It ends at 15:00Z in Tokyo, at 08:00Z the day
// after in Los Angeles.
const [tokyo, losAngeles] = ['Asia/Tokyo', 'America/Los_Angeles'];

let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-12-20T03:00:00Z' });
});
afterEach(() => service.stop());

const contractIn = (timeZone: string) => renewingContract(service, { startsOn: '2026-04-01', timeZone, locale: 'en' });

async function move({ csm, customerId }: RenewingContract, timeZone: string): Promise<void> {
  const path = `/v1/customers/${customerId}`;
  const { headers } = await csm.get(path);
  expect((await csm.patch(path, { timeZone }, { 'if-match': headers.get('etag')! })).status).toBe(200);
}

async function noticeReceived({ id, csm }: RenewingContract, receivedAt: string) {
  const notice = { party: 'customer', signedBy: 'Contact 1', channel: 'letter', receivedAt };
  return (await csm.post(`/v1/subscriptions/${id}/non-renewal-notices`, notice)).body;
}

async function pageOf({ id, csm, contacts }: RenewingContract): Promise<string> {
  const [term] = (await csm.get(`/v1/subscriptions/${id}/terms`)).body.data;
  const link = service.app.get(DeclineLinks).linkFor({ termId: term.id, address: contacts[0]! });
  const page = await (await fetch(service.baseUrl + new URL(link).pathname)).text();
  return page.replace(/<\/?span[^>]*>/g, '');
}

test('a notice stays in time if the customer moves from Los Angeles to Tokyo on the last day', async () => {
  const contract = await contractIn(losAngeles);
  await advance(service, '2027-01-30T20:00:00Z');
  await move(contract, tokyo);
  await advance(service, '2027-01-30T23:00:00Z');
  expect(await renewalStates(contract)).toEqual(['open']);
  expect(await pageOf(contract)).toContain('America/Los_Angeles, UTC-08:00');
  await advance(service, '2027-01-31T10:00:00Z');
  expect(await renewalStates(contract)).toEqual(['locked']);
  expect(await noticeReceived(contract, '2027-01-31T08:00:00Z')).toMatchObject({ effective: false, reason: 'late' });
  expect(await noticeReceived(contract, '2027-01-30T23:00:00Z')).toMatchObject({
    effective: true,
    renewalState: 'declined',
  });
  await advance(service, '2027-01-31T10:00:00Z');
  const { text } = (await mailbox(service)).at(-1)!;
  expect(text).toMatch(/2027-01-30 \(Saturday\), until midnight[^]*time zone: America\/Los_Angeles, UTC-08:00/);
});

test('the last day ends later if the customer moves from Tokyo to Los Angeles, in mails and on the decline page too', async () => {
  const contract = await contractIn(tokyo);
  await advance(service, '2027-01-30T14:00:00Z');
  await move(contract, losAngeles);
  await advance(service, '2027-01-31T07:59:00Z');
  expect(await renewalStates(contract)).toEqual(['open']);
  expect(await pageOf(contract)).toContain('America/Los_Angeles, UTC-08:00');
  const { id } = await noticeReceived(contract, '2027-01-31T07:58:00Z');
  const { csm } = contract;
  await csm.post(`/v1/non-renewal-notices/${id}/withdrawal`, { signedBy: 'Contact 1', reason: 'We stay' });
  await advance(service, '2027-01-31T08:00:00Z');
  expect(await renewalStates(contract)).toEqual(['locked']);
  await advance(service, '2027-02-02T00:00:00Z');
  expect((await mailbox(service)).at(-1)!.text).toMatch(/America\/Los_Angeles,\s+UTC-08:00/);
});

test('before the first reminder the deadline moves with the customer, even to an earlier instant', async () => {
  const contract = await contractIn(losAngeles);
  await move(contract, tokyo);
  await advance(service, '2027-01-30T16:00:00Z');
  expect(await renewalStates(contract)).toEqual(['locked']);
  expect(await noticeReceived(contract, '2027-01-30T15:00:00Z')).toMatchObject({ effective: false, reason: 'late' });
});

test('a locked renewal stays locked, even if the last day is not over in the new zone', async () => {
  const contract = await contractIn(tokyo);
  await advance(service, '2027-01-30T16:00:00Z');
  await move(contract, losAngeles);
  await advance(service, '2027-01-30T20:00:00Z');
  expect(await renewalStates(contract)).toEqual(['locked']);
  expect(await noticeReceived(contract, '2027-01-30T19:00:00Z')).toMatchObject({ effective: false, reason: 'late' });
  expect(await pageOf(contract)).toContain('Asia/Tokyo, UTC+09:00');
});

test('a queued reminder is still sent before the moved deadline, and names the new zone', async () => {
  const contract = await contractIn(tokyo);
  await advance(service, '2027-01-29T00:00:00Z');
  await runDue(service, ReminderService, new Date('2027-01-30T00:00:00Z'));
  await move(contract, losAngeles);
  const afterTokyo = new Date('2027-01-30T20:00:00Z');
  await runDue(service, RenewalLockService, afterTokyo);
  expect(await service.app.get(MailQueue).runDue(afterTokyo)).toMatchObject({ sent: 2, failed: 0 });
  const last = (await mailbox(service)).at(-1)!;
  expect(last.text).toContain('America/Los_Angeles, UTC-08:00');
  expect(last.text).not.toContain('Asia/Tokyo');
});

test('mails that wait for 09:00 wait for 09:00 in the customer’s new zone', async () => {
  const [west, east] = [await contractIn(tokyo), await contractIn(losAngeles)];
  const confirmations = async ({ id, csm }: RenewingContract) => {
    const { data } = (await csm.get(`/v1/subscriptions/${id}/reminders?limit=200`)).body;
    return (data as { kind: string; status: string; plannedAt: string }[])
      .filter(({ kind }) => kind === 'renewal-locked')
      .map(({ status, plannedAt }) => [status, plannedAt]);
  };
  await advance(service, '2027-01-30T20:00:00Z');
  expect(await confirmations(west)).toEqual(Array(2).fill(['queued', '2027-01-31T00:00:00.000Z']));
  await move(west, losAngeles);
  await advance(service, '2027-01-31T09:00:00Z');
  expect(await confirmations(west)).toEqual(Array(2).fill(['queued', '2027-01-31T17:00:00.000Z']));

  // In Tokyo it is past 09:00 on that day, so these mails leave at once.
  expect(await confirmations(east)).toEqual(Array(2).fill(['queued', '2027-01-31T17:00:00.000Z']));
  await move(east, tokyo);
  await advance(service, '2027-01-31T09:00:00Z');
  expect((await confirmations(east)).map(([status]) => status)).toEqual(['sent', 'sent']);
  await advance(service, '2027-01-31T16:59:59Z');
  expect((await confirmations(west)).map(([status]) => status)).toEqual(['queued', 'queued']);
  await advance(service, '2027-01-31T17:00:00Z');
  expect((await confirmations(west)).map(([status]) => status)).toEqual(['sent', 'sent']);
});
