import type { ParsedMail } from 'mailparser';
import { ReminderService } from '../../src/features/renewals/reminder.service.js';
import type { Json } from '../support/client.js';
import { advance, mailbox, mailsOf, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

// The last day for a notice of 2026-04-01…2027-03-31 is 2027-01-30; in Tokyo it ends at 15:00Z.
let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-12-20T03:00:00Z' });
});
afterEach(() => service.stop());

const contractOf = (more: Parameters<typeof renewingContract>[1] = {}) =>
  renewingContract(service, { startsOn: '2026-04-01', locale: 'en', package: 'premier', ...more });

const to = (mail: ParsedMail): string => [mail.to!].flat()[0]!.value[0]!.address!;
const toCustomer = async ({ contacts }: RenewingContract) =>
  (await mailbox(service)).filter((mail) => contacts.includes(to(mail)));

async function sentAt({ id, csm }: RenewingContract, kind: string): Promise<(string | null)[]> {
  const { data } = (await csm.get(`/v1/subscriptions/${id}/reminders?limit=200`)).body;
  return (data as Json[]).filter((mail) => mail.kind === kind).map((mail) => mail.sentAt as string | null);
}

async function setNextPackage({ id, csm }: RenewingContract, code: string | null): Promise<void> {
  const path = `/v1/subscriptions/${id}/next-package`;
  const match = { 'if-match': (await csm.get(`/v1/subscriptions/${id}`)).headers.get('etag')! };
  const { status } = await (code ? csm.put(path, { package: code }, match) : csm.delete(path, match));
  expect(status).toBe(200);
}

const noticeReceived = ({ id, csm }: RenewingContract, receivedAt: string) =>
  csm.post(`/v1/subscriptions/${id}/non-renewal-notices`, {
    party: 'customer',
    signedBy: 'Contact 1',
    channel: 'letter',
    receivedAt,
  });

test.each([
  ['Asia/Tokyo', '2027-01-31T00:00:00.000Z', '2027-04-01T00:00:00.000Z'],
  ['America/Los_Angeles', '2027-01-31T17:00:00.000Z', '2027-04-01T16:00:00.000Z'],
])(
  'in %s the mails about the lock and the roll-over leave at 09:00 of the next day',
  async (timeZone, lockMailAt, rollOverMailAt) => {
    const contract = await contractOf({ timeZone });
    await advance(service, '2027-04-02T00:00:00Z');
    expect(await sentAt(contract, 'renewal-locked')).toEqual([lockMailAt, lockMailAt]);
    expect(await sentAt(contract, 'term-renewed')).toEqual([rollOverMailAt, rollOverMailAt]);
    const dates = (await toCustomer(contract)).map(({ date }) => date!.toISOString());
    expect(dates).toEqual(expect.arrayContaining([lockMailAt, rollOverMailAt]));
  },
);

test('a lock that an outage delayed past 09:00 is mailed at once', async () => {
  const contract = await contractOf();
  await advance(service, '2027-01-30T14:00:00Z');
  await service.clock.advanceTo(new Date('2027-01-31T05:00:00Z'));
  await advance(service, '2027-01-31T05:00:00Z');
  expect(await sentAt(contract, 'renewal-locked')).toEqual(Array(2).fill('2027-01-31T05:00:00.000Z'));
});

test('no confirmation of the lock is sent if a notice in time is recorded in the night after the lock', async () => {
  const contract = await contractOf();
  await advance(service, '2027-01-30T18:00:00Z');
  expect((await noticeReceived(contract, '2027-01-30T10:00:00Z')).body).toMatchObject({ renewalState: 'declined' });
  await advance(service, '2027-02-02T00:00:00Z');
  expect((await mailsOf(contract)).filter((mail) => mail.startsWith('renewal-locked'))).toEqual([
    'renewal-locked customer failed',
    'renewal-locked csm failed',
  ]);
  const recorded = (await toCustomer(contract)).at(-1)!;
  expect(recorded.text).toMatch(/This confirmation replaces any earlier/);
});

test('the mail about a notice in time that is recorded days after the lock replaces its confirmation, and offers no withdrawal', async () => {
  const contract = await contractOf();
  await advance(service, '2027-02-08T00:00:00Z');
  await noticeReceived(contract, '2027-01-30T10:00:00Z');
  await advance(service, '2027-02-08T01:00:00Z');
  const recorded = (await toCustomer(contract)).at(-1)!;
  expect(recorded.text).toMatch(/This confirmation replaces any earlier confirmation that the\s+subscription will/);
  expect(recorded.text).not.toMatch(/withdraw it/);
});

