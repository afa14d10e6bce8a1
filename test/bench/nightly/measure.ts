import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { backendCpuSeconds, cpuSecondsOf, startService, statement } from '../service.js';
import type { Stage } from './stages.js';

export interface JobMeasured {
  rows: number;
  ms: number;
  /** The processor times of the service and of its database connections. */
  serviceCpuSeconds: number;
  databaseCpuSeconds: number;
  /** Microseconds per row in the first and second half of the rows, by the commit times of the chunks. */
  halvesUs: [number, number];
  residentAtStartMb: number;
  peakMb: number;
  /** The mean of the resident memory in the first and second half of the time. */
  residentMb: [number, number];
}

/** Runs a job once on a new service. */
export async function measureJob(databaseUrl: string, stage: Stage): Promise<JobMeasured> {
  await statement(databaseUrl, 'delete from simulated_clock');
  const service = await startService(databaseUrl, { CLOCK: `simulated:${stage.clock}` });
  try {
    await statement(databaseUrl, 'checkpoint');
    const samples: number[] = [];
    const residentAtStartMb = service.residentMegabytes();
    service.peakMegabytes();
    const sampling = new AbortController();
    const sampled = sample(() => samples.push(service.residentMegabytes()), sampling.signal);
    const [start] = await statement<{ at: Date }>(databaseUrl, 'select clock_timestamp() as at');
    const serviceCpu = service.cpuSeconds();
    const databaseCpu = await backendCpuSeconds(databaseUrl);
    const startedAt = performance.now();
    const run = await service.call<{ outcome: string; error: string | null }>('POST', `/v1/jobs/${stage.job}/run`);
    const ms = performance.now() - startedAt;
    const serviceCpuSeconds = service.cpuSeconds() - serviceCpu;
    const databaseCpuSeconds = (await backendCpuSeconds(databaseUrl)) - databaseCpu;
    sampling.abort();
    await sampled;
    if (run.outcome !== 'succeeded') throw new Error(`${stage.job}: ${run.error}`);
    const chunks = await chunksOf(databaseUrl, stage);
    return {
      rows: chunks.reduce((sum, { rows }) => sum + rows, 0),
      ms,
      serviceCpuSeconds,
      databaseCpuSeconds,
      halvesUs: halves(start!.at, chunks),
      residentAtStartMb,
      peakMb: service.peakMegabytes(),
      residentMb: [
        mean(samples.slice(0, Math.ceil(samples.length / 2))),
        mean(samples.slice(Math.floor(samples.length / 2))),
      ],
    };
  } finally {
    await service.stop();
  }
}

/** Runs the bare SQL of a stage once. */
export async function measureFloor(
  databaseUrl: string,
  { floor, clock }: Stage,
): Promise<{ ms: number; cpuSeconds: number }> {
  const client = new Client({ connectionString: databaseUrl, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    await client.query('checkpoint');
    const startedAt = performance.now();
    await client.query('begin');
    for (const sql of floor) await client.query(sql, [clock]);
    await client.query('commit');
    const ms = performance.now() - startedAt;
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return { ms, cpuSeconds: cpuSecondsOf(rows[0]!.pid) };
  } finally {
    await client.end();
  }
}

/** The duration of each job without due work: the median of 11 runs, in milliseconds. */
export async function measureEmptyNights(
  databaseUrl: string,
  clock: string,
  jobs: readonly string[],
): Promise<Map<string, number>> {
  await statement(databaseUrl, 'delete from simulated_clock');
  const service = await startService(databaseUrl, { CLOCK: `simulated:${clock}` });
  try {
    const nights = new Map<string, number>();
    for (const job of jobs) {
      const times: number[] = [];
      for (let run = 0; run < 11; run++) {
        const startedAt = performance.now();
        await service.call('POST', `/v1/jobs/${job}/run`);
        times.push(performance.now() - startedAt);
      }
      nights.set(job, median(times));
    }
    return nights;
  } finally {
    await service.stop();
  }
}

/** The content of a row, without ids that differ between runs. */
const content = `(to_jsonb(t) - array['id', 'term_id', 'set_id', 'current_term_id', 'message_id']
  #- '{facts,turn,next,termId}')::text`;

/** @throws Error with the first different row, if a table differs between the two databases */
export async function expectEqualTables(oneUrl: string, otherUrl: string, table: string): Promise<void> {
  const fingerprint = `select count(*)::integer as rows, sum(hashtextextended(${content}, 0)::numeric) as hashes from ${table} t`;
  const [one] = await statement(oneUrl, fingerprint);
  const [other] = await statement(otherUrl, fingerprint);
  if (JSON.stringify(one) === JSON.stringify(other)) return;
  const rows = `select ${content} as row from ${table} t order by row`;
  const ofOne = (await statement<{ row: string }>(oneUrl, rows)).map(({ row }) => row);
  const ofOther = (await statement<{ row: string }>(otherUrl, rows)).map(({ row }) => row);
  const at = ofOne.findIndex((row, index) => row !== ofOther[index]);
  throw new Error(
    `${table} has ${ofOne.length} and ${ofOther.length} rows. They first differ in\n${ofOne[at]}\nand\n${ofOther[at]}`,
  );
}

/** The commit time and number of rows of each chunk. `track_commit_timestamp` lets the server store the commit times. */
function chunksOf(databaseUrl: string, { clock }: Stage): Promise<{ at: Date; rows: number }[]> {
  return statement(
    databaseUrl,
    `select pg_xact_commit_timestamp(xmin::text::xid) as at, count(distinct term_id)::integer as rows
     from mails where queued_at = $1 group by xmin::text order by 1`,
    [clock],
  );
}

function halves(startedAt: Date, chunks: readonly { at: Date; rows: number }[]): [number, number] {
  const all = chunks.reduce((sum, { rows }) => sum + rows, 0);
  let rows = 0;
  const middle = chunks.find((chunk) => (rows += chunk.rows) >= all / 2);
  const end = chunks.at(-1);
  if (!middle || !end) return [NaN, NaN];
  const usPerRow = (from: Date, to: Date, count: number) => ((to.getTime() - from.getTime()) * 1_000) / count;
  return [usPerRow(startedAt, middle.at, rows), usPerRow(middle.at, end.at, all - rows)];
}

async function sample(take: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    take();
    await pause(100, undefined, { signal }).catch(() => undefined);
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
