import type { Actor } from '../../src/domain/access.js';
import type { DraftField } from '../../src/domain/quick-entry-draft.js';
import { QuickEntryService, type QuickEntryInput } from '../../src/features/quick-entry/quick-entry.service.js';
import { contractToBookOn, logOn } from '../support/booking.js';
import type { SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// What a line means to a CSM: the names of the own portfolio, and the defaults of the own entries.

let service: TestService;
let acme: SoldContract;
let other: SoldContract;
let csm: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T18:00:00Z' });
  acme = await contractToBookOn(service);
  csm = acme.csm;
  other = await contractToBookOn(service);
  const rename = async ({ csm: owner, customerId, id }: SoldContract, name: string, code: string, number: string) => {
    const customer = await owner.get(`/v1/customers/${customerId}`);
    const changed = await owner.patch(`/v1/customers/${customerId}`, { name, code }, etagOf(customer));
    const subscription = await owner.get(`/v1/subscriptions/${id}`);
    const numbered = await owner.patch(`/v1/subscriptions/${id}`, { contractNumber: number }, etagOf(subscription));
    expect([changed.status, numbered.status]).toEqual([200, 200]);
  };
  await rename(acme, 'Ａｃｍｅ 株式会社', 'C-100', 'TRM-2026-1');
  await rename(other, 'Acme Overseas', 'C-200', 'TRM-2026-2');
});
afterAll(() => service.stop());

const etagOf = ({ headers }: { headers: Headers }) => ({ 'if-match': headers.get('etag')! });

function actorOf({ id }: Person, role: Actor['role'] = 'csm'): Actor {
  return { userId: id, name: 'CSM', email: 'csm@trm.example', role, customerId: null, deputyFor: [], tokenId: id };
}

function read(line: string, input: Partial<QuickEntryInput> = {}, actor = actorOf(csm)) {
  const asked = { line, set: {}, usual: {}, today: '2026-07-10', ...input };
  return service.database.read((tx) => service.app.get(QuickEntryService).read(tx, actor, asked));
}

/** The values of the draft. */
async function valuesOf(...asked: Parameters<typeof read>): Promise<Partial<Record<DraftField, unknown>>> {
  const { fields } = await read(...asked);
  return Object.fromEntries(Object.entries(fields).map(([field, { value }]) => [field, value]));
}

test.each(['acme', 'ACME 株式', '会社', 'c-100', 'TRM-2026-1', '2026-1'])('%s finds the customer', async (words) => {
  expect(await valuesOf(`${words} 90m`)).toMatchObject({ subscriptionId: acme.id, minutes: 90 });
});

test('Only the own portfolio is found', async () => {
  expect((await read('overseas')).candidates).toEqual([]);
  const admin = await read('acme', {}, actorOf(csm, 'admin'));
  expect(admin.candidates.map(({ customer }) => customer)).toEqual(['Acme Overseas', 'Ａｃｍｅ 株式会社']);
  expect(admin.nameQuestions).toMatchObject([{ about: 'subscriptionId', fits: 'several', text: 'acme' }]);
});

test('An exact code or number wins over other matches', async () => {
  const admin = actorOf(csm, 'admin');
  expect(await valuesOf('trm-2026-2', {}, admin)).toMatchObject({ subscriptionId: other.id });
  expect((await read('trm-2026', {}, admin)).candidates).toHaveLength(2);
});

test('A word that is an activity names a customer only if one is called so', async () => {
  expect(await valuesOf('upgrade 1h')).toMatchObject({ subscriptionId: acme.id, activity: 'upgrade' });
});

test('A role that never logs time is refused', async () => {
  const finance = await person(service, 'finance');
  await expect(read('acme', {}, actorOf(finance, 'finance'))).rejects.toMatchObject({ code: 'forbidden' });
});

test('Consultants and product lines are those of the subscription', async () => {
  const { subscription, nameQuestions } = await read('acme @consultant');
  expect(subscription?.consultants.map(({ name }) => name)).toEqual(['Consultant 1', 'Consultant 2']);
  expect(subscription?.productLines).toHaveLength(2);
  expect(nameQuestions).toMatchObject([{ about: 'consultantId', choices: acme.consultantIds }]);
  expect(await valuesOf('acme @"consultant 2" 1h')).toMatchObject({
    consultantId: acme.consultantIds[1],
    productLineId: acme.productLineIds[0],
  });
});

test('Today is the day of the customer’s zone', async () => {
  // In Tokyo, it is already the 11th.
  expect(await valuesOf('acme')).toMatchObject({ workDate: '2026-07-11' });
  expect(await valuesOf('acme yesterday')).toMatchObject({ workDate: '2026-07-10' });
});

test('The last own entry gives the defaults, and the choice of customers', async () => {
  const first = await read('');
  expect(first.fields.subscriptionId).toEqual({ value: acme.id, source: 'only' });
  expect(first.fields.consultantId).toBeUndefined();
  const change = { consultantId: acme.consultantIds[1], activity: 'upgrade' };
  expect((await logOn(acme, '2026-07-10', change)).status).toBe(201);
  const empty = await read('');
  expect(empty.candidates.map(({ id }) => id)).toEqual([acme.id]);
  expect(empty.fields).toMatchObject({
    subscriptionId: { value: acme.id, source: 'only' },
    consultantId: { value: acme.consultantIds[1], source: 'last-entry' },
    productLineId: { value: acme.productLineIds[0], source: 'only' },
    activity: { value: 'upgrade', source: 'last-entry' },
  });
});

test('An onsite entry takes the visit that covers its day', async () => {
  const visit = {
    startsOn: '2026-07-08',
    endsOn: '2026-07-09',
    place: 'Osaka',
    consultantIds: [acme.consultantIds[0]],
  };
  const made = await csm.post(`/v1/subscriptions/${acme.id}/visits`, visit);
  const line = 'acme 1h @"consultant 1" onsite';
  expect(await valuesOf(`${line} 7/9`, { set: { workDate: '2026-07-09' } })).toMatchObject({ visitId: made.body.id });
  expect((await read(`${line} 10th`)).nameQuestions).toMatchObject([{ about: 'visitId', fits: 'none' }]);
});

test('A subscription that the reader has set wins over the words', async () => {
  const admin = actorOf(csm, 'admin');
  expect(await valuesOf('acme', { set: { subscriptionId: other.id } }, admin)).toMatchObject({
    subscriptionId: other.id,
  });
  expect(await valuesOf('acme', { set: { subscriptionId: other.id } })).toMatchObject({ subscriptionId: acme.id });
});
