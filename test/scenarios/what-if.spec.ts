import fc from 'fast-check';
import { addDays, dayAt, instantAt, type Day } from '../../src/domain/calendar.js';
import { api, type Api, type Json } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// Seven months of some thirty subscriptions.
jest.setTimeout(240_000);

/** A subscription, and the changes that are considered on 2026-09-01 and then made, each on its day. */
interface Case {
  endsOn: Day;
  timeZone: string;
  package: 'basic' | 'premier';
  nextPackage: 'basic' | 'premier' | 'enterprise' | null;
  contacts: number;
  usedMinutes: number;
  upgrade: { package: 'premier' | 'enterprise' | 'dedicated'; on: Day } | null;
  topUp: { minutes: number; on: Day } | null;
  noticeOn: Day | null;
}

const enteredAt = '2026-06-01T03:00:00Z';
const asked: Day = '2026-09-01';
const over = '2027-01-05T00:00:00Z';

const plain: Case = {
  endsOn: '2026-12-31',
  timeZone: 'Asia/Tokyo',
  package: 'basic',
  nextPackage: null,
  contacts: 1,
  usedMinutes: 600,
  upgrade: null,
  topUp: null,
  noticeOn: null,
};

const edges: readonly Case[] = [
  plain,
  { ...plain, noticeOn: asked },
  { ...plain, noticeOn: '2026-11-01' },
  { ...plain, noticeOn: '2026-11-02' },
  { ...plain, upgrade: { package: 'premier', on: asked } },
  { ...plain, upgrade: { package: 'premier', on: '2026-12-31' } },
  { ...plain, upgrade: { package: 'premier', on: '2026-11-02' }, contacts: 2 },
  { ...plain, upgrade: { package: 'enterprise', on: '2026-11-02' }, nextPackage: 'premier' },
  { ...plain, upgrade: { package: 'premier', on: '2026-10-01' }, noticeOn: '2026-10-01' },
  { ...plain, noticeOn: '2026-10-01', upgrade: { package: 'premier', on: '2026-11-20' } },
  // The last day for a notice is the day of the question.
  { ...plain, endsOn: '2026-10-31', noticeOn: asked },
  // The renewal has been locked, and the notice was received before.
  { ...plain, endsOn: '2026-10-30', noticeOn: '2026-08-20' },
  { ...plain, endsOn: '2026-09-10', upgrade: { package: 'premier', on: asked } },
  { ...plain, contacts: 0 },
  { ...plain, topUp: { minutes: 600, on: asked } },
  { ...plain, topUp: { minutes: 600, on: '2026-12-31' }, noticeOn: '2026-10-10' },
  { ...plain, topUp: { minutes: 600, on: '2026-08-20' }, upgrade: { package: 'premier', on: '2026-08-25' } },
  { ...plain, topUp: { minutes: 600, on: '2026-10-01' }, upgrade: { package: 'premier', on: '2026-10-01' } },
];

const dayFrom = (first: Day, last: Day): fc.Arbitrary<Day> => {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return fc.constantFrom(...days);
};

const drawn: fc.Arbitrary<Case> = fc
  .constantFrom('2026-09-10', '2026-10-30', '2026-11-15', '2026-12-31')
  .chain((endsOn) =>
    fc.record({
      endsOn: fc.constant(endsOn),
      timeZone: fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/Berlin'),
      package: fc.constantFrom('basic', 'premier'),
      nextPackage: fc.constantFrom(null, 'basic', 'premier', 'enterprise'),
      contacts: fc.constantFrom(0, 1, 2),
      usedMinutes: fc.integer({ min: 1, max: 1_000 }),
      upgrade: fc.option(
        fc.record({ package: fc.constantFrom('enterprise', 'dedicated'), on: dayFrom('2026-08-15', endsOn) }),
      ),
      topUp: fc.option(fc.record({ minutes: fc.integer({ min: 1, max: 57_600 }), on: dayFrom('2026-08-15', endsOn) })),
      noticeOn: fc.option(dayFrom('2026-08-15', endsOn)),
    }),
  );

const cases = [...edges, ...fc.sample(drawn, { numRuns: 20, seed: 7 })];

/** A case with its subscription, and the answers to the questions about it. */
interface Considered extends Case {
  id: string;
  csm: Person;
  termId: string;
  /** The mails before the question. */
  mailsBefore: Set<string>;
  whatIf: Json;
}

let service: TestService;
let admin: Api;
let consultantIds: string[];
let productLineId: string;

