import { Client } from 'pg';
import type { Api } from './support/client.js';
import { soldContract, type SoldContract } from './support/contract.js';
import openapi from './openapi.json';
import { startService, type TestService } from './support/service.js';
import { person } from './support/people.js';

/** The tables that grow without limit. */
const growing = ['time_entries', 'time_entry_reversals', 'ledger_entries', 'mails', 'mail_attempts'];

/** The rows of the other contracts in each large table. */
const otherRows = 20_000;
/** The most rows of a large table that a list may read for one page. */
const mostRowsRead = 1_000;

let service: TestService;
let small: SoldContract;
let readers: Record<string, Api>;
const ids: Record<string, string> = {};

beforeAll(async () => {
  service = await startService();
  small = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const others: SoldContract[] = [];
  for (let at = 1; at <= 10; at++)
    others.push(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
  await fill(others, small);
  readers = {
    admin: small.admin,
    csm: small.csm,
    finance: await person(service, 'finance'),
    customer: small.customer,
  };
  const { admin } = small;
  const visit = {
    startsOn: '2026-04-06',
    endsOn: '2026-04-07',
    place: 'Osaka',
    consultantIds: [small.consultantIds[0]],
  };
  const recipients = [{ name: 'Sato Hanako', email: 'sato@vendor.example' }];
  const schedule = { report: 'usage-lines', format: 'csv', dayOfMonth: 5, recipients, locale: 'en' };
  Object.assign(ids, {
    users: small.csm.id,
    subscriptions: small.id,
    visits: (await admin.post(`/v1/subscriptions/${small.id}/visits`, visit)).body.id,
    'report-schedules': (await small.csm.post('/v1/report-schedules', schedule)).body.id,
    customerId: small.customerId,
    csmId: small.csm.id,
    consultantId: small.consultantIds[1],
    productLineId: small.productLineIds[1],
    termId: (await admin.get(`/v1/subscriptions/${small.id}`)).body.currentTerm.id,
  });
});

afterAll(() => service.stop());

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: { type?: string; enum?: string[] };
}

const lists = Object.entries(openapi.paths as Record<string, { get?: { parameters?: Parameter[] } }>).flatMap(
  ([path, { get }]) => {
    const query = (get?.parameters ?? []).filter((parameter) => parameter.in === 'query');
    return query.some(({ name }) => name === 'cursor') ? [[path, query] as const] : [];
  },
);

it.each(lists)('GET %s reads few rows, with each of its filters and for each role', async (path, query) => {
  const [, noun] = /^\/v1\/([a-z-]+)\/\{id\}/.exec(path) ?? [];
  const url = path.replace('{id}', noun === undefined ? '' : known(noun));
  const always = query.filter(({ required }) => required).flatMap(valuesOf);
  const filters = query.filter(({ name, required }) => !required && !['limit', 'cursor'].includes(name));
  const queries = ['', ...filters.flatMap(valuesOf)].map((filter) => always.join('') + filter);
  let answered = 0;
  for (const [role, reader] of Object.entries(readers)) {
    for (const filter of queries) {
      const { found, status } = await readBy(() => reader.get(`${url}?limit=50${filter}`));
      expect({ role, filter, found: found.filter(({ rows }) => rows > mostRowsRead) }).toEqual({
        role,
        filter,
        found: [],
      });
      if (status === 200) answered++;
      else expect([403, 404]).toContain(status);
    }
  }
  expect(answered).toBeGreaterThanOrEqual(queries.length);
});

it('the check finds a query that reads all time entries', async () => {
  const { found } = await readBy(async () => {
    await service.database.read((tx) => tx.query('select id from time_entries where summary = $1', ['nothing']));
    return { status: 200 };
  });
  expect(found).toEqual([{ table: 'time_entries', rows: otherRows + rowsOfSmall, sql: expect.any(String) }]);
});

/** Filters with values that few rows have, or none. */
function valuesOf({ name, schema }: Parameter): string[] {
  if (schema.enum) return schema.enum.map((value) => `&${name}=${value}`);
  if (schema.type === 'boolean') return [`&${name}=true`];
  if (/name$/i.test(name)) return [`&${name}=Customer`];
  return [`&${name}=${/^(from|to|until|ends[A-Z].*)$/.test(name) ? '2026-04-03' : known(name)}`];
}

function known(name: string): string {
  const id = ids[name];
  if (id === undefined) throw new Error(`A list has the parameter ${name}: add a value to ids that few rows have`);
  return id;
}

