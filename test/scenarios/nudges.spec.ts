import { api, type Json } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { advance, allMails } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { use, usedContract } from '../support/usage.js';

// The tests advance the clock over months, which takes long.
jest.setTimeout(120_000);

let service: TestService;
/** A second instance on the same database. */
let twin: TestService;

/** Starts one service for the tests of a group. Its clock only moves forward. */
function withService(startsAt: string): void {
  beforeAll(async () => {
    service = await startService({ clock: startsAt });
    twin = await startService({ clock: startsAt, databaseUrl: service.databaseUrl });
  });
  afterAll(async () => {
    await twin.stop();
    await service.stop();
  });
}

const nudged = (settings: { locale?: 'ja' | 'en'; timeZone?: string } = {}): Promise<Person> =>
  person(service, 'csm', undefined, { nudges: true, locale: 'en', timeZone: 'Asia/Tokyo', ...settings });

/** The nudges of a CSM, oldest first, each as the time at which it was queued. */
async function nudgesOf(csm: Person, kind = 'log-time-nudge'): Promise<string[]> {
  const { body } = await csm.get('/v1/mails?limit=200');
  return (body.data as Json[])
    .filter((mail) => mail.kind === kind)
    .map((mail) => mail.plannedAt as string)
    .reverse();
}

/** The newest message to a CSM with such a subject. Its text is on one line. */
async function newestMessage(csm: Person, wanted: RegExp): Promise<{ subject: string; text: string }> {
  const { email } = (await csm.get('/v1/me')).body as { email: string };
  const found = (await allMails(service)).filter(
    ({ to, subject }) => JSON.stringify(to).includes(`"${email}"`) && wanted.test(subject!),
  );
  const { subject, text } = found.sort((one, other) => +one.date! - +other.date!).at(-1)!;
  return { subject: subject!, text: text!.replace(/\s+/g, ' ') };
}

const newestRequest = (csm: Person) => newestMessage(csm, /log|記録/);

/** Both instances run the job at the same time, and the first one twice. */
async function runThrice(): Promise<void> {
  const runs = await Promise.all(
    [service, twin, service].map(({ baseUrl, adminToken }) =>
      api(baseUrl, adminToken).post('/v1/jobs/pace-alerts/run'),
    ),
  );
  expect(runs.map(({ body }) => body.outcome as string)).toEqual(['succeeded', 'succeeded', 'succeeded']);
}

async function setOwn(csm: Person, change: object): Promise<void> {
  const { headers } = await csm.get('/v1/me');
  const changed = await csm.patch('/v1/me', change, { 'if-match': headers.get('etag')! });
  expect(changed.status).toBe(200);
}

