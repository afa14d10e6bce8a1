import type { Actor } from '../../src/domain/access.js';
import { FindService } from '../../src/features/find/find.service.js';
import type { FoundAnswer } from '../../src/features/find/find.dto.js';
import { api } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { usedContract, type UsedContract } from '../support/usage.js';

// What the finder finds for whom.

let service: TestService;
let csm: Person;
let customer: Person;
let contract: UsedContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  contract = await usedContract(service, { startsOn: '2026-04-01' });
  csm = await person(service, 'csm');
  customer = await person(service, 'customer', contract.customerId);
  const names = ['株式会社アオイ', 'ｱｵｲ商事', 'Ａｃｍｅ KK', 'acme_100% Ltd.', 'さくら銀行'];
  for (const [at, name] of names.entries()) {
    const { body } = await csm.post('/v1/customers', {
      name,
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
      code: `C-${at}`,
    });
    const bought = { package: 'basic', startsOn: '2026-04-01', contractNumber: `TRM-00${at + 1}` };
    expect((await csm.post('/v1/subscriptions', { ...bought, customerId: body.id })).status).toBe(201);
  }
  for (const [at, reference] of ['CASE-17', 'case-123', 'ＣＡＳＥ-1234', 'Ticket 5'].entries()) {
    const entry = {
      workDate: `2026-04-0${at + 1}`,
      minutes: 15,
      consultantId: contract.consultantId,
      productLineId: contract.productLineIds[0],
      activity: 'technical-advice',
      delivery: 'remote',
      summary: 'Advice',
      reference,
    };
    expect((await contract.csm.post(`/v1/subscriptions/${contract.id}/time-entries`, entry)).status).toBe(201);
  }
});
afterAll(() => service.stop());

async function found(
  who: { id: string; role: Actor['role']; customerId?: string },
  text: string,
): Promise<FoundAnswer> {
  const actor: Actor = {
    userId: who.id,
    role: who.role,
    customerId: who.customerId ?? null,
    name: '',
    email: '',
    deputyFor: [],
    tokenId: '',
  };
  return service.database.read((tx) => service.app.get(FindService, { strict: false }).find(tx, actor, text));
}

const asCsm = (text: string): Promise<FoundAnswer> => found({ id: csm.id, role: 'csm' }, text);

test.each([
  ['ｱｵｲ', ['ｱｵｲ商事', '株式会社アオイ']],
  ['あおい', ['ｱｵｲ商事', '株式会社アオイ']],
  ['サクラ', ['さくら銀行']],
  ['ACMEK', ['Ａｃｍｅ KK']],
  ['%', ['acme_100% Ltd.']],
  ['c-3', ['acme_100% Ltd.']],
  ['  ', []],
  ['nobody', []],
])('%s finds the customers %j, whose subscriptions it finds too unless it is a code', async (text, customers) => {
  const { customers: rows, subscriptions } = await asCsm(text);
  expect(rows.map(({ name }) => name)).toEqual(customers);
  expect(subscriptions.map(({ customer }) => customer)).toEqual(text === 'c-3' ? [] : customers);
});

test('a contract number finds its subscription', async () => {
  const { customers, subscriptions } = await asCsm('ｔｒｍ-003');
  expect(customers).toEqual([]);
  expect(subscriptions).toMatchObject([{ customer: 'Ａｃｍｅ KK', contractNumber: 'TRM-003', status: 'active' }]);
});

test('a case reference is found by its beginning, in any case and width, the shortest first', async () => {
  const references = async (text: string): Promise<string[]> =>
    (await found({ id: contract.csm.id, role: 'csm' }, text)).references.map(({ reference }) => reference);
  expect(await references('case-1')).toEqual(['CASE-17', 'case-123', 'ＣＡＳＥ-1234']);
  expect(await references('case-123')).toEqual(['case-123', 'ＣＡＳＥ-1234']);
  expect(await references('ase')).toEqual([]);
  expect(await references('t')).toEqual([]);
});

test('nobody finds what they may not see', async () => {
  const foreign = await asCsm('case');
  expect(foreign.references).toEqual([]);
  const reader = { id: customer.id, role: 'customer' as const, customerId: contract.customerId };
  expect(await found(reader, 'acme')).toEqual({ customers: [], subscriptions: [], consultants: [], references: [] });
  expect((await found(reader, 'case')).references).toHaveLength(3);
  expect((await found(reader, 'consultant')).consultants).toEqual([]);
  expect((await found({ id: csm.id, role: 'finance' }, 'acme')).customers).toHaveLength(2);
});

test('consultants are found by name and address', async () => {
  const admin = api(service.baseUrl, service.adminToken);
  await admin.post('/v1/consultants', { name: '鈴木 一郎', email: 'ichiro@vendor.example' });
  expect((await asCsm('鈴木一郎')).consultants).toMatchObject([{ name: '鈴木 一郎' }]);
  expect((await asCsm('ICHIRO@')).consultants).toMatchObject([{ name: '鈴木 一郎' }]);
});
