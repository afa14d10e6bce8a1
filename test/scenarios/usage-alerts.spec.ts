import type { AddressObject, ParsedMail } from 'mailparser';
import { api } from '../support/client.js';
import { person } from '../support/people.js';
import { advance } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { alertsOf, messagesAbout, use, usageMailsOf, usedContract, type UsedContract } from '../support/usage.js';

// The tests advance the clock over many months, which takes long.
jest.setTimeout(120_000);

// Basic grants 5,760 minutes: 480 a service month, with a tolerance of 48.
let service: TestService;
/** A second instance on the same database. */
let twin: TestService;

/** Starts one service for the tests of a group. Its clock only moves forward. */
function withService(): void {
  beforeAll(async () => {
    service = await startService({ clock: '2026-04-01T01:00:00Z' });
    twin = await startService({ clock: '2026-04-01T01:00:00Z', databaseUrl: service.databaseUrl });
  });
  afterAll(async () => {
    await twin.stop();
    await service.stop();
  });
}

const to = (mail: ParsedMail): string => (mail.to as AddressObject).value[0]!.address!;

describe('use', () => {
  withService();

  test('each threshold of used hours causes one alert when it is exactly reached; from 80 % on the customer gets it too', async () => {
    const contract = await usedContract(service, { startsOn: '2026-04-01', locale: 'ja', usageContacts: 2 });
    await advance(service, '2026-04-05T01:00:00Z');
    await use(contract, '2026-04-01', 1440);
    await use(contract, '2026-04-02', 1439);
    await advance(service, '2026-04-05T02:00:00Z');
    expect(await alertsOf(contract)).toEqual(['ahead']);
    await use(contract, '2026-04-03', 1);
    await advance(service, '2026-04-05T03:00:00Z');
    await use(contract, '2026-04-03', 1439);
    await use(contract, '2026-04-04', 289);
    await advance(service, '2026-04-05T04:00:00Z');
    await use(contract, '2026-04-04', 1151);
    await use(contract, '2026-04-05', 1);
    await advance(service, '2026-04-05T05:00:00Z');

    expect(await alertsOf(contract)).toEqual(['ahead', 'used-50', 'used-80', 'used-100']);
    // Their mails leave at 09:00 of the customer's next day.
    await advance(service, '2026-04-05T23:59:59Z');
    expect(await usageMailsOf(contract, 'alert')).toEqual([]);
    await advance(service, '2026-04-06T00:00:00Z');
    expect(await usageMailsOf(contract, 'alert')).toEqual([
      'ahead csm',
      'used-50 csm',
      'used-80 customer',
      'used-80 customer',
      'used-80 csm',
      'used-100 customer',
      'used-100 customer',
      'used-100 csm',
    ]);
    const stranger = await person(service, 'csm');
    expect((await stranger.get(`/v1/subscriptions/${contract.id}/alerts`)).status).toBe(404);
    const mails = await messagesAbout(service, contract);
    const mail = mails.find(({ subject }) => subject!.includes('80%'));
    expect(mails.map(to).filter((address) => address.endsWith('customer.example'))).toEqual([
      ...contract.usage,
      ...contract.usage,
    ]);
    expect(mail!.subject).toBe('【TRM】ベーシック（Database） ご利用時間が付与時間の 80% に達しました');
    expect(mail!.text).toContain('76.8 時間（付与時間 96 時間の 80%）');
    expect(mail!.replyTo!.value[0]!.address).toMatch(/^csm-\d+@trm\.example$/);
  });

  test('one booking that reaches several thresholds causes one mail, about the highest; use after a reversal does not repeat it', async () => {
    const contract = await usedContract(service, { startsOn: '2026-04-01', package: 'basic' });
    const days = ['2026-04-01', '2026-04-02', '2026-04-03', '2026-04-04'];
    for (const day of days.slice(0, 3)) await use(contract, day, 1440);
    const last = await use(contract, days[3]!, 300);
    await advance(service, '2026-04-06T06:00:00Z');
    expect(await alertsOf(contract)).toEqual(['ahead', 'used-50 (not mailed)', 'used-80']);
    expect((await contract.csm.post(`/v1/time-entries/${last.id}/reversal`, { reason: 'Wrong customer' })).status).toBe(
      201,
    );
    await advance(service, '2026-04-06T07:00:00Z');
    await use(contract, days[3]!, 300);
    await advance(service, '2026-04-06T08:00:00Z');
    await advance(service, '2026-04-07T00:00:00Z');
    expect(await usageMailsOf(contract, 'alert')).toEqual(['used-80 customer', 'used-80 csm', 'ahead csm']);
    const mail = (await messagesAbout(service, contract)).find((one) => to(one) === contract.usage[0]);
    expect(mail!.subject).toBe('[TRM] Basic (Database): 80% of the hours are used');
    expect(mail!.text).toContain('77 hours of 96 hours (80%)');
  });

  test('after an upgrade thresholds refer to the new total, and an alert is not repeated', async () => {
    const contract = await usedContract(service, { startsOn: '2026-04-01' });
    for (const day of ['2026-04-01', '2026-04-02']) await use(contract, day, 1440);
    await advance(service, '2026-04-07T09:00:00Z');
    expect(await alertsOf(contract)).toEqual(['ahead', 'used-50']);
    const upgraded = await contract.csm.post(`/v1/subscriptions/${contract.id}/upgrade`, {
      package: 'premier',
      effectiveOn: '2026-04-01',
    });
    expect(upgraded.status).toBe(200);
    // All entries together are more than 80 % of Basic, but only 40 % of Premier.
    for (const [day, minutes] of [
      ['2026-04-03', 1440],
      ['2026-04-04', 300],
    ] as const)
      await use(contract, day, minutes);
    await advance(service, '2026-04-07T10:00:00Z');
    expect(await alertsOf(contract)).toEqual(['ahead', 'used-50']);
  });
});

