import { Client } from 'pg';
import { Random } from '../random.js';
import { check } from './check.js';
import { enterContracts, type Contracts } from './contracts.js';
import type { Call, History, Stored, Violation } from './history.js';
import { adminToken, Instances } from './instances.js';
import { Reader } from './reader.js';
import { Recorder } from './recorder.js';
import { Writer, type Scene } from './writer.js';

/**
 * Whether bookings keep their promises when many clients book at once and instances are killed.
 *
 * 32 writers and 4 readers use three processes of the service on one PostgreSQL. The writers log, adjust, reverse and correct entries,
 * singly, in batches, pipelined, with and without keys, on a few subscriptions whose limits are soon reached. One instance after
 * another is ended by `kill -9` and started again. Every call is recorded with its moments on one clock, and afterwards `check`
 * compares the calls with the ledger (see there how).
 *
 * Each client draws from its own generator, seeded with the seed of the run and its number. So the requests of a seed are alike in every
 * run, but not which requests meet, and not the moments at which an instance is killed.
 */
export interface HistoryWanted {
  seed: number;
  /** How long the clients go on: until they have this number of answers, or for this number of seconds. */
  extent: { answers: number } | { seconds: number };
  /** How often an instance is killed. The clients go on until the last one has answered again. */
  kills: number;
}

export interface HistoryOutcome {
  violations: Violation[];
  history: History;
}

const writerCount = 32;
const readerCount = 4;
const instanceCount = 3;
const userCount = 16;
const consultantDayMinutes = 1_440;
/** The clients notice a new instance only if they go on for a while. */
const leastAnswersAfterRestart = 200;

/** `databaseUrl` is a migrated database; the checker reads it there afterwards. */
export async function playHistory(
  { seed, extent, kills }: HistoryWanted,
  { databaseUrl, folder }: { databaseUrl: string; folder: string },
): Promise<HistoryOutcome> {
  const instances = new Instances(databaseUrl);
  const random = new Random(seed);
  try {
    await instances.start(instanceCount, folder);
    const contracts = await enterContracts(instances.oneOf(random), adminToken, userCount);
    const recorder = new Recorder();
    const startedAt = performance.now();
    const progress = (): number =>
      'answers' in extent
        ? recorder.answers / extent.answers
        : (performance.now() - startedAt) / (extent.seconds * 1_000);
    let killerWorks = true;
    const goesOn = (): boolean => progress() < 1 || killerWorks;
    const scene: Scene = { contracts, instances, recorder, standing: [], recent: [], goesOn };
    const ownRandom = (client: number): Random => new Random(seed * 1_000 + client);

    const kill = async (): Promise<void> => {
      for (let killed = 0; killed < kills; killed++) {
        while (progress() * (kills + 1) < killed + 1) await pause(5);
        await instances.killAndRestart(random);
        const answers = recorder.answers + leastAnswersAfterRestart;
        while (recorder.answers < answers) await pause(5);
      }
      killerWorks = false;
    };
    await Promise.all([
      kill(),
      ...Array.from({ length: writerCount }, (_, at) => new Writer(scene, at, ownRandom(at)).work()),
      ...Array.from({ length: readerCount }, (_, at) => new Reader(scene, at, ownRandom(writerCount + at)).read()),
    ]);
    const codes = await instances.stop();
    if (codes.some((code) => code !== 0)) throw new Error(`The instances ended with ${codes.join(', ')}`);
    const history = await historyOf(databaseUrl, contracts, recorder.calls);
    return { violations: check(history), history };
  } finally {
    instances.end();
  }
}

async function historyOf(databaseUrl: string, contracts: Contracts, calls: readonly Call[]): Promise<History> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await allSessionsEnd(client);
    return { agreements: contracts.subscriptions, consultantDayMinutes, calls, stored: await storedIn(client) };
  } finally {
    await client.end();
  }
}

/** A session of a killed instance may still work on its last statement. */
async function allSessionsEnd(client: Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    if (rowCount === 0) return;
    await pause(20);
  }
}

async function storedIn(client: Client): Promise<Stored> {
  const rows = async <Row extends object>(sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows;
  return {
    ledger: await rows(
      `select t.subscription_id as "subscriptionId", l.id, l.sequence, l.kind, l.minutes, l.onsite_minutes as "onsiteMinutes",
         l.time_entry_id as "timeEntryId", l.balance_after_minutes as "balanceAfterMinutes"
       from ledger_entries l join terms t on t.id = l.term_id`,
    ),
    entries: await rows(
      `select id, subscription_id as "subscriptionId", work_date::text as "workDate", minutes, consultant_id as "consultantId",
         product_line_id as "productLineId", delivery, summary
       from time_entries`,
    ),
    reversals: await rows('select time_entry_id as "timeEntryId", reason from time_entry_reversals'),
    balances: await rows(
      `select t.subscription_id as "subscriptionId", b.used_minutes as "usedMinutes",
         b.onsite_used_minutes as "onsiteUsedMinutes", b.last_sequence as "lastSequence"
       from balances b join terms t on t.id = b.term_id`,
    ),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
