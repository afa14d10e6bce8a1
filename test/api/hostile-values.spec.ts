import { readFileSync } from 'node:fs';
import { projectPath } from '../../src/platform/project-root.js';
import { api, type Answer, type Api, type Json } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

// The service refuses values that the database cannot store. No such value in a cursor, path, parameter or body makes it fail.

jest.setTimeout(300_000);

/** Numbers too large for a column, days and instants outside the calendar, and text that PostgreSQL cannot store. */
const hostileTexts = [
  ...[
    '2147483648',
    '-2147483649',
    '9223372036854775808',
    '999999999999999',
    'NaN',
    'Infinity',
    '1e9',
    '0x10',
    '-1',
    '',
  ],
  ...['99999-01-01', '0000-00-00', '2199-12-31', '1900-01-01', '2200-01-01', '99999-01', '-infinity', 'infinity'],
  ...['99999-01-01T00:00:00Z', '2199-12-31T23:59:59.999Z', '1900-01-01T00:00:00Z', '2026-01-01T00:00:00+23:59'],
  ...['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '01981b2c', '{}', "'; --", '%'],
  ...['a\0b', '\ud800', 'x\udfffy', '\ufffe', 'x'.repeat(600)],
];
const hostileValues: unknown[] = [
  ...[2_147_483_648, -2_147_483_649, Number.MAX_SAFE_INTEGER + 2, 1e308, -1, 0.5, 0, null, true, [], {}, [null]],
  ...hostileTexts,
];

let service: TestService;
let admin: Api;

/** The requests that filled the lists. A test repeats them with hostile values in their bodies. */
const requests: { method: 'POST' | 'PUT'; path: string; body: Json; headers?: Record<string, string> }[] = [];
/** An existing id for each noun in a path. */
const ids: Record<string, string> = {};

async function create(path: string, body: Json): Promise<Json> {
  const answer = await admin.post(path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  const noun = path.replace(/[0-9a-f-]{36}/g, '');
  if (!requests.some((request) => request.path.replace(/[0-9a-f-]{36}/g, '') === noun))
    requests.push({ method: 'POST', path, body });
  return answer.body;
}

async function put(path: string, body: Json, ifMatch: string): Promise<void> {
  const headers = { 'if-match': ifMatch };
  const answer = await admin.put(path, body, headers);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  requests.push({ method: 'PUT', path, body, headers });
}

/** Each list gets two rows, so that a page of one row has a next page. */
const twice = async (work: (number: number) => Promise<Json>): Promise<Json> => {
  await work(1);
  return work(2);
};

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T00:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  const contacts = [{ name: 'Sato', email: 'sato@customer.example', roles: ['renewal', 'usage'] }];
  const customer = { locale: 'en', timeZone: 'Asia/Tokyo', country: 'JP', contacts };
  const customerId = (await twice((n) => create('/v1/customers', { ...customer, name: `Aoi ${n}`, code: `A${n}` }))).id;
  const csm = await create('/v1/users', { name: 'Kato', email: 'kato@vendor.example', role: 'csm' });
  const consultant = (n: number) => create('/v1/consultants', { name: 'Suzuki', email: `suzuki${n}@vendor.example` });
  const consultantId = (await twice(consultant)).id;
  const productLineId = (await twice((n) => create('/v1/product-lines', { code: `L${n}`, name: 'Backup' }))).id;
  await twice((n) => create(`/v1/users/${csm.id}/tokens`, { name: `Token ${n}`, expiresOn: '2030-01-01' }));
  const contract = { customerId, csmId: csm.id, package: 'premier', productLineIds: [productLineId] };
  const purchase = { ...contract, startsOn: '2025-02-01', purchaseOrder: 'PO' };
  const subscription = await twice((n) => create('/v1/subscriptions', { ...purchase, contractNumber: `N${n}` }));
  const path = `/v1/subscriptions/${subscription.id}`;
  await put(`${path}/allocations`, { allocations: [{ consultantId, productLineId, minutes: 60 }] }, '"0"');
  const outlook = { expectation: 'renews', reason: 'x', nextStep: 'x', nextStepOn: '2026-05-01' };
  await put(`${path}/outlook`, outlook, '"0"');
  await put(`${path}/outlook`, { ...outlook, expectation: 'unsure' }, '"1"');
  const work = { consultantId, productLineId, activity: 'upgrade', summary: 'x', reference: 'R', severity: 1 };
  const entry = { ...work, workDate: '2026-02-03', minutes: 30, delivery: 'remote' };
  const logged = await twice(() => create(`${path}/time-entries`, entry));
  await create(`/v1/time-entries/${logged.entry.id}/correction`, { reason: 'less', ...entry, minutes: 20 });
  await create('/v1/time-entries/batch', { atomic: false, entries: [{ subscriptionId: subscription.id, ...entry }] });
  await create(`/v1/periods/2026-01/close`, { early: true });
  const adjustment = { ...entry, workDate: '2026-01-05', reason: 'forgotten', subscriptionId: subscription.id };
  await create('/v1/periods/2026-01/adjustments', adjustment);
  const { reference: _reference, severity: _severity, ...session } = { ...work, plannedOn: '2026-05-12', minutes: 30 };
  const series = { everyWeeks: 4, until: '2026-07-01' };
  const { id: sessionId } = await twice(() =>
    create(`${path}/planned-sessions`, { ...session, delivery: 'remote', series }),
  );
  const visit = { startsOn: '2026-03-01', endsOn: '2026-03-02', place: 'Osaka', consultantIds: [consultantId] };
  const { id: visitId } = await twice(() => create(`${path}/visits`, visit));
  const expense = { amount: '123.45', currency: 'EUR', description: 'Train' };
  const recorded = await twice(() => create(`/v1/visits/${visitId}/expenses`, expense));
  await create(`/v1/expenses/${recorded.id}/reversal`, { reason: 'twice' });
  const learner = (n: number) => ({ learnerName: 'Ito', learnerEmail: `ito${n}@customer.example` });
  const { id: seatId } = await twice((n) => create(`${path}/seats`, learner(n)));
  const given = { kind: 'goodwill', minutes: 60, effectiveOn: '2026-03-01', reason: 'x' };
  const { id: topUpId } = await twice(() => create(`${path}/top-ups`, given));
  await create(`/v1/top-ups/${topUpId}/cancellation`, { reason: 'x' });
  const parties = ['customer', 'provider'];
  const noticeBody = {
    signedBy: 'Sato',
    channel: 'email',
    sentAt: '2026-03-01T00:00:00Z',
    receivedAt: '2026-03-02T00:00:00Z',
  };
  const notice = (n: number) =>
    create(`${path}/non-renewal-notices`, { ...noticeBody, party: parties[n - 1], note: 'x' });
  const { id: noticeId } = await twice(notice);
  await create(`/v1/non-renewal-notices/${noticeId}/withdrawal`, { signedBy: 'Sato', reason: 'We stay' });
  const schedule = { report: 'usage-lines', format: 'csv', dayOfMonth: 1, locale: 'en', period: 'previous-month' };
  const recipients = [1, 2].map((n) => ({ name: 'Mori', email: `mori${n}@customer.example` }));
  const scheduleBody = { ...schedule, customerId, recipients, timeOfDay: '09:00', timeZone: 'Asia/Tokyo' };
  const { id: scheduleId } = await twice(() => create('/v1/report-schedules', scheduleBody));
  await create(`/v1/report-schedules/${scheduleId}/run`, undefined);
  for (const row of ['2026-02-04', '2026-02-05']) {
    const cells = [subscription.id, row, '30', consultantId, productLineId, 'upgrade', 'remote', 'x'];
    const head = 'subscriptionId,workDate,minutes,consultantId,productLineId,activity,delivery,summary';
    const file = `${head}\n${cells.join(',')}\n`;
    const imported = await admin.send('POST', '/v1/time-entries/import', file, { 'content-type': 'text/csv' });
    expect([imported.status, imported.body.accepted]).toEqual([200, 1]);
  }
  await create('/v1/jobs/housekeeping/run', undefined);
  await create('/v1/jobs/renewal-reminders/run', undefined);
  const { data: imports } = (await admin.get('/v1/imports')).body;
  const { data: mails } = (await admin.get('/v1/mails')).body;
  const term = (await admin.get(path)).body.currentTerm;
  Object.assign(ids, {
    ...{ customers: customerId, users: csm.id, consultants: consultantId, 'product-lines': productLineId },
    ...{ subscriptions: subscription.id, terms: term.id, visits: visitId, expenses: recorded.id, seats: seatId },
    ...{ 'time-entries': logged.entry.id, imports: imports[0].id, 'non-renewal-notices': noticeId, mails: mails[0].id },
    ...{ 'top-ups': topUpId },
    ...{ reminders: mails[0].id, 'report-schedules': scheduleId, deliveries: mails[0].id, periods: '2026-01' },
    ...{ 'planned-sessions': sessionId },
    ...{ jobs: 'housekeeping', tokens: '00000000-0000-0000-0000-000000000000' },
  });
});
afterAll(() => service.stop());