describe('a CSM is asked to log time', () => {
  withService('2026-10-20T01:00:00Z');

  test('on the first working day after a month without an entry, and three days before a late-entry window closes', async () => {
    const csm = await nudged({ timeZone: 'America/New_York' });
    const ending = await usedContract(service, { csm, startsOn: '2025-11-01' });
    const logged = await usedContract(service, { csm, startsOn: '2026-04-01' });
    await use(logged, '2026-10-19', 60);

    // 1 November 2026 is a Sunday, on which the clocks of New York go back.
    await advance(service, '2026-11-02T13:59:59Z');
    expect(await nudgesOf(csm)).toEqual([]);
    await advance(service, '2026-11-02T14:00:00Z');
    expect(await nudgesOf(csm)).toEqual(['2026-11-02T14:00:00.000Z']);
    const asked = await newestRequest(csm);
    expect(asked.subject).toBe('[TRM] No time logged in 2026-10 (1 subscription)');
    expect(asked.text).toContain('the term ended on 2026-10-31 (Saturday); 96 hours expired and can still be logged');

    // The window of the term closes on 10 November.
    await use(ending, '2026-10-31', 60);
    await advance(service, '2026-11-07T13:59:59Z');
    expect(await nudgesOf(csm)).toHaveLength(1);
    await service.clock.advanceTo(new Date('2026-11-07T14:00:00Z'));
    await twin.clock.advanceTo(new Date('2026-11-07T14:00:00Z'));
    await runThrice();
    await advance(service, '2026-11-20T00:00:00Z');
    expect(await nudgesOf(csm)).toEqual(['2026-11-02T14:00:00.000Z', '2026-11-07T14:00:00.000Z']);
    const window = await newestRequest(csm);
    expect(window.subject).toBe('[TRM] Please log time by 2026-11-10 (Tuesday) (1 subscription)');
    expect(window.text).toContain('95 hours expired');
    expect(
      (await csm.get(`/v1/subscriptions/${ending.id}/reminders?limit=200`)).body.data as Json[],
    ).not.toContainEqual(expect.objectContaining({ kind: 'log-time-nudge' }));
  });

  test('in one mail a day, also after an outage, in the language of most customers', async () => {
    const csm = await person(service, 'csm', undefined, { nudges: true });
    // Its last day is 2026-11-29, so its window closes on 2026-12-09.
    await usedContract(service, { csm, startsOn: '2025-11-30', locale: 'ja' });
    await usedContract(service, { csm, startsOn: '2026-04-01', locale: 'ja' });
    await advance(service, '2026-11-30T01:00:00Z');
    // The service was down on 1 December and on 6 December.
    await service.clock.advanceTo(new Date('2026-12-07T05:00:00Z'));
    await twin.clock.advanceTo(new Date('2026-12-07T05:00:00Z'));
    await advance(service, '2026-12-07T05:00:00Z');
    await runThrice();
    await advance(service, '2026-12-31T00:00:00Z');
    expect(await nudgesOf(csm)).toEqual(['2026-12-07T05:00:00.000Z']);
    const mail = await newestRequest(csm);
    expect(mail.subject).toBe('【TRM】作業時間の記録をお願いします（期限：2026年12月9日(水)、1 件）');
    expect(mail.text).toContain('■ 2026年11月の作業記録がない契約');
  });

  test('on the first working day of the country of the customer', async () => {
    const csm = await nudged();
    await usedContract(service, { csm, startsOn: '2026-04-01', country: 'JP' });
    const other = await nudged();
    await usedContract(service, { csm: other, startsOn: '2026-04-01', country: 'US' });
    await advance(service, '2027-01-08T00:00:00Z');
    // 1 January 2027 is a Friday. In Japan, 4 January is the first working day.
    expect(await nudgesOf(csm)).toEqual(['2027-01-04T00:00:00.000Z']);
    expect(await nudgesOf(other)).toEqual(['2027-01-04T00:00:00.000Z']);
  });

  test('not if nudges are switched off, and days that passed meanwhile are not made up', async () => {
    const csm = await nudged();
    await usedContract(service, { csm, startsOn: '2026-12-01' });
    await advance(service, '2027-01-31T00:00:00Z');
    await setOwn(csm, { nudges: false });
    await advance(service, '2027-02-01T06:00:00Z');
    await setOwn(csm, { nudges: true });
    await advance(service, '2027-02-28T00:00:00Z');
    expect(await nudgesOf(csm)).toEqual([]);
    await advance(service, '2027-03-01T00:00:00Z');
    expect(await nudgesOf(csm)).toEqual(['2027-03-01T00:00:00.000Z']);
  });

  test('in the zone that the CSM has then, and not about a month that finance has closed', async () => {
    const csm = await nudged({ timeZone: 'America/Los_Angeles' });
    await usedContract(service, { csm, startsOn: '2027-03-01' });
    await advance(service, '2027-03-31T20:00:00Z');
    await setOwn(csm, { timeZone: 'Asia/Tokyo' });
    await advance(service, '2027-04-01T00:00:00Z');
    expect(await nudgesOf(csm)).toEqual(['2027-04-01T00:00:00.000Z']);

    const admin = api(service.baseUrl, service.adminToken);
    expect((await admin.post('/v1/periods/2027-04/close', { early: true })).status).toBe(200);
    await advance(service, '2027-05-10T00:00:00Z');
    expect(await nudgesOf(csm)).toHaveLength(1);
  });

  test('and nobody else sees the mail; the CSM and administrators find it in the list of mails', async () => {
    const csm = await nudged();
    await usedContract(service, { csm, startsOn: '2027-05-01' });
    await advance(service, '2027-06-01T00:00:00Z');
    expect(await nudgesOf(csm)).toHaveLength(1);
    expect(await nudgesOf(await nudged())).toEqual([]);
    const admin = api(service.baseUrl, service.adminToken);
    const [listed] = ((await admin.get('/v1/mails?limit=200')).body.data as Json[]).filter(
      ({ kind, recipient }) => kind === 'log-time-nudge' && recipient.address.startsWith('csm-') === true,
    );
    expect(listed).toMatchObject({ subscriptionId: null, termId: null, customerId: null, recipient: { role: 'csm' } });
    const id = ((await csm.get('/v1/mails')).body.data as Json[]).find(({ kind }) => kind === 'log-time-nudge')!
      .id as string;
    expect((await csm.post(`/v1/mails/${id}/resend`)).body.code).toBe('mail-not-failed');
    expect((await (await nudged()).post(`/v1/mails/${id}/resend`)).status).toBe(404);
  });
});

