import type { Json } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { use, usedContract } from '../support/usage.js';

// Filters and sort orders of the lists of customers, subscriptions and renewals.

let service: TestService;
let csm: Person;
let finance: Person;

const names = ['株式会社アオイ', 'ｱｵｲ商事', 'Ａｃｍｅ KK', 'acme_100% Ltd.', 'Birch'];

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  csm = await person(service, 'csm');
  finance = await person(service, 'finance');
  for (const name of names) {
    const customer = await csm.post('/v1/customers', { name, locale: 'ja', timeZone: 'Asia/Tokyo' });
    const bought = { customerId: customer.body.id, package: 'basic', startsOn: '2026-04-01' };
    expect((await csm.post('/v1/subscriptions', bought)).status).toBe(201);
  }
});
afterAll(() => service.stop());

const found = async (query: string): Promise<string[]> => {
  const { status, body } = await csm.get(`/v1/customers?${query}`);
  expect([query, status]).toEqual([query, 200]);
  return (body.data as Json[]).map(({ name }) => name as string);
};

/** All subscriptions of a list, read page by page. */
async function pages(who: Person, query: string): Promise<Json[]> {
  const all: Json[] = [];
  for (let cursor = ''; ;) {
    const { status, body } = await who.get(`/v1/subscriptions?limit=2&${query}${cursor}`);
    expect([query, status]).toEqual([query, 200]);
    all.push(...(body.data as Json[]));
    if (body.nextCursor === null) return all;
    cursor = `&cursor=${encodeURIComponent(body.nextCursor as string)}`;
  }
}

describe('the search for customers by a part of their name', () => {
  test.each([
    ['ｱｵｲ', ['株式会社アオイ', 'ｱｵｲ商事']],
    ['アオイ', ['株式会社アオイ', 'ｱｵｲ商事']],
    ['ACME', ['Ａｃｍｅ KK', 'acme_100% Ltd.']],
    ['acmek', ['Ａｃｍｅ KK']],
    ['%', ['acme_100% Ltd.']],
    ['_', ['acme_100% Ltd.']],
    ['\\', []],
    ['nobody', []],
  ])('%s finds %j', async (name, expected) => {
    expect(await found(`name=${encodeURIComponent(name)}`)).toEqual(expected);
  });

  test('returns pages, and only customers that the user may see', async () => {
    const first = await csm.get('/v1/customers?name=acme&limit=1');
    const next = await csm.get(`/v1/customers?name=acme&limit=1&cursor=${first.body.nextCursor}`);
    expect([first, next].map(({ body }) => body.data[0].name)).toEqual(['Ａｃｍｅ KK', 'acme_100% Ltd.']);
    expect(next.body.nextCursor).toBeNull();
    const other = await person(service, 'csm');
    expect((await other.get('/v1/customers?name=acme')).body.data).toEqual([]);
  });
});

describe('the list of subscriptions', () => {
  test('names the customers, filters by a part of the name, and sorts by it in both directions', async () => {
    const sorted = (await pages(csm, 'sort=customerName')).map(({ customerName }) => customerName);
    expect(sorted).toHaveLength(names.length);
    expect(sorted.slice(0, 3)).toEqual(['acme_100% Ltd.', 'Ａｃｍｅ KK', 'Birch']);
    const reversed = (await pages(csm, 'sort=-customerName')).map(({ customerName }) => customerName);
    expect(reversed).toEqual([...sorted].reverse());
    expect((await pages(csm, 'customerName=bIr')).map(({ customerName }) => customerName)).toEqual(['Birch']);
    const entered = (await pages(csm, '')).map(({ customerName }) => customerName);
    expect(entered).toEqual(names);
    expect((await pages(csm, 'sort=-entered')).map(({ customerName }) => customerName)).toEqual([...names].reverse());
  });

  test('sorts and filters by the pace that it shows', async () => {
    const [, busy, even] = [
      await usedContract(service, { startsOn: '2026-04-01' }),
      await usedContract(service, { startsOn: '2026-04-01' }),
      await usedContract(service, { startsOn: '2026-04-01' }),
    ];
    for (const day of ['01', '02', '03']) await use(busy, `2026-07-${day}`, 1_440);
    for (const day of ['01', '02']) await use(even, `2026-07-${day}`, 795);
    const paceOf = ({ balance }: Json): Json => balance.pace;
    const sorted = (await pages(finance, 'sort=pace')).map(paceOf);
    const differences = sorted.map(({ differenceMinutes }) => differenceMinutes as number);
    expect(differences).toEqual([...differences].sort((one, other) => one - other));
    const reversed = (await pages(finance, 'sort=-pace')).map((row) => paceOf(row).differenceMinutes);
    expect(reversed).toEqual([...differences].reverse());
    for (const status of ['ahead', 'on-pace', 'behind']) {
      const filtered = (await pages(finance, `pace=${status}&sort=customerName`)).map((row) => paceOf(row).status);
      expect(filtered).toEqual(sorted.filter((pace) => pace.status === status).map(() => status));
      expect(filtered.length).toBeGreaterThan(0);
    }
  });

  test('refuses a cursor with another sort order or filter, and a forged cursor', async () => {
    const { body } = await csm.get('/v1/subscriptions?limit=1&sort=customerName');
    const cursor = encodeURIComponent(body.nextCursor as string);
    for (const other of ['sort=pace', 'sort=-customerName', 'sort=customerName&customerName=a']) {
      expect((await csm.get(`/v1/subscriptions?limit=1&${other}&cursor=${cursor}`)).body.code).toBe('invalid-cursor');
    }
    const paced = (await csm.get('/v1/subscriptions?limit=1&sort=pace')).body.nextCursor as string;
    const [query, , id] = JSON.parse(Buffer.from(paced, 'base64url').toString()) as string[];
    const forged = Buffer.from(JSON.stringify([query, 'no number', id])).toString('base64url');
    const answer = await csm.get(`/v1/subscriptions?limit=1&sort=pace&cursor=${forged}`);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-cursor']);
  });
});

describe('the list of renewals', () => {
  const renewals = async (query: string): Promise<Json[]> =>
    (await finance.get(`/v1/renewals?limit=200&${query}`)).body.data as Json[];

  test('filters by the last day of the term, and includes locked terms', async () => {
    const bought = { package: 'basic', startsOn: '2025-08-15', contractNumber: 'N-1' };
    const customer = { name: 'Locked', code: 'C-1', locale: 'en', timeZone: 'Asia/Tokyo' };
    const customerId = (await csm.post('/v1/customers', customer)).body.id as string;
    expect((await csm.post('/v1/subscriptions', { ...bought, customerId })).status).toBe(201);
    const august = await renewals('endsFrom=2026-08-01&endsTo=2026-08-31');
    expect(august).toMatchObject([
      { customer: 'Locked', customerCode: 'C-1', contractNumber: 'N-1', renewalState: 'locked', endsOn: '2026-08-14' },
    ]);
    expect(await renewals('endsFrom=2026-08-14&endsTo=2026-08-14')).toEqual(august);
    expect(await renewals('endsFrom=2026-08-15&endsTo=2026-12-31')).toEqual([]);
    const refused = await finance.get('/v1/renewals?endsFrom=2026-09-01&endsTo=2026-08-01');
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/endsTo']);
  });
});