interface Route {
  method: string;
  path: string;
  /** The path with existing ids. */
  address: string;
  query: string[];
}

const { paths } = JSON.parse(readFileSync(projectPath('test', 'openapi.json'), 'utf8'));

/** Every route of the API document, except those of the clock: these tests do not advance the time. */
const routes = (): Route[] =>
  Object.entries(paths as Record<string, Record<string, Json>>)
    .filter(([path]) => !path.startsWith('/v1/clock'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [] }]) => ({
        method: method.toUpperCase(),
        path,
        address: path.replace(/([a-z-]+)\/\{\w+\}/g, (_, noun: string) => `${noun}/${ids[noun]}`),
        query: (parameters as Json[]).filter(({ in: place }) => place === 'query').map(({ name }) => name as string),
      })),
    );

/** Sends a request for each item, eight at a time. */
async function answersOf<T>(
  items: readonly T[],
  send: (item: T) => Promise<Answer>,
): Promise<(readonly [T, Answer])[]> {
  const answers: (readonly [T, Answer])[] = [];
  for (let at = 0; at < items.length; at += 8) {
    const portion = items.slice(at, at + 8);
    answers.push(...(await Promise.all(portion.map(async (item) => [item, await send(item)] as const))));
  }
  return answers;
}

/** Text in a URL. A lone surrogate has no UTF-8, so clients send the replacement character. */
const encoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** The answers with a status of 500 or above. A refusal is not a failure. */
const failures = (answers: readonly (readonly [unknown, Answer])[]): unknown[] =>
  answers.filter(([, { status }]) => status >= 500).map(([what, { status, body }]) => [what, status, body]);

