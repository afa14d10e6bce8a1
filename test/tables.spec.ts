import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { projectPath } from '../src/platform/project-root.js';
import { testDatabase } from './support/database.js';
import { tablesOf, type TablesOfFile } from './support/sql-tables.js';

/**
 * Every table belongs to one room: only that room writes it. Other rooms ask its services, or read it as listed below. This
 * spec compares the lists with the SQL of all files of `src`.
 */
const tables: Readonly<Record<string, string>> = {
  platform: `mails mail_attempts mail_server idempotency_keys request_allowances service_identity simulated_clock migrations`,
  people: `users api_tokens deputies`,
  'sign-in': `sessions sign_in_links`,
  customers: `customers consultants product_lines`,
  periods: `accounting_periods accounting_period_events closed_hours closed_names closed_subscriptions closed_terms
    closed_term_ends closed_visits closed_renewals`,
  ledger: `ledger_entries balances pair_balances term_days`,
  'due-work': `set_asides`,
  subscriptions: `subscriptions terms term_packages enrolments deadline_moves closed_ledger_entries`,
  'top-ups': `top_ups`,
  allocations: `allocation_sets allocations`,
  onsite: `visits visit_consultants visit_expenses visit_expense_reversals`,
  learning: `seats`,
  planning: `planned_sessions`,
  hours: `time_entries time_entry_reversals consultant_days`,
  imports: `imports import_chunks`,
  outlook: `outlooks`,
  notices: `non_renewal_notices`,
  usage: `usage_alerts`,
  schedules: `report_schedules`,
  attention: `attention_states`,
  nudges: `nudge_plans`,
  jobs: `jobs job_runs`,
};

/** Tables that files read or write although another room owns them, with the reason. A path may name a folder. */
interface Exception {
  why: string;
  reads?: Readonly<Record<string, string>>;
  writes?: Readonly<Record<string, string>>;
}

const exceptions: readonly Exception[] = [
  {
    why: 'One statement writes all tables of a batch of bookings, or of a chunk of an import. Each further statement lowers the number of bookings per second (`npm run bench:desk`).',
    writes: {
      'features/hours/booking.store.ts': `ledger_entries pair_balances`,
      'features/hours/bulk-write.store.ts': `ledger_entries pair_balances`,
    },
  },
  {
    why: 'The lock of a subscription guards its ledgers and its due work, so the first room that needs it holds every way to take it.',
    writes: { 'features/ledger/subscription-lock.store.ts': `subscriptions` },
  },
  {
    why: 'Due work finds its terms by an index on one of their due times, and reads no other column.',
    reads: { 'features/due-work/due-terms.ts': `terms` },
  },
  {
    why: 'A report is one statement: COPY streams it from one snapshot, sorted by names, without a row in memory.',
    reads: {
      'features/reports': `users customers consultants product_lines accounting_periods closed_names closed_subscriptions
        closed_terms closed_term_ends closed_visits closed_renewals ledger_entries closed_ledger_entries balances
        subscriptions terms term_packages outlooks visits visit_expenses visit_expense_reversals seats time_entries
        time_entry_reversals`,
    },
  },
  {
    why: 'A closing counts all bookings of a month and stores the names in reports while bookings wait: a few statements over whole tables.',
    reads: {
      'features/subscriptions/terms-by-month.ts': `users customers closed_term_ends ledger_entries balances`,
      'features/onsite/expenses-by-month.ts': `users customers subscriptions terms term_packages`,
      'features/planning/sessions-by-month.ts': `users customers subscriptions`,
      'features/hours/hours-by-month.ts': `users customers consultants product_lines balances subscriptions terms`,
    },
  },
  {
    why: 'A list filters, sorts and pages in one statement: by what the user may see, or by a name.',
    reads: {
      'features/subscriptions/subscription.store.ts': `customers`,
      'features/subscriptions/hand-over.store.ts': `customers`,
      'features/onsite/expense.store.ts': `subscriptions`,
      'features/planning/planned-session.store.ts': `customers subscriptions`,
      'features/hours/adjustment-list.store.ts': `users customers consultants product_lines subscriptions`,
      'features/hours/time-entry.store.ts': `subscriptions product_lines planned_sessions`,
      'features/imports/import.store.ts': `users subscriptions time_entries time_entry_reversals`,
      'features/outlook/outlook.store.ts': `users terms`,
      'features/notices/notice.store.ts': `users terms subscriptions`,
      'features/top-ups/top-up.store.ts': `terms`,
      'features/renewals/forecast.store.ts': `customers subscriptions terms outlooks`,
      'features/renewals/year-ahead.store.ts': `customers balances subscriptions terms outlooks`,
      'features/renewals/renewal-board.store.ts': `mails users balances subscriptions terms outlooks`,
      'features/schedules/report-schedule.store.ts': `mails users customers`,
      'features/week/week.store.ts': `customers consultants pair_balances subscriptions planned_sessions time_entries time_entry_reversals`,
      'features/today/today.store.ts': `customers balances subscriptions terms time_entries time_entry_reversals`,
      'features/mails/mail-list.store.ts': `mails customers subscriptions report_schedules`,
      'features/attention/attention.store.ts': `mails mail_attempts customers subscriptions terms term_packages top_ups
        enrolments allocation_sets allocations balances term_days`,
      'features/portfolio/portfolio.store.ts': `users customers subscriptions terms term_packages top_ups balances
        term_days outlooks`,
      'features/quick-entry/quick-entry.store.ts': `customers consultants product_lines subscriptions terms enrolments
        allocation_sets allocations visits visit_consultants time_entries`,
    },
  },
  {
    why: 'A job reads the facts of a few hundred terms, for its mails or its checks, in one query for each chunk.',
    reads: {
      'features/subscriptions/contract.store.ts': `customers top_ups`,
      'features/subscriptions/term.store.ts': `customers`,
      'features/subscriptions/subscription-identity.ts': `product_lines`,
      'features/renewals/renewal.store.ts': `mails users customers balances subscriptions terms`,
      'features/usage/usage.store.ts': `users customers term_days subscriptions terms`,
      'features/usage/usage-statement.store.ts': `consultants product_lines visits seats time_entries time_entry_reversals`,
      'features/hours/booked-hours.ts': `term_packages`,
      'features/nudges/nudge.store.ts': `users customers balances subscriptions terms time_entries time_entry_reversals`,
    },
  },
  {
    why: 'The check of all balances compares the tables of several rooms on one snapshot, in a few queries for each chunk.',
    reads: {
      'features/balances/verification.store.ts': `ledger_entries balances pair_balances term_days subscriptions terms
        top_ups allocation_sets allocations visits seats time_entries time_entry_reversals`,
    },
  },
  {
    why: 'A document about a term reads all its facts from one snapshot.',
    reads: {
      'features/evidence/evidence.store.ts': `subscriptions terms`,
      'features/statements/term-statement.store.ts': `customers consultants product_lines subscriptions terms seats
        time_entries time_entry_reversals`,
    },
  },
  {
    why: 'The token of a request, and the session of a page, is looked up before any room is reached.',
    reads: {
      'platform/http/access-tokens.ts': `users api_tokens`,
      'platform/http/browser-sessions.ts': `users`,
      'platform/http/represented-csms.ts': `users deputies`,
    },
    writes: { 'platform/http/browser-sessions.ts': `sessions` },
  },
];

