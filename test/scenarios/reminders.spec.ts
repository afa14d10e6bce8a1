import type { AddressObject, ParsedMail } from 'mailparser';
import { startService, type TestService } from '../support/service.js';
import { advance, mailbox, mailsOf, renewalStates, renewingContract } from '../support/renewal.js';

let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
});
afterEach(() => service.stop());

const to = (mail: ParsedMail): string => (mail.to as AddressObject).value[0]!.address!;

describe.each([
  // 2027-03-31 less 90, 75, 67 and 60 days, at 09:00; Los Angeles is in winter time by then.
  { timeZone: 'Asia/Tokyo', hour: 'T00:00:00.000Z' },
  { timeZone: 'America/Los_Angeles', hour: 'T17:00:00.000Z' },
])('in $timeZone', ({ timeZone, hour }) => {
  test('four reminders go to every renewal contact and the CSM, then the renewal is locked and the term rolls over', async () => {
    const contract = await renewingContract(service, { startsOn: '2026-04-01', timeZone, locale: 'en', contacts: 2 });
    await advance(service, '2027-04-02T00:00:00Z');

    const { data } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/reminders`)).body;
    const reminders = (
      data as { daysBefore: number | null; sentAt: string; recipient: { role: string; address: string } }[]
    ).filter(({ daysBefore }) => daysBefore !== null);
    const recipients = [...contract.contacts, 'csm'];
    expect(
      reminders
        .filter(({ sentAt }) => sentAt !== null)
        .map(({ daysBefore, sentAt, recipient }) => [
          daysBefore,
          sentAt,
          recipient.role === 'csm' ? 'csm' : recipient.address,
        ]),
    ).toEqual([
      ...recipients.map((recipient) => [90, `2026-12-31${hour}`, recipient]),
      ...recipients.map((recipient) => [75, `2027-01-15${hour}`, recipient]),
      ...recipients.map((recipient) => [67, `2027-01-23${hour}`, recipient]),
      ...recipients.map((recipient) => [60, `2027-01-30${hour}`, recipient]),
    ]);
    expect(await renewalStates(contract)).toEqual(['renewed', 'open']);
    expect((await mailsOf(contract)).slice(12)).toEqual([
      ...Array<string>(2).fill('renewal-locked customer sent'),
      'renewal-locked csm sent',
      ...Array<string>(2).fill('term-renewed customer sent'),
      'term-renewed csm sent',
      ...[90, 75, 67, 60].flatMap((days) => [
        ...Array<string>(2).fill(`renewal-reminder-${days} customer planned`),
        `renewal-reminder-${days} csm planned`,
      ]),
    ]);
  });
});

test('a reminder says in the customer’s language what renews, what expires, and until when the customer can give notice', async () => {
  const japanese = await renewingContract(service, { startsOn: '2026-04-01', package: 'premier' });
  const english = await renewingContract(service, {
    startsOn: '2026-04-01',
    timeZone: 'America/Los_Angeles',
    locale: 'en',
  });
  await english.csm.put(`/v1/subscriptions/${english.id}/next-package`, { package: 'premier' }, { 'if-match': '"1"' });
  await advance(service, '2026-12-31T18:00:00Z');

  const mails = await mailbox(service);
  const ja = mails.find((mail) => to(mail) === japanese.contacts[0])!;
  expect(ja.subject).toBe('【TRM】プレミア 契約更新のご案内（更新しない場合の通知期限：2027年1月30日(土)）');
  for (const words of [
    '山田 太郎1 様',
    'いつもお世話になっております',
    '2026年4月1日(水)～2027年3月31日(水)',
    '0 時間（付与時間 192 時間）',
    '2027年1月30日(土) 24:00 まで',
    '（タイムゾーン：Asia/Tokyo、UTC+09:00）',
    '直前の営業日：2027年1月29日(金)',
    'http://trm.test/decline/',
    '2027年4月1日(木)～2028年3月31日(金)',
    '自動的に 1 年間更新されます',
  ]) {
    expect(ja.text).toContain(words);
  }
  const en = mails.find((mail) => to(mail) === english.contacts[0])!;
  expect(en.subject).toBe('[TRM] Basic: the last day for a notice of non-renewal is 2027-01-30 (Saturday)');
  for (const words of [
    'Dear Contact 1',
    '0 hours of 96 hours',
    'Premier with 192 hours',
    '2027-04-01 (Thursday) to 2028-03-31 (Friday)',
    '2027-01-30 (Saturday), until midnight at the',
    '(time zone: America/Los_Angeles, UTC-08:00)',
  ]) {
    expect(en.text).toContain(words);
  }
  expect(en.date).toEqual(new Date('2026-12-31T17:00:00Z'));
});

test('after missed reminder days, only the newest reminder is sent, once', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  // The clock moves without running the jobs, past the first two reminders.
  await service.clock.advanceTo(new Date('2027-01-16T00:00:00Z'));
  await advance(service, '2027-01-16T00:00:00Z');
  expect((await mailsOf(contract)).filter((mail) => mail.endsWith('sent'))).toEqual([
    'renewal-reminder-75 customer sent',
    'renewal-reminder-75 csm sent',
  ]);
  await advance(service, '2027-01-17T00:00:00Z');
  expect(await mailbox(service)).toHaveLength(2);
});

test('a contract entered with past terms gets its missed reminder, and no mail about earlier terms', async () => {
  await advance(service, '2027-01-20T00:00:00Z');
  const contract = await renewingContract(service, { startsOn: '2024-04-01' });
  await advance(service, '2027-01-20T01:00:00Z');
  expect((await mailsOf(contract)).filter((mail) => mail.endsWith('sent'))).toEqual([
    'renewal-reminder-75 customer sent',
    'renewal-reminder-75 csm sent',
  ]);
  expect(await renewalStates(contract)).toEqual(['renewed', 'renewed', 'open']);
});

test('after an outage over the deadline, the renewal is locked and no reminder is sent', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await service.clock.advanceTo(new Date('2027-02-05T00:00:00Z'));
  await advance(service, '2027-02-05T00:00:00Z');
  expect(await mailsOf(contract)).toEqual([
    'renewal-locked customer sent',
    'renewal-locked csm sent',
    'reminders-undelivered csm sent',
    'reminders-undelivered operator sent',
  ]);
  expect(await renewalStates(contract)).toEqual(['locked']);
});

test('no reminder is sent after a notice, even if it was queued before', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await advance(service, '2026-12-30T23:00:00Z');
  await service.clock.advanceTo(new Date('2026-12-31T00:00:00Z'));
  expect((await contract.admin.post('/v1/jobs/renewal-reminders/run')).body).toMatchObject({
    outcome: 'succeeded',
    counts: { terms: 1, mails: 2 },
  });
  const notice = { party: 'customer', signedBy: '山田 太郎', channel: 'portal' };
  expect((await contract.customer.post(`/v1/subscriptions/${contract.id}/non-renewal-notices`, notice)).status).toBe(
    201,
  );
  await advance(service, '2027-02-05T00:00:00Z');
  expect(await mailsOf(contract)).toEqual([
    'renewal-reminder-90 customer failed',
    'renewal-reminder-90 csm failed',
    'notice-recorded customer sent',
    'notice-recorded csm sent',
  ]);
});

test('work that fell due while the service was stopped is done at the next start', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  const { databaseUrl } = service;
  const later = await startService({ databaseUrl, clock: '2027-01-15T00:00:00Z', env: { JOBS: 'on' } });
  const sent = async () => (await mailsOf(contract)).filter((mail) => mail.endsWith('sent'));
  while ((await sent()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await sent()).toEqual(['renewal-reminder-75 customer sent', 'renewal-reminder-75 csm sent']);
  await later.stop();
});

test('a customer without renewal contacts is reminded through its CSM', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 0 });
  await advance(service, '2027-01-01T00:00:00Z');
  expect(await mailbox(service)).toHaveLength(1);
  expect((await contract.customer.get(`/v1/subscriptions/${contract.id}/reminders`)).body.data).toEqual([]);
});
