import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let contract: SoldContract;
let finance: Person;
let visitId: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  contract = await soldContract(service, { package: 'enterprise', startsOn: '2026-04-01' });
  finance = await person(service, 'finance');
  visitId = await plannedVisit('2026-05-30', '2026-06-02');
});
afterAll(() => service.stop());

async function plannedVisit(startsOn: string, endsOn = startsOn): Promise<string> {
  const { id, csm, consultantIds } = contract;
  const { body } = await csm.post(`/v1/subscriptions/${id}/visits`, { startsOn, endsOn, place: '大阪', consultantIds });
  return body.id as string;
}

const expensesOf = (id: string, query = '') => `/v1/visits/${id}/expenses${query}`;

const expense = (change: object = {}) => ({
  amount: '123.45',
  currency: 'USD',
  description: '新幹線 東京–新大阪',
  ...change,
});

const sql = (statement: string) => service.database.write((tx) => tx.query<{ text: string }>(statement));

test('an expense can be recorded, listed, and reversed once', async () => {
  const { csm } = contract;
  const recorded = await csm.post(expensesOf(visitId), expense());
  expect([recorded.status, recorded.body]).toEqual([
    201,
    {
      id: expect.any(String) as string,
      visitId,
      amount: '123.45',
      currency: 'USD',
      description: '新幹線 東京–新大阪',
      accountingMonth: '2026-05',
      adjustsMonth: null,
      recordedAt: '2026-07-10T03:00:00.000Z',
      recordedBy: csm.id,
      reversal: null,
    },
  ]);
  expect((await csm.get(expensesOf(visitId))).body).toEqual({ data: [recorded.body], nextCursor: null });

  const path = `/v1/expenses/${recorded.body.id}/reversal`;
  const reversed = await csm.post(path, { reason: 'Paid by the customer' });
  expect([reversed.status, reversed.body]).toEqual([
    201,
    {
      ...recorded.body,
      reversal: {
        id: expect.any(String) as string,
        reason: 'Paid by the customer',
        accountingMonth: '2026-05',
        adjustsMonth: null,
        recordedAt: '2026-07-10T03:00:00.000Z',
        recordedBy: csm.id,
      },
    },
  ]);
  const again = await csm.post(path, { reason: 'Twice' }, { 'accept-language': 'ja' });
  expect([again.status, again.body]).toEqual([
    409,
    expect.objectContaining({ code: 'already-reversed', detail: 'この記録はすでに取り消されています。' }),
  ]);
  expect((await csm.get(expensesOf(visitId))).body.data).toEqual([reversed.body]);
});

test.each`
  currency | amount             | stored
  ${'USD'} | ${'12.5'}          | ${'12.50'}
  ${'USD'} | ${'9999999999.99'} | ${'9999999999.99'}
  ${'USD'} | ${'0.01'}          | ${'0.01'}
  ${'JPY'} | ${'14720'}         | ${'14720'}
  ${'JPY'} | ${'9999999999'}    | ${'9999999999'}
  ${'KWD'} | ${'7.1'}           | ${'7.100'}
`('the amount $amount $currency is stored and printed as $stored', async ({ currency, amount, stored }) => {
  const { csm } = contract;
  const { body } = await csm.post(expensesOf(visitId), expense({ currency, amount }));
  const listed = (await csm.get(expensesOf(visitId, '?limit=200'))).body.data as { id: string; amount: string }[];
  expect([body.amount, listed.find(({ id }) => id === body.id)?.amount]).toEqual([stored, stored]);
});

test.each<[string, object, string]>([
  ['a number instead of text', { amount: 123.45 }, '/amount'],
  ['no amount', { amount: undefined }, '/amount'],
  ['an amount of zero', { amount: '0.00' }, '/amount'],
  ['a negative amount', { amount: '-1' }, '/amount'],
  ['an amount with an exponent', { amount: '1e3' }, '/amount'],
  ['an amount with a comma', { amount: '1,000' }, '/amount'],
  ['an amount in full-width digits', { amount: '１２３' }, '/amount'],
  ['an amount with a line break', { amount: '123\n' }, '/amount'],
  ['an amount above the maximum', { amount: '10000000000' }, '/amount'],
  ['an amount of a million digits', { amount: '9'.repeat(1_000_000) }, '/amount'],
  ['NaN as an amount', { amount: 'NaN' }, '/amount'],
  ['hundredths of a yen', { currency: 'JPY' }, '/amount'],
  ['thousandths of a dollar', { amount: '0.001' }, '/amount'],
  ['a currency in small letters', { currency: 'usd' }, '/currency'],
  ['an unknown currency', { currency: 'YEN' }, '/currency'],
  ['gold as a currency', { currency: 'XAU' }, '/currency'],
  ['no description', { description: undefined }, '/description'],
  ['a blank description', { description: ' ' }, '/description'],
  ['a description with NUL', { description: 'a\0' }, '/description'],
  ['an unknown field', { visitId: 'x' }, '/visitId'],
])('%s is refused as malformed', async (_, change, pointer) => {
  const before = await sql('select count(*)::text as text from visit_expenses');
  const refused = await contract.csm.post(expensesOf(visitId), expense(change));
  expect(refused.status).toBe(400);
  expect(refused.body.errors).toEqual([{ pointer, detail: expect.any(String) as string }]);
  expect(await sql('select count(*)::text as text from visit_expenses')).toEqual(before);
});

