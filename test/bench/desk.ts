import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { projectPath } from '../../src/platform/project-root.js';
import { load, post, type LoadResult } from './load.js';
import { startBench, statement, type Bench } from './service.js';

/*
 * How many bookings a second the service takes, as a multiple of a floor measured in the same run: pgbench on 16
 * connections with one prepared statement a booking, which writes the same rows into the same tables under the same
 * constraints and triggers, and of the rules keeps only the limit of the term. Both book on many subscriptions and on a single hot
 * one; the rounds are interleaved, so that whatever else the machine does befalls both alike. BENCH_ROUNDS and
 * BENCH_SECONDS make it shorter.
 */

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);
const manySubscriptions = 500;
const connections = 64;
const floorClients = 16;
const consultants = 50;
const today = '2026-07-10';

interface Target {
  subscriptionId: string;
  consultantIds: string[];
  productLineId: string;
}

async function main(): Promise<void> {
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
  await prepareFloor(bench.databaseUrl, targetsOfFloor);
  let answered = 0;
  const book = async (on: Target[], forSeconds = seconds): Promise<LoadResult> => {
    const result = await load({ port: bench.port, connections, seconds: forSeconds, next: () => booking(bench, on) });
    answered += result.statuses.get(201) ?? 0;
    return result;
  };
  await book(many, 3);
  await book([warmUp!], 2);

  const floor = floorClient();
  process.stdout.write(
    '        many: floor/s service/s  ratio  p50 ms  p99 ms | hot: floor/s service/s  ratio  p50 ms  p99 ms | RSS MB\n',
  );
  const ratios = { many: [] as number[], hot: [] as number[] };
  for (const [index, one] of hot.entries()) {
    const manyFloor = await floor(bench.databaseUrl, manySubscriptions);
    const onMany = await book(many);
    const hotFloor = await floor(bench.databaseUrl, 1);
    const onHot = await book([one]);
    ratios.many.push(onMany.perSecond / manyFloor);
    ratios.hot.push(onHot.perSecond / hotFloor);
    const memory = bench.residentMegabytes().toFixed(0).padStart(6);
    process.stdout.write(
      `round ${index + 1} ${columns(13, manyFloor, onMany)} | ${columns(12, hotFloor, onHot)} | ${memory}\n`,
    );
  }
  process.stdout.write(
    `median of ${rounds} rounds: many ${median(ratios.many).toFixed(2)} × the floor, hot ${median(ratios.hot).toFixed(2)} × the floor\n`,
  );
  await everyAnswerIsKept(bench, answered, [...many, warmUp!, ...hot, ...targetsOfFloor]);
}

/** A customer, consultants and a product line; then so many subscriptions with three consultants each. */
async function parties({ call }: Bench): Promise<(count: number) => Promise<Target[]>> {
  const { id: customerId } = await call<{ id: string }>('POST', '/v1/customers', {
    name: 'Bench',
    locale: 'en',
    timeZone: 'Asia/Tokyo',
    contacts: [],
  });
  const { id: productLineId } = await call<{ id: string }>('POST', '/v1/product-lines', {
    code: 'db',
    name: 'Database',
  });
  const consultantIds: string[] = [];
  for (let index = 0; index < consultants; index++) {
    const body = { name: `Consultant ${index}`, email: `consultant-${index}@example.test` };
    consultantIds.push((await call<{ id: string }>('POST', '/v1/consultants', body)).id);
  }
  const { id: csmId } = await call<{ id: string }>('POST', '/v1/users', {
    name: 'CSM',
    email: 'csm@example.test',
    role: 'csm',
  });
  return async (count) => {
    const entered: Target[] = [];
    for (let index = 0; index < count; index++) {
      const productLineIds = [productLineId];
      const body = { customerId, package: 'dedicated', startsOn: '2026-04-01', csmId, productLineIds };
      const { id } = await call<{ id: string }>('POST', '/v1/subscriptions', body);
      const three = [0, 1, 2].map((offset) => consultantIds[(index * 3 + offset) % consultants]!);
      const allocations = three.map((consultantId) => ({ consultantId, productLineId, minutes: 30_000 }));
      await call('PUT', `/v1/subscriptions/${id}/allocations`, { allocations }, { 'If-Match': '"0"' });
      entered.push({ subscriptionId: id, consultantIds: three, productLineId });
    }
    return entered;
  };
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

async function prepareFloor(databaseUrl: string, targets: Target[]): Promise<void> {
  await statement(databaseUrl, readFileSync(projectPath('test', 'bench', 'floor.sql'), 'utf8'));
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
}

/** Bookings a second of the floor on so many of its subscriptions. */
type Floor = (databaseUrl: string, targets: number) => Promise<number>;

const floorScript = projectPath('test', 'bench', 'floor.pgbench.sql');

/** pgbench where it is installed. Else a client of our own, which costs more of the processor than pgbench does. */
function floorClient(): Floor {
  if (spawnSync('pgbench', ['--version']).status === 0) return pgbench;
  process.stdout.write(
    'NOT COMPARABLE: pgbench is not installed (apt-get install postgresql-contrib), Node stands in for it\n',
  );
  return nodeFloor;
}

const pgbench: Floor = (databaseUrl, targets) => {
  const options = ['-n', '-M', 'prepared', '-c', String(floorClients), '-j', '2', '-T', String(seconds)];
  const run = spawnSync('pgbench', [...options, '-D', `targets=${targets}`, '-f', floorScript, databaseUrl], {
    encoding: 'utf8',
  });
  const perSecond = /tps = ([\d.]+)/.exec(run.stdout)?.[1];
  if (perSecond === undefined) throw new Error(`pgbench failed: ${run.stderr}`);
  return Promise.resolve(Number(perSecond));
};

const nodeFloor: Floor = async (databaseUrl, targets) => {
  const text = readFileSync(floorScript, 'utf8')
    .replaceAll(/^\\set.*$/gm, '')
    .replaceAll(':number', '$1')
    .replaceAll(':consultant', '$2')
    .replaceAll(':ago', '$3');
  const until = performance.now() + seconds * 1_000;
  let booked = 0;
  await Promise.all(
    Array.from({ length: floorClients }, async () => {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      for (; performance.now() < until; booked++) {
        await client.query({ name: 'floor', text, values: [1 + below(targets), 1 + below(3), below(14)] });
      }
      await client.end();
    }),
  );
  return booked / seconds;
};

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

function columns(first: number, floor: number, { perSecond, p50Ms, p99Ms }: LoadResult): string {
  return [
    floor.toFixed(0).padStart(first),
    perSecond.toFixed(0).padStart(9),
    (perSecond / floor).toFixed(2).padStart(6),
    p50Ms.toFixed(1).padStart(7),
    p99Ms.toFixed(1).padStart(7),
  ].join(' ');
}

function oneOf<T>(items: readonly T[]): T {
  return items[below(items.length)]!;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

void main();