const requiredQueries: Record<string, string> = { '/v1/forecast': 'until=2027-12-31&' };

describe('a cursor', () => {
  const cursorOf = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

  test('makes no list fail if any of its parts is forged', async () => {
    for (const { method, path, address, query } of routes()) {
      if (!query.includes('cursor')) continue;
      const list = `${address}?${requiredQueries[path] ?? ''}`;
      const first = await admin.get(`${list}limit=1`);
      expect([method, path, first.status, typeof first.body.nextCursor]).toEqual(['GET', path, 200, 'string']);
      const parts = JSON.parse(Buffer.from(first.body.nextCursor as string, 'base64url').toString()) as string[];
      const forged = parts.flatMap((_, at) => hostileValues.map((value) => parts.with(at, value as string)));
      const shapes = [[], {}, null, 7, 'x', [parts], [...parts, '1'], parts.slice(1)];
      const cursors = [...[...forged, ...shapes].map(cursorOf), 'x', '%', encoded('\0'), cursorOf(parts).slice(1)];
      const answers = await answersOf(cursors, (cursor) => admin.get(`${list}limit=1&cursor=${cursor}`));
      expect([path, failures(answers)]).toEqual([path, []]);
      expect(answers.filter(([, { status }]) => status === 400).length).toBeGreaterThan(forged.length / 2);
    }
  });

  test('is accepted with the largest number of its column, and refused with a larger one', async () => {
    const ledger = `/v1/subscriptions/${ids.subscriptions}/ledger?cursor=`;
    const statusAndCode = async (number: string) => {
      const { status, body } = await admin.get(ledger + cursorOf([number]));
      return [status, body.code];
    };
    expect(await statusAndCode('2147483647')).toEqual([200, undefined]);
    for (const number of ['2147483648', '-2147483649', '9999999999', '99999999999999999999']) {
      expect(await statusAndCode(number)).toEqual([400, 'invalid-cursor']);
    }
  });
});

test('no hostile parameter and no hostile id in a path makes a route fail', async () => {
  const addresses = routes().flatMap(({ method, path, address, query }) =>
    hostileTexts.flatMap((text) => {
      const value = encoded(text);
      const required = (name: string): string => (name === 'until' ? '' : (requiredQueries[path] ?? ''));
      const parameters = method === 'GET' ? query.map((name) => `${address}?${required(name)}${name}=${value}`) : [];
      return path.includes('{') && value !== '' ? [...parameters, path.replace(/\{\w+\}/g, value)] : parameters;
    }),
  );
  expect(failures(await answersOf([...new Set(addresses)], (address) => admin.get(address)))).toEqual([]);
  const posts = routes().filter(({ method, path }) => method === 'POST' && path.includes('{'));
  const hostile = posts.flatMap(({ path }) =>
    hostileTexts.map((text) => path.replace(/\{\w+\}/g, encoded(text) || '%20')),
  );
  expect(failures(await answersOf(hostile, (address) => admin.post(address, {})))).toEqual([]);
});

test('no hostile value in a body makes a route fail', async () => {
  const bodies = requests.flatMap(({ method, path, body, headers }) =>
    [...withHostileLeaves(body)].map(([at, changed]) => ({ method, path, at, changed, headers })),
  );
  const answers = await answersOf(bodies, ({ method, path, changed, headers }) =>
    admin.send(method, path, changed, { 'content-type': 'application/json', ...headers }),
  );
  expect(failures(answers)).toEqual([]);
});

/** For each leaf of the body and each hostile value: the body in JSON with that value in that place. */
function* withHostileLeaves(body: Json): Generator<[string, string]> {
  for (const at of leavesOf(body)) {
    for (const value of hostileValues) {
      const changed = structuredClone(body);
      const place = at.slice(0, -1).reduce((inside: Json, key) => inside[key], changed);
      place[at.at(-1)!] = value;
      yield [`${at.join('/')} ${JSON.stringify(value)}`, JSON.stringify(changed)];
    }
  }
}

function leavesOf(value: Json, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return at.length > 0 ? [at] : [];
  return Object.entries(value as object).flatMap(([key, inside]) => leavesOf(inside, [...at, key]));
}
