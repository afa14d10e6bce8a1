import { Database } from '../../src/platform/database/database.js';
import { BookingStore, dayKey, type PairWork, type Writes } from '../../src/features/hours/booking.store.js';
import { nothingWritten } from '../../src/features/hours/working-ledger.js';
import { newId } from '../../src/platform/ids.js';
import { parties } from './parties.js';
import { backendCpuSeconds, startServer, startService, statement } from './service.js';

/*
 * What each index, reference, check, trigger and generated column costs a booking. Batches of 32 entries on 500 subscriptions are
 * written with the service's own statement into copies of a database. Each copy leaves one thing out. The figure is the
 * processor time that PostgreSQL needs for an entry, and how much less it is than with the whole schema. BENCH_ROUNDS repeats all copies.
 */

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const batches = 250;
const entriesOfBatch = 32;
const today = '2026-07-10';

const without = (table: string, ...constraints: string[]): string =>
  `alter table ${table} ${constraints.map((name) => `drop constraint ${name}`).join(', ')}`;

/** What each copy leaves out. */
const leftOut: Readonly<Record<string, string>> = {
  nothing: 'select',
  'index time_entries_consultant': 'drop index time_entries_consultant',
  'index time_entries_equality': 'drop index time_entries_equality',
  'index time_entries_kind': 'drop index time_entries_kind',
  'index time_entries_subscription': 'drop index time_entries_subscription',
  'index time_entries_work_date': 'drop index time_entries_work_date',
  'index ledger_entries_pk': `${without('closed_ledger_entries', 'closed_ledger_entries_entry_fk')};
    ${without('ledger_entries', 'ledger_entries_pk')}`,
  'index ledger_entries_sequence_once': without('ledger_entries', 'ledger_entries_sequence_once'),
  'index ledger_entries_one_use_per_entry': 'drop index ledger_entries_one_use_per_entry',
  'reference time_entries_term_fk': without('time_entries', 'time_entries_term_fk'),
  'reference time_entries_pair_fk': without('time_entries', 'time_entries_pair_fk'),
  'references of time_entries that are null': without(
    'time_entries',
    'time_entries_visit_fk',
    'time_entries_corrects_fk',
  ),
  'reference ledger_entries_term_fk': without('ledger_entries', 'ledger_entries_term_fk'),
  'column time_entries.equality_key': `alter table time_entries alter equality_key drop expression;
    alter table time_entries alter equality_key drop not null; drop index time_entries_equality`,
  'column pair_balances.committed_minutes': `alter table pair_balances alter committed_minutes drop expression, alter committed_minutes set default 30000`,
  'checks of time_entries': without(
    'time_entries',
    'time_entries_activity_known',
    'time_entries_adjustment_explained',
    'time_entries_delivery_known',
    'time_entries_minutes_positive',
    'time_entries_month_of_work',
    'time_entries_onsite_has_visit',
    'time_entries_severity_known',
  ),
  'check time_entries_month_of_work': without('time_entries', 'time_entries_month_of_work'),
  'checks of ledger_entries': without(
    'ledger_entries',
    'ledger_entries_sign_of_kind',
    'ledger_entries_use_names_entry',
  ),
  'checks of balances': without(
    'balances',
    'balances_closed_has_nothing_left',
    'balances_commitments_within_grant',
    'balances_never_overdrawn',
    'balances_onsite_within_used',
    'balances_used_not_negative',
    'balances_within_onsite_cap',
    'balances_within_seats',
    'balances_within_visits',
  ),
  'trigger time_entries_month_open': 'drop trigger time_entries_month_open on time_entries',
  'trigger ledger_entries_post': 'drop trigger ledger_entries_post on ledger_entries',
  'triggers of pair_balances': `drop trigger pair_balances_insert on pair_balances;
    drop trigger pair_balances_update on pair_balances`,
  'trigger balances_call_for_alerts': 'drop trigger balances_call_for_alerts on balances',
};

interface Term {
  termId: string;
  subscriptionId: string;
  lastSequence: number;
  remainingMinutes: number;
  consultantIds: string[];
  productLineId: string;
  recordedBy: string;
}