describe('time', () => {
  withService();

  test('time alone causes alerts in the morning: behind by more than two months, and hours about to expire', async () => {
    const contract = await usedContract(service, { startsOn: '2026-04-01', timeZone: 'America/Los_Angeles' });
    // 09:00 of the first day of the third month; the plan has then released more than two twelfths.
    await advance(service, '2026-06-01T15:59:59Z');
    expect(await alertsOf(contract)).toEqual([]);
    await advance(service, '2026-06-01T16:00:00Z');
    expect(await alertsOf(contract)).toEqual(['behind']);

    // 90 days before 2027-03-31. Runs on request, on two instances at the same time, cause no second alert.
    await service.clock.advanceTo(new Date('2026-12-31T17:00:00Z'));
    await twin.clock.advanceTo(new Date('2026-12-31T17:00:00Z'));
    const runs = await Promise.all(
      [service, twin, service].map(({ baseUrl, adminToken }) =>
        api(baseUrl, adminToken).post('/v1/jobs/pace-alerts/run'),
      ),
    );
    expect(runs.map(({ body }) => body.outcome as string)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    await advance(service, '2026-12-31T17:00:00Z');
    expect(await alertsOf(contract)).toEqual(['behind', 'expiring']);
    expect(await usageMailsOf(contract, 'alert')).toEqual(['behind csm', 'expiring customer', 'expiring csm']);
    // Of the months in which no job ran, only the newest gets a statement.
    expect(await usageMailsOf(contract, 'statement')).toEqual(['1 customer', '2 customer', '8 customer']);
    const mail = (await messagesAbout(service, contract)).find(({ subject }) => subject!.includes('likely to expire'));
    expect(to(mail!)).toBe(contract.usage[0]);
    expect(mail!.text).toContain('96 hours will be left');
  });

  test('a reversal can put a term behind', async () => {
    const contract = await usedContract(service, { startsOn: '2026-11-01', usageContacts: 0 });
    const entry = await use(contract, '2026-12-30', 400);
    await advance(service, '2027-01-05T03:00:00Z');
    expect(await alertsOf(contract)).toEqual([]);
    await contract.csm.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'Not done' });
    await advance(service, '2027-01-05T04:00:00Z');
    expect(await alertsOf(contract)).toEqual(['behind']);
  });

  test('a contract entered late gets its due alerts once, on the next morning; late work in a closed term causes none', async () => {
    const contract = await usedContract(service, { startsOn: '2025-03-15', timeZone: 'UTC' });
    await advance(service, '2027-01-06T08:59:59Z');
    expect(await alertsOf(contract)).toEqual([]);
    await advance(service, '2027-01-06T09:00:00Z');
    expect(await alertsOf(contract)).toEqual(['behind', 'expiring']);
    // These entries belong to the first term, which is long closed.
    for (const day of ['01', '02', '03', '04']) await use(contract, `2025-04-${day}`, 1440);
    await advance(service, '2027-01-20T00:00:00Z');
    expect(await usageMailsOf(contract, 'alert')).toEqual(['behind csm', 'expiring customer', 'expiring csm']);
  });

  test('a customer that moves to another zone gets its alerts in the morning of that zone', async () => {
    const contract = await usedContract(service, { startsOn: '2027-01-20', timeZone: 'Asia/Tokyo' });
    const { customerId } = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body as { customerId: string };
    const { headers } = await contract.csm.get(`/v1/customers/${customerId}`);
    const moved = { timeZone: 'America/New_York' };
    expect(
      (await contract.csm.patch(`/v1/customers/${customerId}`, moved, { 'if-match': headers.get('etag')! })).status,
    ).toBe(200);
    await advance(service, '2027-03-20T12:59:00Z');
    expect(await alertsOf(contract)).toEqual([]);
    await advance(service, '2027-03-20T13:00:00Z');
    expect(await alertsOf(contract)).toEqual(['behind']);
    expect(await usageMailsOf(contract, 'statement')).toEqual(['1 customer', '2 customer']);
  });

  test('use in the last minute of a term causes its alert, even if the term rolls over before the alert job runs', async () => {
    await service.clock.advanceTo(new Date('2027-03-21T00:00:00Z'));
    const rolledByJob = await usedContract(service, { startsOn: '2026-05-01', timeZone: 'UTC' });
    const rolledByBooking = await usedContract(service, { startsOn: '2026-05-01', timeZone: 'UTC' });
    const untouched = await usedContract(service, { startsOn: '2026-05-01', timeZone: 'UTC' });
    for (const contract of [rolledByJob, rolledByBooking, untouched]) await use(contract, '2027-03-20', 700);
    await advance(service, '2027-04-30T23:00:00Z');
    await service.clock.advanceTo(new Date('2027-04-30T23:59:00Z'));
    for (const contract of [rolledByJob, rolledByBooking]) {
      for (const day of ['25', '26', '27', '28']) await use(contract, `2027-04-${day}`, day === '28' ? 740 : 1440);
    }
    await service.clock.advanceTo(new Date('2027-05-01T00:10:00Z'));
    // This booking rolls the term over before the alert job runs, and does not count in the closed term.
    await use(rolledByBooking, '2027-05-01', 60);
    await advance(service, '2027-05-01T08:59:59Z');
    const terms = async ({ csm, id }: UsedContract) =>
      (await csm.get(`/v1/subscriptions/${id}/terms`)).body.data as { id: string; status: string }[];
    for (const contract of [rolledByJob, rolledByBooking]) {
      const [first] = await terms(contract);
      expect(first!.status).toBe('closed');
      const { alerts } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/alerts?termId=${first!.id}`)).body;
      expect(alerts.map(({ alert, mailed }: { alert: string; mailed: boolean }) => [alert, mailed])).toEqual(
        expect.arrayContaining([
          ['used-50', false],
          ['used-80', false],
          ['used-100', true],
        ]),
      );
      expect(await usageMailsOf(contract, 'alert')).not.toContain('used-100 csm');
    }
    await advance(service, '2027-05-01T09:00:00Z');
    for (const contract of [rolledByJob, rolledByBooking]) {
      const alertMails = await usageMailsOf(contract, 'alert');
      expect(alertMails.filter((mail) => mail.startsWith('used-'))).toEqual(['used-100 customer', 'used-100 csm']);
      const mail = (await messagesAbout(service, contract)).find(({ subject }) => subject!.includes('all hours'));
      expect(mail!.text).toContain('96 hours of 96 hours');
    }
    expect((await usageMailsOf(untouched, 'alert')).filter((mail) => mail.startsWith('used-'))).toEqual([]);
  });
});