test.each`
  language | currency | detail
  ${'en'}  | ${'JPY'} | ${'must have no decimal places in JPY'}
  ${'ja'}  | ${'JPY'} | ${'JPY の金額は小数点以下を含めずに指定してください'}
  ${'en'}  | ${'USD'} | ${'must have at most 2 decimal places in USD'}
  ${'ja'}  | ${'USD'} | ${'USD の金額は小数点以下 2 桁以内で指定してください'}
`(
  'the refusal of too many decimal places in $currency says in $language: $detail',
  async ({ language, currency, detail }) => {
    const body = expense({ currency, amount: '123.456' });
    const refused = await contract.csm.post(expensesOf(visitId), body, { 'accept-language': language as string });
    expect(refused.body.errors).toEqual([{ pointer: '/amount', detail }]);
  },
);

test('a visit in the future and a cancelled visit can have expenses', async () => {
  const { csm } = contract;
  const later = await plannedVisit('2026-09-01');
  expect((await csm.post(expensesOf(later), expense())).body).toMatchObject({ accountingMonth: '2026-09' });
  await csm.post(`/v1/visits/${later}/cancel`);
  expect((await csm.post(expensesOf(later), expense({ description: 'Cancelled flight' }))).status).toBe(201);
});

test('exactly one of eight concurrent reversals of an expense succeeds', async () => {
  const { csm } = contract;
  const { body } = await csm.post(expensesOf(visitId), expense());
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => csm.post(`/v1/expenses/${body.id}/reversal`, { reason: 'R' })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
});

test('a repeated request with the same idempotency key records one expense', async () => {
  const { csm } = contract;
  const fresh = await plannedVisit('2026-06-20');
  const key = { 'idempotency-key': 'taxi' };
  const first = await csm.post(expensesOf(fresh), expense(), key);
  const second = await csm.post(expensesOf(fresh), expense(), key);
  expect(second.body).toEqual(first.body);
  expect((await csm.get(expensesOf(fresh))).body.data).toEqual([first.body]);
});

test('expenses are listed page by page', async () => {
  const { csm } = contract;
  const fresh = await plannedVisit('2026-06-21');
  for (const description of ['A', 'B', 'C']) await csm.post(expensesOf(fresh), expense({ description }));
  const first = await csm.get(expensesOf(fresh, '?limit=2'));
  expect(first.body.data).toMatchObject([{ description: 'A' }, { description: 'B' }]);
  const second = await csm.get(expensesOf(fresh, `?limit=2&cursor=${first.body.nextCursor}`));
  expect(second.body).toMatchObject({ data: [{ description: 'C' }], nextCursor: null });
  expect((await csm.get(expensesOf(fresh, '?cursor=nothing'))).status).toBe(400);
});

test('finance can read expenses, and customers and other CSMs cannot', async () => {
  const { csm, customer, admin } = contract;
  const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { body } = await csm.post(expensesOf(visitId), expense());
  const reversal = `/v1/expenses/${body.id}/reversal`;
  for (const reader of [finance, admin]) expect((await reader.get(expensesOf(visitId))).status).toBe(200);
  expect((await customer.get(expensesOf(visitId))).status).toBe(403);
  for (const reader of [finance, customer]) {
    expect((await reader.post(expensesOf(visitId), expense())).status).toBe(403);
    expect((await reader.post(reversal, { reason: 'R' })).status).toBe(403);
  }
  expect((await other.csm.get(expensesOf(visitId))).status).toBe(404);
  expect((await other.csm.post(expensesOf(visitId), expense())).status).toBe(404);
  expect((await other.csm.post(reversal, { reason: 'R' })).status).toBe(404);
  for (const nothing of [contract.id, 'nothing']) {
    expect((await csm.get(expensesOf(nothing))).status).toBe(404);
    expect((await csm.post(expensesOf(nothing), expense())).status).toBe(404);
    expect((await csm.post(`/v1/expenses/${nothing}/reversal`, { reason: 'R' })).status).toBe(404);
  }
});

test.each([
  `update visit_expenses set amount = 1`,
  `delete from visit_expenses`,
  `truncate visit_expenses cascade`,
  `update visit_expense_reversals set reason = ''`,
  `delete from visit_expense_reversals`,
  `truncate visit_expense_reversals`,
])('the database refuses: %s', async (statement) => {
  await expect(sql(statement)).rejects.toThrow(/append-only|never/i);
});

test.each(['0', '-1', '10000000000', '0.00001', `'NaN'`, `'Infinity'`])(
  'the database refuses an amount of %s',
  async (amount) => {
    await expect(
      sql(`insert into visit_expenses
             select gen_random_uuid(), visit_id, ${amount}, currency, description, accounting_month, adjusts_month,
               recorded_at, recorded_by
             from visit_expenses limit 1`),
    ).rejects.toThrow('visit_expenses_amount_sane');
  },
);

test('an expense or a reversal for a closed month counts in the first open month, as an adjustment', async () => {
  const { csm } = contract;
  const { body: before } = await csm.post(expensesOf(visitId), expense());
  const closed = await finance.post('/v1/periods/2026-05/close');
  expect(closed.status).toBe(200);

  const late = await csm.post(expensesOf(visitId), expense());
  expect(late.body).toMatchObject({ accountingMonth: '2026-06', adjustsMonth: '2026-05' });
  const { body: reversed } = await csm.post(`/v1/expenses/${before.id}/reversal`, { reason: 'R' });
  expect(reversed).toMatchObject({
    accountingMonth: '2026-05',
    adjustsMonth: null,
    reversal: { accountingMonth: '2026-06', adjustsMonth: '2026-05' },
  });
  const intoMay = `insert into visit_expenses
    select gen_random_uuid(), visit_id, amount, currency, description, '2026-05', null, recorded_at, recorded_by
    from visit_expenses limit 1`;
  await expect(sql(intoMay)).rejects.toThrow('a closed month takes no more rows');
});