async function main(): Promise<void> {
  const server = await startServer();
  const name = `trm_bench_schema_${process.pid}`;
  const copy = `${name}_copy`;
  try {
    await server.run(`create database ${name}`);
    const service = await startService(server.urlOf(name), { CLOCK: `simulated:${today}T12:00:00Z` });
    process.stdout.write('entering 500 subscriptions …\n');
    await (
      await parties(service)
    )(500);
    await service.stop();
    const costs = new Map<string, number[]>(Object.keys(leftOut).map((thing) => [thing, []]));
    for (let round = 0; round < rounds; round++) {
      const all = Object.entries(leftOut);
      // Forwards and backwards in turn, because a machine grows faster or slower during a round.
      for (const [thing, sql] of round % 2 === 0 ? all : all.toReversed()) {
        await server.run(`create database ${copy} template ${name}`);
        await statement(server.urlOf(copy), sql);
        costs.get(thing)!.push(await costOfEntry(server.urlOf(copy)));
        await server.run(`drop database ${copy}`);
      }
    }
    const whole = median(costs.get('nothing')!);
    for (const [thing, all] of costs) {
      const cost = median(all);
      const saved = (whole - cost).toFixed(1).padStart(6);
      const percent = ((100 * (whole - cost)) / whole).toFixed(1).padStart(5);
      process.stdout.write(`${cost.toFixed(1).padStart(6)} µs | ${saved} µs = ${percent} % less | ${thing}\n`);
    }
    await server.run(`drop database ${name}`);
  } finally {
    await server.stop();
  }
}

/** The processor time in microseconds that PostgreSQL needs to write an entry of a batch. */
async function costOfEntry(url: string): Promise<number> {
  const terms = await statement<Term>(
    url,
    `select b.term_id as "termId", t.subscription_id as "subscriptionId", b.last_sequence as "lastSequence",
       b.granted_minutes as "remainingMinutes", s.csm_id as "recordedBy",
       (select array_agg(p.consultant_id) from pair_balances p where p.term_id = b.term_id) as "consultantIds",
       (select min(p.product_line_id::text) from pair_balances p where p.term_id = b.term_id) as "productLineId"
     from balances b join terms t on t.id = b.term_id join subscriptions s on s.id = t.subscription_id`,
  );
  const database = await Database.open({ url });
  const store = new BookingStore();
  const write = batchOf(terms);
  try {
    for (let warmUp = 0; warmUp < batches / 5; warmUp++) await database.pipelined((tx) => store.write(tx, write()));
    const before = await backendCpuSeconds(url);
    for (let batch = 0; batch < batches; batch++) await database.pipelined((tx) => store.write(tx, write()));
    return (((await backendCpuSeconds(url)) - before) * 1_000_000) / (batches * entriesOfBatch);
  } finally {
    await database.close();
  }
}

/** Returns a function that makes the next batch: each entry is a minute for a consultant of a random term. */
function batchOf(terms: Term[]): () => Writes {
  const worked = new Map<string, PairWork>();
  const minutesOfDays = new Map<string, number>();
  return () => {
    const writes = nothingWritten();
    for (let index = 0; index < entriesOfBatch; index++) {
      const term = terms[Math.floor(Math.random() * terms.length)]!;
      const { termId, subscriptionId, productLineId, recordedBy } = term;
      const consultantId = term.consultantIds[Math.floor(Math.random() * 3)]!;
      const day = new Date(Date.parse(today) - Math.floor(Math.random() * 9) * 86_400_000).toISOString().slice(0, 10);
      const id = newId();
      const recordedAt = new Date(`${today}T12:00:00Z`);
      writes.entries.push({
        id,
        subscriptionId,
        termId,
        workDate: day,
        minutes: 1,
        consultantId,
        productLineId,
        activity: 'technical-advice',
        delivery: 'remote',
        visitId: null,
        summary: 'Advice on indexes',
        reference: null,
        severity: null,
        package: 'dedicated',
        accountingMonth: day.slice(0, 7),
        adjustsMonth: null,
        plannedSessionId: null,
        correctsEntryId: null,
        adjustmentReason: null,
        recordedAt,
        recordedBy,
      });
      writes.ledger.push({
        id: newId(),
        termId,
        sequence: ++term.lastSequence,
        kind: 'use',
        minutes: -1,
        onsiteMinutes: 0,
        effectiveOn: day,
        recordedAt,
        timeEntryId: id,
        balanceAfterMinutes: --term.remainingMinutes,
      });
      const pair = `${termId} ${consultantId}`;
      const workedMinutes = (worked.get(pair)?.workedMinutes ?? 0) + 1;
      worked.set(pair, { termId, consultantId, productLineId, workedMinutes });
      writes.pairs.set(pair, worked.get(pair)!);
      const key = dayKey(consultantId, day);
      minutesOfDays.set(key, (minutesOfDays.get(key) ?? 0) + 1);
      writes.days.set(key, { consultantId, day, minutes: minutesOfDays.get(key)! });
    }
    return writes;
  };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

void main();
