import { api, type Api } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let csm: Person;
let otherCsm: Person;

const acme = {
  name: 'Acme',
  locale: 'en',
  timeZone: 'Europe/Berlin',
  country: 'DE',
  contacts: [{ name: 'Eva', email: 'eva@acme.example', roles: ['renewal', 'usage'] }],
};

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
  csm = await person(service, 'csm');
  otherCsm = await person(service, 'csm');
});
afterAll(() => service.stop());

test('a customer can be entered, read and changed', async () => {
  const entered = await csm.post('/v1/customers', acme);
  expect(entered.status).toBe(201);
  expect(entered.headers.get('etag')).toBe('"1"');
  expect(entered.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    ...acme,
    code: null,
    version: 1,
    createdAt: '2026-04-01T00:00:00.000Z',
  });
  const path = `/v1/customers/${entered.body.id}`;
  expect((await csm.get(path)).body).toEqual(entered.body);

  const changed = await csm.patch(path, { country: null, contacts: [] }, { 'if-match': '"1"' });
  expect(changed.body).toEqual({ ...entered.body, country: null, contacts: [], version: 2 });
  expect((await csm.get(path)).body).toEqual(changed.body);
});

test('a customer can be entered without a country and contacts', async () => {
  const { name, locale, timeZone } = acme;
  const entered = await admin.post('/v1/customers', { name, locale, timeZone });
  expect(entered.body).toMatchObject({ country: null, contacts: [] });
});

test.each([
  ['none', undefined, 428, 'etag-required'],
  ['any version', '*', 428, 'etag-required'],
  ['another version', '"7"', 412, 'etag-stale'],
  ['a weak ETag', 'W/"1"', 412, 'etag-stale'],
  ['an unknown ETag', '"abc"', 412, 'etag-stale'],
  ['a list of ETags', '"9", "x"', 412, 'etag-stale'],
])('a change is refused if its If-Match has %s', async (_, ifMatch, status, code) => {
  const { body } = await admin.post('/v1/customers', acme);
  const refused = await admin.patch(
    `/v1/customers/${body.id}`,
    { name: 'Other' },
    ifMatch === undefined ? {} : { 'if-match': ifMatch },
  );
  expect([refused.status, refused.body.code]).toEqual([status, code]);
  expect((await admin.get(`/v1/customers/${body.id}`)).body.name).toBe('Acme');
});

