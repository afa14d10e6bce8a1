import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/platform/project-root.js';
import { parties, type Target } from './parties.js';
import { load, post, type LoadResult } from './load.js';
import { backendCpuSeconds, startBench, statement, type Bench } from './service.js';

/*
 * How many bookings a second the service takes, as a multiple of floors that pgbench measures in the same run, with one prepared
 * statement a booking:
 *
 * | floor | what it is |
 * | --- | --- |
 * | `lean` | a schema of its own, as lean as the promises of a booking allow (`floors/lean.sql`) |
 * | `ours` | the same rows in the tables of the service, under all their constraints and triggers; of the rules only the limit of the term |
 * | `counter` | a counter and a row: the far limit, under no rule |
 *
 * All book on 500 subscriptions, then on a single hot one. The rounds are interleaved, so other work on the machine slows all alike.
 * At the end a single connection shows what one person waits for. BENCH_ROUNDS and BENCH_SECONDS make the run shorter.
 */

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);
const manySubscriptions = 500;
const connections = 64;
const floorClients = 16;
const today = '2026-07-10';

const floors = ['lean', 'ours', 'counter'] as const;
type Floor = (typeof floors)[number];

async function main(): Promise<void> {
  if (spawnSync('pgbench', ['--version']).status !== 0) {
    throw new Error('pgbench is missing: apt-get install postgresql-contrib');
  }
  const bench = await startBench(`${today}T12:00:00Z`);
  try {
    await measure(bench);
  } finally {
    await bench.stop();
  }
}

async function measure(bench: Bench): Promise<void> {
  process.stdout.write(`entering ${manySubscriptions} subscriptions …\n`);
  const enter = await parties(bench);
  const many = await enter(manySubscriptions);
  const [warmUp, ...hot] = await enter(1 + rounds);
  const targetsOfFloor = await enter(manySubscriptions);
  await prepareFloors(bench.databaseUrl, targetsOfFloor);
  let answered = 0;
  const book = async (on: Target[], { forSeconds = seconds, from = connections } = {}): Promise<Booked> => {
    const before = { node: bench.cpuSeconds(), postgres: await backendCpuSeconds(bench.databaseUrl) };
    const clientBefore = process.cpuUsage();
    const result = await load({
      port: bench.port,
      connections: from,
      seconds: forSeconds,
      next: () => booking(bench, on),
    });
    const client = process.cpuUsage(clientBefore);
    const booked = result.statuses.get(201) ?? 0;
    answered += booked;
    const perBooking = (used: number): number => (used * 1_000_000) / booked;
    return {
      ...result,
      nodeMicroseconds: perBooking(bench.cpuSeconds() - before.node),
      clientMicroseconds: perBooking((client.user + client.system) / 1_000_000),
      postgresMicroseconds: perBooking((await backendCpuSeconds(bench.databaseUrl)) - before.postgres),
    };
  };
  await book(many, { forSeconds: 3 });
  await book([warmUp!], { forSeconds: 2 });

  const results = { many: [] as Round[], hot: [] as Round[] };
  for (const one of hot) {
    results.many.push(await round(bench, 'many', manySubscriptions, () => book(many)));
    results.hot.push(await round(bench, 'hot', 1, () => book([one])));
  }
  for (const [name, all] of Object.entries(results)) {
    const ratios = floors.map(
      (floor) => `${median(all.map((one) => one.service.perSecond / one[floor])).toFixed(2)} × ${floor}`,
    );
    const p99Ms = median(all.map(({ service }) => service.p99Ms)).toFixed(1);
    process.stdout.write(`median of ${rounds} rounds, ${name}: ${ratios.join(', ')}; p99 ${p99Ms} ms\n`);
  }
  const alone = await book(many, { from: 1 });
  const floorAlone = latencies(bench.databaseUrl, manySubscriptions);
  process.stdout.write(
    `one connection: service p50 ${alone.p50Ms.toFixed(2)} ms, p99 ${alone.p99Ms.toFixed(2)} ms; ` +
      `statement of the lean floor p50 ${floorAlone.p50Ms.toFixed(2)} ms, p99 ${floorAlone.p99Ms.toFixed(2)} ms\n`,
  );
  await everyAnswerIsKept(bench, answered, [...many, warmUp!, ...hot, ...targetsOfFloor]);
}

/** What a run against the service came to, with the processor time of a booking. */
interface Booked extends LoadResult {
  nodeMicroseconds: number;
  postgresMicroseconds: number;
  /** What the load itself took from the same processors. */
  clientMicroseconds: number;
}

/** Bookings a second of each floor, and of the service. */
type Round = Record<Floor, number> & { service: Booked };