test('after the lock each change of the next package is mailed once to the recipients of the confirmation', async () => {
  const contract = await contractOf({ contacts: 2 });
  await setNextPackage(contract, 'basic');
  await advance(service, '2027-02-08T00:00:00Z');
  const changes = async () => (await mailsOf(contract)).filter((mail) => mail.startsWith('renewal-changed'));
  expect(await changes()).toEqual([]);
  await setNextPackage(contract, 'enterprise');
  await setNextPackage(contract, 'enterprise');
  expect(await changes()).toHaveLength(3);
  await setNextPackage(contract, null);
  await setNextPackage(contract, 'premier');
  await advance(service, '2027-02-09T00:00:00Z');
  expect(await changes()).toHaveLength(6);
  const mails = (await toCustomer(contract)).filter(({ subject }) => /will renew as/.test(subject!));
  expect(mails.map(({ subject }) => subject!.replace(/^.*: /, '')).sort()).toEqual([
    ...Array<string>(2).fill('the subscription will renew as Enterprise, not as Basic'),
    ...Array<string>(2).fill('the subscription will renew as Premier, not as Enterprise'),
  ]);
});

test('an upgrade after the lock is mailed as a change of the renewal, and its preview sends no mail', async () => {
  const contract = await contractOf();
  await advance(service, '2027-02-08T00:00:00Z');
  const upgrade = (query: string) =>
    contract.csm.post(`/v1/subscriptions/${contract.id}/upgrade${query}`, { package: 'enterprise' });
  const changes = async () => (await mailsOf(contract)).filter((mail) => mail.startsWith('renewal-changed'));
  await upgrade('?dryRun=true');
  expect(await changes()).toEqual([]);
  await upgrade('');
  expect(await changes()).toHaveLength(2);
});

test('an upgrade above the next package drops the next package, and the CSM gets one mail at once', async () => {
  const contract = await contractOf();
  const dropped = async () => (await mailsOf(contract)).filter((mail) => mail.startsWith('next-package-dropped'));
  await setNextPackage(contract, 'enterprise');
  const upgrade = (to: string, query = '') =>
    contract.csm.post(`/v1/subscriptions/${contract.id}/upgrade${query}`, { package: to });
  await upgrade('dedicated', '?dryRun=true');
  expect(await dropped()).toEqual([]);
  expect((await upgrade('dedicated')).status).toBe(200);
  expect(await dropped()).toHaveLength(1);
  expect((await mailsOf(contract)).filter((mail) => mail.startsWith('renewal-changed'))).toEqual([]);
});

test('a change in the night after the lock is mailed in the morning, with the confirmation of the lock', async () => {
  const contract = await contractOf();
  await advance(service, '2027-01-30T18:00:00Z');
  await setNextPackage(contract, 'basic');
  await advance(service, '2027-02-01T00:00:00Z');
  const morning = '2027-01-31T00:00:00.000Z';
  expect(await sentAt(contract, 'renewal-changed')).toEqual([morning, morning]);
  expect(await sentAt(contract, 'renewal-locked')).toEqual([morning, morning]);
});

test('mails about several subscriptions of one customer have different subjects, with the contract number if there is one', async () => {
  const contract = await contractOf();
  const { csm, customerId } = contract;
  const line = (await contract.admin.post('/v1/product-lines', { code: 'NET', name: 'Network' })).body.id as string;
  const more = { customerId, package: 'premier', startsOn: '2026-04-01' };
  await csm.post('/v1/subscriptions', { ...more, productLineIds: [line] });
  await csm.post('/v1/subscriptions', { ...more, contractNumber: 'C-1047' });
  await advance(service, '2026-12-31T00:00:00Z');
  const subjects = (await toCustomer(contract)).map(({ subject }) => subject!.split(':')[0]);
  expect(subjects.sort()).toEqual(['[TRM] Premier', '[TRM] Premier (Network)', '[TRM] Premier, contract C-1047']);
});

test('the sequence number of the calendar file rises with each mail, even within one minute', async () => {
  const contract = await contractOf();
  await advance(service, '2027-01-10T00:00:00Z');
  const given = await noticeReceived(contract, '2027-01-10T00:00:00Z');
  const path = `/v1/non-renewal-notices/${given.body.id}/withdrawal`;
  await contract.csm.post(path, { signedBy: 'Contact 1', reason: 'We stay' });
  await runDue(service, ReminderService);
  await advance(service, '2027-01-10T00:00:00Z');
  const files = (await toCustomer(contract)).flatMap(({ attachments }) =>
    attachments.filter(({ filename }) => filename === 'notice-deadline.ics').map(({ content }) => content.toString()),
  );
  const events = files.map((file) => [/METHOD:(\w+)/.exec(file)![1], Number(/SEQUENCE:(\d+)/.exec(file)![1])] as const);
  expect(events.map(([method]) => method)).toEqual(['PUBLISH', 'CANCEL', 'PUBLISH']);
  const numbers = events.map(([, sequence]) => sequence);
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
});