const source = projectPath('src');
const stale = 'No file needs the exception: ';

/** The rooms in their order: each may use the rooms before it. Jobs come last. */
async function roomsInOrder(): Promise<string[]> {
  const { default: settings } = (await import(projectPath('config', 'dependency-cruiser.cjs'))) as {
    default: { forbidden: { name: string }[] };
  };
  const prefix = 'rooms-in-line-';
  const rooms = settings.forbidden.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  return ['platform', ...rooms.map((name) => name.slice(prefix.length)), 'jobs'];
}

/** `features/hours/booking.store.ts` → `hours`, `platform/clock.ts` → `platform`. */
const roomOf = (path: string): string => path.replace('features/', '').split('/')[0]!;
const listed = (names: string): string[] => names.split(/\s+/).filter((name) => name !== '');
const owners = new Map(
  Object.entries(tables).flatMap(([room, names]) => listed(names).map((table): [string, string] => [table, room])),
);

/** How files of `src` violate the lists: one line for each file and table. */
function violations(
  files: Readonly<Record<string, string>>,
  rooms: readonly string[],
  allowed: readonly Exception[],
): string[] {
  const lines = allowed.flatMap(({ reads = {}, writes = {} }) => [
    ...entriesOf('reads', reads),
    ...entriesOf('writes', writes),
  ]);
  const unused = new Set(lines);
  const isAllowed = (verb: keyof TablesOfFile, path: string, table: string): boolean => {
    const entries = [...foldersOf(path)].map((folder) => `${folder} ${verb} ${table}`);
    const entry = entries.find((line) => lines.includes(line));
    if (entry !== undefined) unused.delete(entry);
    return entry !== undefined;
  };
  const isLater = (room: string, owner: string): boolean => rooms.indexOf(owner) > rooms.indexOf(room);
  const found = Object.entries(files).flatMap(([path, text]) => {
    const { reads, writes, unknown } = tablesOf(path, text, (name) => owners.has(name));
    const room = roomOf(path);
    const foreign = (names: ReadonlySet<string>): string[] => [...names].filter((table) => owners.get(table) !== room);
    return [
      ...foreign(writes)
        .filter((table) => !isAllowed('writes', path, table))
        .map((table) => `${path} writes ${table} of ${owners.get(table)!}`),
      ...foreign(reads)
        .filter((table) => !writes.has(table))
        .filter((table) => !isAllowed('reads', path, table))
        .map(
          (table) =>
            `${path} reads ${table} of ${isLater(room, owners.get(table)!) ? 'the later room ' : ''}${owners.get(table)!}`,
        ),
      ...[...unknown].map((name) => `${path} names ${name}, which is no table`),
    ];
  });
  return [...found, ...[...unused].map((line) => `${stale}${line}`)].sort();
}