beforeAll(async () => {
  service = await startService({ clock: enteredAt });
  admin = api(service.baseUrl, service.adminToken);
  productLineId = (await done(admin.post('/v1/product-lines', { code: 'OBS', name: 'Observability' }))).id;
  consultantIds = await Promise.all(
    cases.map(async (_, at) => {
      const consultant = { name: `Consultant ${at}`, email: `consultant-${at}@trm.example` };
      return (await done(admin.post('/v1/consultants', consultant))).id as string;
    }),
  );
});
afterAll(() => service.stop());

async function done(answer: Promise<{ status: number; body: Json }>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

const noonOf = (day: Day, timeZone: string): string => instantAt(day, '12:00', timeZone).toISOString();

/** Enters a subscription whose first term ends on the day of the case. */
async function entered(wanted: Case, at: number): Promise<Considered> {
  const csm = await person(service, 'csm');
  const contacts = Array.from({ length: wanted.contacts }, (_, number) => ({
    name: `Contact ${number}`,
    email: `contact-${at}-${number}@customer.example`,
    roles: ['renewal'],
  }));
  const customer = { name: `Customer ${at}`, locale: 'en', timeZone: wanted.timeZone, contacts };
  const customerId = (await done(csm.post('/v1/customers', customer))).id as string;
  const startsOn = addDays(`2025${wanted.endsOn.slice(4)}`, 1);
  const sale = { customerId, package: wanted.package, startsOn, productLineIds: [productLineId] };
  const { id, currentTerm, version } = await done(csm.post('/v1/subscriptions', sale));
  expect(currentTerm.endsOn).toBe(wanted.endsOn);
  if (wanted.nextPackage) {
    const body = { package: wanted.nextPackage };
    await done(csm.put(`/v1/subscriptions/${id}/next-package`, body, { 'if-match': `"${version}"` }));
  }
  const pair = { consultantId: consultantIds[at]!, productLineId };
  const allocations = [{ ...pair, minutes: 0 }];
  await done(csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': '"0"' }));
  const work = { ...pair, workDate: '2026-05-20', minutes: wanted.usedMinutes };
  const words = { activity: 'health-check', delivery: 'remote', summary: 'Health check' };
  await done(csm.post(`/v1/subscriptions/${id}/time-entries`, { ...work, ...words }));
  return { ...wanted, id, csm, termId: currentTerm.id, mailsBefore: new Set(), whatIf: undefined };
}

const questionOf = ({ upgrade, topUp, noticeOn }: Case): object => ({
  ...(upgrade && { upgrade }),
  ...(topUp && { topUp }),
  ...(noticeOn && { noticeOn }),
});

const ask = ({ id, csm }: Considered, question: object): Promise<Json> =>
  done(csm.post(`/v1/subscriptions/${id}/what-if`, question));

const mailsOf = async ({ id, csm }: Considered): Promise<Json[]> =>
  (await done(csm.get(`/v1/subscriptions/${id}/reminders?limit=200`))).data;

/** The figures of a balance that no day changes, if nothing is booked. */
function lastingFigures({ grantedMinutes, usedMinutes, remainingMinutes, unallocatedMinutes, ...balance }: Json): Json {
  const { onsite, seats } = balance;
  return { grantedMinutes, usedMinutes, remainingMinutes, unallocatedMinutes, onsite, seats };
}

/** The answers to changes omit the forecast of planned sessions. */
function withoutPlans(balance: Json): Json {
  const { planned: _planned, ...forecast } = balance.forecast;
  return { ...balance, forecast };
}

/** Makes the change of a day, and compares it with the answer to a question just before it. */
async function change(considered: Considered, kind: 'upgrade' | 'top-up' | 'notice'): Promise<void> {
  const { id, csm, upgrade, topUp, noticeOn, timeZone } = considered;
  const question = kind === 'upgrade' ? { upgrade } : kind === 'top-up' ? { topUp } : { noticeOn };
  const expected = await ask(considered, question);
  const path = `/v1/subscriptions/${id}`;
  if (kind === 'upgrade') {
    const body = { package: upgrade!.package, effectiveOn: upgrade!.on };
    const answer = await done(csm.post(`${path}/upgrade`, body));
    expect([answer.change, answer.balance]).toEqual([expected.change, withoutPlans(expected.balance)]);
  } else if (kind === 'top-up') {
    const body = { kind: 'supplement', minutes: topUp!.minutes, effectiveOn: topUp!.on, orderNumber: 'PO-1' };
    expect((await done(csm.post(`${path}/top-ups`, body))).balance).toEqual(withoutPlans(expected.balance));
  } else {
    const now = service.clock.now();
    const receivedAt = noticeOn === dayAt(now, timeZone) ? now.toISOString() : noonOf(noticeOn!, timeZone);
    const body = { party: 'customer', signedBy: 'A. Aoi', channel: 'email', receivedAt };
    const { effective, reason, renewalState } = await done(csm.post(`${path}/non-renewal-notices`, body));
    expect([effective, reason ?? null]).toEqual([expected.notice.effective, expected.notice.reason]);
    expect(renewalState).toBe(expected.renewal.renewalState);
  }
  expect(await done(csm.get(`${path}/balance`))).toEqual(expected.balance);
  const { currentTerm, nextPackage } = await done(csm.get(path));
  expect(currentTerm).toMatchObject({
    package: expected.package,
    renewalState: expected.renewal.renewalState,
    noticeDeadline: expected.deadline.noticeDeadline,
  });
  expect(nextPackage ?? expected.package).toBe(expected.renewal.next?.package ?? nextPackage ?? expected.package);
  const after = await ask(considered, {});
  expect([after.renewal, after.expiry, after.deadline]).toEqual([expected.renewal, expected.expiry, expected.deadline]);
}

/** One line for each mail: its kind, its day, and the roles of its recipients. */
function linesOf(mails: readonly { kind: string; on: Day; recipients: readonly string[] }[]): string[] {
  return mails.flatMap(({ kind, on, recipients }) => recipients.map((role) => `${on} ${kind} ${role}`)).sort();
}

test('the real changes give the figures and the mails of the what-if before them', async () => {
  const all = await Promise.all(cases.map(entered));
  const later: { at: string; work: () => Promise<void> }[] = [];
  const clock = (to: string) => done(admin.post('/v1/clock/advance', { to }));

  // The same day in all three zones: midnight in New York is 13:00 in Tokyo.
  await clock('2026-09-01T04:00:00Z');
  const now = service.clock.now();
  for (const considered of all) {
    const today = dayAt(now, considered.timeZone);
    considered.mailsBefore = new Set((await mailsOf(considered)).map(({ id }) => id as string));
    considered.whatIf = await ask(considered, questionOf(considered));
    const { upgrade, topUp, noticeOn, timeZone } = considered;
    const atOf = (day: Day) => (day <= today ? now.toISOString() : noonOf(day, timeZone));
    if (upgrade) later.push({ at: atOf(upgrade.on), work: () => change(considered, 'upgrade') });
    if (topUp) later.push({ at: atOf(topUp.on), work: () => change(considered, 'top-up') });
    if (noticeOn) later.push({ at: atOf(noticeOn), work: () => change(considered, 'notice') });
  }
  // The sort is stable: of two changes at one moment, the upgrade comes first, then the top-up.
  for (const { at, work } of later.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))) {
    if (new Date(at) > service.clock.now()) await clock(at);
    await work();
  }

  for (const considered of all) {
    const { id, csm, whatIf, termId } = considered;
    const balance = await done(csm.get(`/v1/subscriptions/${id}/balance?on=${considered.endsOn}`));
    // A term that is over has expired minutes, and its next term has a balance of its own.
    if (balance.expiredMinutes === 0) expect(lastingFigures(balance)).toEqual(lastingFigures(whatIf.balance));
    expect(balance.grantedMinutes).toBe(whatIf.balance.grantedMinutes);
    expect(balance.termId).toBe(termId);
  }

  await clock(over);
  for (const considered of all) {
    const { id, csm, whatIf, termId, mailsBefore, timeZone } = considered;
    const terms = (await done(csm.get(`/v1/subscriptions/${id}/terms`))).data as Json[];
    const next = terms[1] && { package: terms[1].package, startsOn: terms[1].startsOn, endsOn: terms[1].endsOn };
    expect(terms[0]).toMatchObject({ renewalState: whatIf.renewal.renews ? 'renewed' : 'ended' });
    expect(next ?? null).toEqual(whatIf.renewal.next && { ...whatIf.renewal.next, grantedMinutes: undefined });

    // Mails about use and about undelivered mails depend on what happens until then.
    const sent = (await mailsOf(considered))
      .filter((mail) => mail.termId === termId && !mailsBefore.has(mail.id) && mail.status === 'sent')
      .filter(({ kind }) => !/^usage-|undeliver/.test(kind))
      .map(({ kind, sentAt, recipient }) => ({
        kind,
        on: dayAt(new Date(sentAt), timeZone),
        recipients: [recipient.role],
      }));
    expect([considered, linesOf(sent)]).toEqual([considered, linesOf(whatIf.mails)]);
  }
});
