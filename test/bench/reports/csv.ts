import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { statementOf } from '../../../src/features/reports/printed-columns.js';
import { usageLines } from '../../../src/features/reports/usage-lines.report.js';
import { literalStatement, readInOrder } from '../../../src/platform/database/snapshot.js';
import type { Service } from '../service.js';
import { print, type Aim } from './aims.js';
import type { World } from './world.js';

const rounds = 3;
const aims = { ratio: 1.25, memoryMb: 250 };

interface Copied {
  ms: number;
  bytes: number;
  rows: number;
}

interface Read extends Copied {
  /** The processor time of the service. */
  cpuSeconds: number;
}

/**
 * Compares the complete report usage-lines over HTTP with `psql \copy` of the same statement. psql runs with the planner settings of
 * the report and with the default settings. All take turns, and the medians count. The aim is relative to the faster psql. The other
 * formats are read once.
 */
export async function benchCsv(world: World): Promise<Aim[]> {
  const service = await world.startService();
  try {
    const inOrder: Copied[] = [];
    const byPlanner: Copied[] = [];
    const reads: Read[] = [];
    service.peakMegabytes();
    for (let round = 0; round < rounds; round++) {
      inOrder.push(await psqlCopy(world.databaseUrl, ['begin', readInOrder]));
      byPlanner.push(await psqlCopy(world.databaseUrl, []));
      reads.push(await readReport(service, 'csv'));
    }
    const peakMb = service.peakMegabytes();
    const csv = medianOf(reads);
    const floorMs = Math.min(medianOf(inOrder).ms, medianOf(byPlanner).ms);
    const floorOf = (runs: readonly Copied[]) => ({ ...medianOf(runs), bytes: csv.bytes });
    print('\nusage-lines                         s     rows/s   MB/s  ratio  CPU s of the service');
    print(line('psql \\copy, rows in order', floorOf(inOrder), floorMs));
    print(line('psql \\copy, default planner', floorOf(byPlanner), floorMs));
    print(line('csv', csv, floorMs));
    for (const format of ['ndjson', 'json']) print(line(format, await readReport(service, format), floorMs));
    const what = 'CSV of usage-lines';
    return [
      { what: `${what}, × psql \\copy of the same query`, value: csv.ms / floorMs, most: aims.ratio },
      { what: `${what}: peak memory of the service, MB`, value: peakMb, most: aims.memoryMb },
    ];
  } finally {
    await service.stop();
  }
}

/** Runs the statement of the report as a CSV copy of PostgreSQL, whose output psql discards. */
async function psqlCopy(databaseUrl: string, before: readonly string[]): Promise<Copied> {
  const statement = statementOf(usageLines, { kind: 'all' }, { basis: 'corrected' }, new Date());
  // A backslash command must be one line.
  const query = literalStatement(statement).replaceAll(/\s+/g, ' ');
  const copy = `\\copy (${query}) to '/dev/null' with (format csv, header)`;
  const commands = [...before, copy].flatMap((command) => ['--command', command]);
  const startedAt = performance.now();
  const { stdout } = await promisify(execFile)('psql', ['--no-psqlrc', ...commands, databaseUrl], {
    env: { ...process.env, PGOPTIONS: '-c TimeZone=UTC' },
  });
  return { ms: performance.now() - startedAt, bytes: Number.NaN, rows: Number(/COPY (\d+)/.exec(stdout)![1]) };
}

async function readReport(service: Service, format: string): Promise<Read> {
  const startedAt = performance.now();
  const cpuSeconds = service.cpuSeconds();
  const sent = request({
    port: service.port,
    host: '127.0.0.1',
    path: `/v1/reports/usage-lines?format=${format}`,
    headers: { authorization: `Bearer ${service.token}` },
  }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let bytes = 0;
  let end = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    end = (end + chunk.toString('latin1', Math.max(0, chunk.length - 200))).slice(-200);
  }
  // Only a complete file has a trailer.
  const rows = Number(/(?:TOTAL,|"rowCount":)(\d+)/.exec(end)?.[1]);
  if (!(rows > 0)) throw new Error(`The report was not complete: ${answer.statusCode} …${end}`);
  return { ms: performance.now() - startedAt, bytes, rows, cpuSeconds: service.cpuSeconds() - cpuSeconds };
}

function line(
  what: string,
  { ms, rows, bytes, cpuSeconds }: Copied & { cpuSeconds?: number },
  floorMs: number,
): string {
  return [
    what.padEnd(31),
    (ms / 1_000).toFixed(2).padStart(7),
    ((rows * 1_000) / ms).toFixed(0).padStart(10),
    (bytes / ms / 1_000).toFixed(1).padStart(6),
    (ms / floorMs).toFixed(2).padStart(6),
    (cpuSeconds?.toFixed(2) ?? '').padStart(8),
  ].join(' ');
}

const medianOf = <T extends Copied>(runs: readonly T[]): T =>
  [...runs].sort((one, other) => one.ms - other.ms)[Math.floor(runs.length / 2)]!;