async function round(bench: Bench, name: string, targets: number, book: () => Promise<Booked>): Promise<Round> {
  const perSecond = Object.fromEntries(
    floors.map((floor) => [floor, pgbench(bench.databaseUrl, floor, targets)]),
  ) as Record<Floor, number>;
  const service = await book();
  const columns = [
    name.padEnd(4),
    ...floors.map((floor) => `${floor} ${perSecond[floor].toFixed(0).padStart(5)}/s`),
    `service ${service.perSecond.toFixed(0).padStart(5)}/s = ${(service.perSecond / perSecond.lean).toFixed(2)} × lean`,
    `p50 ${service.p50Ms.toFixed(1)} p99 ${service.p99Ms.toFixed(1)} ms`,
    `Node ${service.nodeMicroseconds.toFixed(0)} PostgreSQL ${service.postgresMicroseconds.toFixed(0)} client ${service.clientMicroseconds.toFixed(0)} µs a booking`,
    `${bench.residentMegabytes().toFixed(0)} MB`,
  ];
  process.stdout.write(`${columns.join(' | ')}\n`);
  return { ...perSecond, service };
}

/** A minute of one of the consultants on one of the last fourteen days. */
function booking({ token }: Bench, targets: Target[]): Buffer {
  const { subscriptionId, consultantIds, productLineId } = oneOf(targets);
  const day = new Date(Date.parse(today) - below(14) * 86_400_000).toISOString().slice(0, 10);
  return post(`/v1/subscriptions/${subscriptionId}/time-entries`, token, {
    workDate: day,
    minutes: 1,
    consultantId: oneOf(consultantIds),
    productLineId,
    activity: 'technical-advice',
    delivery: 'remote',
    summary: 'Advice on indexes',
  });
}

/** Every 201 is an entry, and every balance is what its ledger adds up to. */
async function everyAnswerIsKept({ call, databaseUrl }: Bench, answered: number, all: Target[]): Promise<void> {
  for (const { subscriptionId } of all) {
    const { consistent } = await call<{ consistent: boolean }>('POST', `/v1/subscriptions/${subscriptionId}/verify`);
    if (!consistent) throw new Error(`The ledger of ${subscriptionId} does not add up`);
  }
  const [row] = await statement<{ entries: number; used: number }>(
    databaseUrl,
    `select (select count(*) from time_entries where summary <> 'Floor')::int as entries,
       (select sum(used_minutes) from balances where term_id not in (select term_id from floor_targets))::int as used`,
  );
  process.stdout.write(
    `${answered} bookings were answered with 201; there are ${row!.entries} entries, and ${row!.used} minutes are used in the balances\n`,
  );
  if (row!.entries !== answered || row!.used !== answered) throw new Error('Answers and balances differ');
}

async function prepareFloors(databaseUrl: string, targets: Target[]): Promise<void> {
  await statement(databaseUrl, fileOf('ours.sql'));
  const rows = JSON.stringify(targets.map((target, index) => ({ number: index + 1, ...target })));
  await statement(
    databaseUrl,
    `insert into floor_targets
     select f.number, s.id, s.current_term_id, array(select json_array_elements_text(f."consultantIds"))::uuid[], f."productLineId",
       s.csm_id
     from json_to_recordset($1) as f (number int, "subscriptionId" uuid, "consultantIds" json, "productLineId" uuid)
     join subscriptions s on s.id = f."subscriptionId"`,
    [rows],
  );
  await statement(databaseUrl, fileOf('lean.sql'));
  await statement(databaseUrl, fileOf('counter.sql'));
}

const pathOf = (name: string): string => projectPath('test', 'bench', 'floors', name);
const fileOf = (name: string): string => readFileSync(pathOf(name), 'utf8');

/** Bookings a second of a floor on this number of its subscriptions. */
function pgbench(
  databaseUrl: string,
  floor: Floor,
  targets: number,
  options = ['-c', String(floorClients), '-j', '2'],
): number {
  const always = ['-n', '-M', 'prepared', '-T', String(seconds), '-D', `targets=${targets}`];
  const run = spawnSync('pgbench', [...always, ...options, '-f', pathOf(`${floor}.pgbench.sql`), databaseUrl], {
    encoding: 'utf8',
  });
  const perSecond = /tps = ([\d.]+)/.exec(run.stdout)?.[1];
  if (perSecond === undefined) throw new Error(`pgbench failed: ${run.stderr}`);
  return Number(perSecond);
}

/** How long the statement of the lean floor takes on one connection. */
function latencies(databaseUrl: string, targets: number): Pick<LoadResult, 'p50Ms' | 'p99Ms'> {
  const folder = mkdtempSync(join(tmpdir(), 'trm-bench-floor-'));
  try {
    pgbench(databaseUrl, 'lean', targets, ['-c', '1', '-l', '--log-prefix', join(folder, 'log')]);
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
    // The third column is the latency in microseconds.
    const all = lines.map((line) => Number(line.split(' ')[2]) / 1_000).sort((a, b) => a - b);
    return { p50Ms: all[Math.floor(all.length * 0.5)]!, p99Ms: all[Math.floor(all.length * 0.99)]! };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

function oneOf<T>(items: readonly T[]): T {
  return items[below(items.length)]!;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

void main();