interface Read {
  table: string;
  rows: number;
  sql: string;
}

/** How many rows of the growing tables the queries of `work` read. PostgreSQL runs each query again and counts. */
async function readBy(work: () => Promise<{ status: number }>): Promise<{ status: number; found: Read[] }> {
  const statements: { text: string; values: unknown[] }[] = [];
  const { query } = Client.prototype;
  const watching = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
    this: Client,
    ...args: unknown[]
  ) {
    const [asked, values] = args as [string | { text?: string; values?: unknown[] }, unknown];
    const text = typeof asked === 'string' ? asked : asked.text;
    const given = typeof asked === 'string' ? values : (asked.values ?? values);
    if (text !== undefined) statements.push({ text, values: Array.isArray(given) ? given : [] });
    return Reflect.apply(query, this, args) as undefined;
  });
  const { status } = await work().finally(() => watching.mockRestore());

  const found = new Map<string, Read>();
  for (const { text, values } of statements.filter(({ text }) => /^\s*(select|with)\b/i.test(text))) {
    const same = JSON.stringify([text, values]);
    if (!counted.has(same)) counted.set(same, await rowsReadBy(text, values));
    for (const { table, rows } of counted.get(same)!) {
      const one = `${table} ${text}`;
      const before = found.get(one)?.rows ?? 0;
      found.set(one, { table, rows: before + rows, sql: text });
    }
  }
  return { status, found: [...found.values()] };
}

/** The counts of earlier queries, because most requests begin with the same queries. */
const counted = new Map<string, { table: string; rows: number }[]>();

async function rowsReadBy(text: string, values: unknown[]): Promise<{ table: string; rows: number }[]> {
  const [row] = await service.database.read((tx) =>
    tx.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (analyze, timing off, format json) ${text}`, values),
  );
  return rowsRead(row!['QUERY PLAN'][0].Plan);
}

interface PlanNode {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

function rowsRead(node: PlanNode): { table: string; rows: number }[] {
  const table = node['Relation Name'];
  const looked =
    node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return [
    ...(table !== undefined && growing.includes(table) ? [{ table, rows: looked * node['Actual Loops'] }] : []),
    ...(node.Plans ?? []).flatMap(rowsRead),
  ];
}

const rowsOfSmall = 60;

/**
 * Inserts many time entries, ledger entries and mails of other contracts, and a few of the small one. The rows of the small contract are
 * the last in the order of each list, so a query that goes through the list to find them reads all rows.
 */
async function fill(others: SoldContract[], small: SoldContract): Promise<void> {
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  try {
    // Without triggers, because nothing here reads a balance.
    await client.query('set session_replication_role = replica');
    const parts = [
      ...others.map((contract) => [contract, otherRows / others.length, '2026-04-02', '2026-04-20'] as const),
      [small, rowsOfSmall, '2026-04-10', '2026-04-01'] as const,
    ];
    for (const [contract, rows, workDay, queuedOn] of parts) {
      const values = [contract.id, rows, workDay, contract.consultantIds[0], contract.productLineIds[0]];
      await client.query(
        `with booked as (
           insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
             delivery, summary, package, accounting_month, recorded_at, recorded_by)
           select gen_random_uuid(), s.id, s.current_term_id, $3::date + n % 5, 15, $4, $5, 'technical-advice', 'remote',
             'Work ' || n, 'premier', '2026-04', '2026-04-20Z', s.csm_id
           from subscriptions s, generate_series(1, $2::integer) n where s.id = $1 returning id, term_id, work_date)
         insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, time_entry_id,
           balance_after_minutes)
         select gen_random_uuid(), term_id, 10 + row_number() over (), 'use', -15, work_date, '2026-04-20Z', id, 0 from booked`,
        values,
      );
      await client.query(
        `insert into mails (id, kind, subscription_id, term_id, occasion, recipient_role, recipient_name, recipient_address, locale,
           message_id, queued_at, status, sent_at, delivered, message, message_sha256)
         select gen_random_uuid(), 'usage-statement', s.id, s.current_term_id, n::text, 'customer', 'A', 'a@customer.example', 'en',
           s.id || '-' || n, $3::date + n * interval '1 second', 'sent', '2026-04-20Z', true, '\\x00', 'sha'
         from subscriptions s, generate_series(1, $2::integer) n where s.id = $1`,
        [contract.id, rows, queuedOn],
      );
    }
    await client.query('analyze');
  } finally {
    await client.end();
  }
}