const entriesOf = (verb: string, byPath: Readonly<Record<string, string>>): string[] =>
  Object.entries(byPath).flatMap(([path, names]) => listed(names).map((table) => `${path} ${verb} ${table}`));

/** A file, and every folder in which it lies. */
function* foldersOf(path: string): Generator<string> {
  for (let end = path.length; end > 0; end = path.slice(0, end).lastIndexOf('/')) yield path.slice(0, end);
}

describe('the check of SQL', () => {
  const listedHere: readonly Exception[] = [
    { why: 'a report joins', reads: { 'features/reports': 'terms' } },
    { why: 'one statement for speed', writes: { 'features/hours/fast.store.ts': 'pair_balances' } },
  ];
  /** Entries of the list that no planted file uses. */
  const idle = listedHere.flatMap(({ reads = {}, writes = {} }) => [
    ...entriesOf('reads', reads),
    ...entriesOf('writes', writes),
  ]);

  /** A file, its SQL, and its violation; null if it has none. */
  const planted: readonly (readonly [path: string, sql: string, wrong: string | null])[] = [
    ['features/learning/seat.store.ts', 'insert into seats (id) values ($1)', null],
    ['features/learning/seat.store.ts', 'update balances b set closed = true', 'writes balances of ledger'],
    ['features/learning/seat.store.ts', 'with d as (delete from visits) select 1', 'writes visits of onsite'],
    ['features/learning/seat.store.ts', 'truncate jobs', 'writes jobs of jobs'],
    ['features/hours/bulk.store.ts', 'ledger_entries (id, term_id)', 'writes ledger_entries of ledger'],
    ['features/onsite/visit.store.ts', 'select 1 from terms for share', 'writes terms of subscriptions'],
    [
      'features/onsite/visit.store.ts',
      // eslint-disable-next-line no-template-curly-in-string -- this text is planted as a template
      '${rows} for share of s',
      'names a lock apart from its table, which is no table',
    ],
    ['features/customers/site.entity.ts', "@Entity('users')", 'writes users of people'],
    ['features/periods/month.store.ts', 'select 1 from terms', 'reads terms of the later room subscriptions'],
    [
      'features/usage/usage.store.ts',
      'select 1 from unnest($1) a, lateral (select 2) b, users u',
      'reads users of people',
    ],
    ['features/usage/usage.store.ts', 'left join customers c on true', 'reads customers of customers'],
    ['features/usage/usage.store.ts', 'select extract(day from terms) where a is distinct from b', null],
    ['features/usage/usage.store.ts', 'with terms_now as (select 1) select * from terms_now', null],
    ['features/usage/usage.store.ts', 'select * from termz', 'names termz, which is no table'],
    ['features/usage/usage.store.ts', 'They join and select from customers', null],
    ['features/reports/lines.report.ts', 'select 1 from terms', null],
    ['features/reports/lines.report.ts', 'select 1 from seats', 'reads seats of learning'],
    ['features/hours/fast.store.ts', 'insert into pair_balances select 1', null],
    ['features/hours/slow.store.ts', 'insert into pair_balances select 1', 'writes pair_balances of ledger'],
  ];

  it.each(planted)('finds in %s with %j: %s', async (path, sql, wrong) => {
    const text = sql.startsWith('@') ? `${sql}\nclass Planted {}` : `const sql = \`${sql}\`;`;
    const found = violations({ [path]: text }, await roomsInOrder(), listedHere);
    expect(found.filter((line) => !line.startsWith(stale))).toEqual(wrong === null ? [] : [`${path} ${wrong}`]);
  });

  it('reports an exception that no file needs', async () => {
    const found = violations({}, await roomsInOrder(), listedHere);
    expect(found).toEqual(idle.map((line) => `${stale}${line}`).sort());
  });

  it('finds a table name that a file inserts from a list of its own', async () => {
    const text =
      // eslint-disable-next-line no-template-curly-in-string -- this text is planted as a template
      "const into = { seats: 'seats', done: 'visits' }; const sql = `insert into ${into.seats} values ($1)`;";
    const found = violations({ 'features/learning/seat.store.ts': text }, await roomsInOrder(), []);
    expect(found).toEqual(['features/learning/seat.store.ts writes visits of onsite']);
  });
});

describe('in this project', () => {
  it('every file keeps to the lists', async () => {
    const files = Object.fromEntries(
      readdirSync(source, { recursive: true, encoding: 'utf8' })
        // The domain has no SQL, and the API guide is prose.
        .filter((path) => /^(?!domain\/|api-guide\.ts).*(?<!\.spec)\.tsx?$/.test(path))
        .map((path) => [path, readFileSync(`${source}/${path}`, 'utf8')]),
    );
    expect(Object.keys(files).length).toBeGreaterThan(100);
    expect(violations(files, await roomsInOrder(), exceptions)).toEqual([]);
  });

  it('every table has a room', async () => {
    const database = await testDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    await client.end();
    await database.drop();
    expect([...owners.keys()].sort()).toEqual(rows.map(({ name }) => name).sort());
  });
});