test('exactly one of four concurrent changes with the same ETag succeeds', async () => {
  const { body } = await admin.post('/v1/customers', acme);
  const answers = await Promise.all(
    ['A', 'B', 'C', 'D'].map((name) => admin.patch(`/v1/customers/${body.id}`, { name }, { 'if-match': '"1"' })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
});

test('a CSM sees the customers that the CSM entered, a customer sees itself, and finance sees all', async () => {
  const { body: customer } = await csm.post('/v1/customers', acme);
  const own = await person(service, 'customer', customer.id as string);
  const finance = await person(service, 'finance');
  const path = `/v1/customers/${customer.id}`;
  const reads = await Promise.all([csm, otherCsm, own, finance].map((reader) => reader.get(path)));
  expect(reads.map(({ status }) => status)).toEqual([200, 404, 200, 200]);
  expect((await otherCsm.patch(path, { name: 'X' }, { 'if-match': '"1"' })).status).toBe(404);
  expect((await own.patch(path, { name: 'X' }, { 'if-match': '"1"' })).status).toBe(403);
  expect((await finance.patch(path, { name: 'X' }, { 'if-match': '"1"' })).status).toBe(403);
  expect((await own.get('/v1/customers')).body.data).toEqual([customer]);
  expect((await otherCsm.get('/v1/customers')).body.data).toEqual([]);
});

test('a changed time zone moves the deadlines of the customer, and other changes move none', async () => {
  const { body } = await csm.post('/v1/customers', acme);
  await csm.post('/v1/subscriptions', { customerId: body.id, package: 'basic' });
  const moves = (): Promise<unknown[]> =>
    service.database.read((tx) =>
      tx.query(
        `select m.from_zone as from, m.to_zone as to from deadline_moves m join terms t on t.id = m.term_id
           join subscriptions s on s.id = t.subscription_id where s.customer_id = $1`,
        [body.id],
      ),
    );
  const path = `/v1/customers/${body.id}`;
  await csm.patch(path, { name: 'New', timeZone: 'Europe/Berlin' }, { 'if-match': '"1"' });
  expect(await moves()).toEqual([]);
  await csm.patch(path, { timeZone: 'Asia/Tokyo' }, { 'if-match': '"2"' });
  expect(await moves()).toEqual([{ from: 'Europe/Berlin', to: 'Asia/Tokyo' }]);
});

const contact = (changes: object) => ({ contacts: [{ ...acme.contacts[0], ...changes }] });

test.each([
  ['a line break in an address', contact({ email: 'eva@acme.example\nbcc: x@evil.example' }), '/contacts/0/email'],
  ['a quoted address', contact({ email: '"eva"@acme.example' }), '/contacts/0/email'],
  ['an address with a name', contact({ email: 'Eva <eva@acme.example>' }), '/contacts/0/email'],
  ['two addresses in one', contact({ email: 'eva@acme.example,x@evil.example' }), '/contacts/0/email'],
  [
    'an address that is too long',
    contact({ email: `${'e'.repeat(60)}@${'a.'.repeat(100)}example` }),
    '/contacts/0/email',
  ],
  ['a letter outside ASCII', contact({ email: 'ēva@acme.example' }), '/contacts/0/email'],
  ['a domain outside ASCII', contact({ email: 'eva@bücher.example' }), '/contacts/0/email'],
  ['a Cyrillic letter that looks like ASCII', contact({ email: 'eva@\u0430cme.example' }), '/contacts/0/email'],
  ['a full-width @', contact({ email: 'eva\uff20acme.example' }), '/contacts/0/email'],
  ['300 characters before the @', contact({ email: `${'e'.repeat(300)}@acme.example` }), '/contacts/0/email'],
  ['65 characters before the @', contact({ email: `${'e'.repeat(65)}@acme.example` }), '/contacts/0/email'],
  ['a right-to-left override in an address', contact({ email: 'eva\u202e@acme.example' }), '/contacts/0/email'],
  ['a comment in an address', contact({ email: 'eva(x)@acme.example' }), '/contacts/0/email'],
  ['a right-to-left override in a name', contact({ name: 'Eva\u202eX' }), '/contacts/0/name'],
  ['an unknown role', contact({ roles: ['renewal', 'boss'] }), '/contacts/0/roles/1'],
  ['a role twice', contact({ roles: ['usage', 'usage'] }), '/contacts/0/roles'],
  ['a line break in a name', contact({ name: 'Eva\rX' }), '/contacts/0/name'],
  ['a contact that is not an object', { contacts: ['eva'] }, '/contacts/0'],
  ['an unknown field of a contact', contact({ 'a/b~c': 1 }), '/contacts/0/a~1b~0c'],
  [
    'two contacts with the same address',
    { contacts: [acme.contacts[0], { ...acme.contacts[0], email: 'EVA@acme.example' }] },
    '/contacts',
  ],
  ['an unknown time zone', { timeZone: 'Europe/Atlantis' }, '/timeZone'],
  ['an offset as time zone', { timeZone: '+09:00' }, '/timeZone'],
  ['an unknown country', { country: 'XX' }, '/country'],
  ['an unknown language', { locale: 'fr' }, '/locale'],
  ['no name', { name: undefined }, '/name'],
  ['a blank name', { name: ' \t ' }, '/name'],
])('%s is refused as malformed', async (_, changes, pointer) => {
  const refused = await admin.post('/v1/customers', { ...acme, ...changes });
  expect([refused.status, refused.body.code]).toEqual([400, 'malformed-body']);
  expect((refused.body.errors as { pointer: string }[]).map((error) => error.pointer)).toEqual([pointer]);
});

test('an international domain is accepted only in its xn-- form, which the refusal names', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, ...contact({ email: 'eva@例え.example' }) });
  expect(refused.body.errors[0].detail).toContain('xn--');
  const email = "o'brien+trm@xn--r8jz45g.example";
  const entered = await admin.post('/v1/customers', { ...acme, ...contact({ email }) });
  expect([entered.status, entered.body.contacts[0].email]).toEqual([201, email]);
});

test.each([
  ['consultants', 'email', 'ken@trm.example', 'KEN@trm.example', 'email-already-used'],
  ['product-lines', 'code', 'DB', 'DB', 'code-already-used'],
])(
  'only an administrator can enter and change %s, and a CSM can read them',
  async (resource, field, value, again, code) => {
    const path = `/v1/${resource}`;
    const entered = await admin.post(path, { name: 'One', [field]: value });
    expect([entered.status, entered.headers.get('etag')]).toEqual([201, '"1"']);
    const repeated = await admin.post(path, { name: 'Two', [field]: again });
    expect([repeated.status, repeated.body.code]).toEqual([409, code]);
    const one = `${path}/${entered.body.id}`;
    const changed = await admin.patch(one, { name: 'Renamed' }, { 'if-match': '"1"' });
    expect(changed.body).toEqual({ ...entered.body, name: 'Renamed', version: 2 });
    expect((await csm.get(one)).body).toEqual(changed.body);
    expect((await csm.get(path)).body.data).toEqual([changed.body]);
    expect((await csm.post(path, { name: 'Three', [field]: value })).status).toBe(403);
  },
);