describe('the Monday digest', () => {
  withService('2026-04-01T01:00:00Z');
  const digestsOf = (csm: Person): Promise<string[]> => nudgesOf(csm, 'monday-digest');

  test('leaves at 09:00 on Mondays in the zone of the CSM, if a subscription needs the CSM', async () => {
    const csm = await nudged({ timeZone: 'America/New_York' });
    const contract = await usedContract(service, { csm, startsOn: '2026-04-01' });
    await use(contract, '2026-04-01', 480);
    await advance(service, '2026-04-20T14:00:00Z');
    expect((await csm.get('/v1/attention')).body.data).toEqual([]);
    expect(await digestsOf(csm)).toEqual([]);
    // From 22 April on, no time has been logged for 21 days.
    await advance(service, '2026-04-27T12:59:59Z');
    expect((await csm.get('/v1/attention')).body.data).toHaveLength(1);
    expect(await digestsOf(csm)).toEqual([]);
    await advance(service, '2026-04-27T13:00:00Z');
    expect(await digestsOf(csm)).toEqual(['2026-04-27T13:00:00.000Z']);
    const { subject, text } = await newestMessage(csm, /Week of/);
    expect(subject).toBe('[TRM] Week of 2026-04-27: 1 subscription needs you');
    expect(text).toContain(
      'Basic (Database): No time has been logged for 26 days, counted from 2026-04-01 (Wednesday).',
    );

    // On 1 June, a Monday, the CSM is also asked to log time for May.
    await advance(service, '2026-06-01T13:00:00Z');
    expect((await digestsOf(csm)).slice(1)).toEqual(
      ['05-04', '05-11', '05-18', '05-25', '06-01'].map((day) => `2026-${day}T13:00:00.000Z`),
    );
    expect(await nudgesOf(csm)).toEqual(['2026-06-01T13:00:00.000Z']);
  });

  test('is made up once after an outage over Monday, by whichever instance is first', async () => {
    const csm = await nudged({ locale: 'ja' });
    await usedContract(service, { csm, startsOn: '2026-05-01', locale: 'en' });
    await advance(service, '2026-06-06T00:00:00Z');
    const before = await digestsOf(csm);
    // The service was down on two Mondays, until Thursday, 18 June.
    await service.clock.advanceTo(new Date('2026-06-18T05:00:00Z'));
    await twin.clock.advanceTo(new Date('2026-06-18T05:00:00Z'));
    await runThrice();
    await advance(service, '2026-06-22T00:00:00Z');
    expect((await digestsOf(csm)).slice(before.length)).toEqual([
      '2026-06-18T05:00:00.000Z',
      '2026-06-22T00:00:00.000Z',
    ]);
    const { subject, text } = await newestMessage(csm, /の週/);
    expect(subject).toBe('【TRM】2026年6月22日の週：対応が必要な契約が 1 件あります');
    expect(text).toMatch(
      /・Midori \d+ Ltd\. 様 ベーシック（Database）：2026年6月1日\(月\)から 21 日間、作業記録がありません。（ほかの理由 1 件）/,
    );
  });

  test('stops when the CSM switches nudges off, hands over the portfolio, or is deactivated', async () => {
    const csm = await nudged();
    const contract = await usedContract(service, { csm, startsOn: '2026-05-01' });
    await advance(service, '2026-06-29T00:00:00Z');
    expect(await digestsOf(csm)).toEqual(['2026-06-29T00:00:00.000Z']);
    await setOwn(csm, { nudges: false });
    await advance(service, '2026-07-06T00:00:00Z');
    await setOwn(csm, { nudges: true });
    await advance(service, '2026-07-13T00:00:00Z');
    expect((await digestsOf(csm)).slice(1)).toEqual(['2026-07-13T00:00:00.000Z']);

    const successor = await nudged();
    const admin = api(service.baseUrl, service.adminToken);
    const path = `/v1/subscriptions/${contract.id}`;
    const etag = (await admin.get(path)).headers.get('etag')!;
    expect((await admin.patch(path, { csmId: successor.id }, { 'if-match': etag })).status).toBe(200);
    const user = await admin.get(`/v1/users/${csm.id}`);
    const ended = { 'if-match': user.headers.get('etag')! };
    expect((await admin.patch(`/v1/users/${csm.id}`, { active: false }, ended)).status).toBe(200);
    await advance(service, '2026-07-27T00:00:00Z');
    expect(await digestsOf(successor)).toEqual(['2026-07-20T00:00:00.000Z', '2026-07-27T00:00:00.000Z']);
    const { body } = await admin.get('/v1/mails?limit=200');
    const to = (body.data as Json[]).filter(({ recipient }) => recipient.address === user.body.email);
    expect(to.filter(({ plannedAt }) => (plannedAt as string) > '2026-07-14')).toEqual([]);
  });
});
