import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { statementOf } from '../../../src/features/reports/printed-columns.js';
import { usageLines } from '../../../src/features/reports/usage-lines.report.js';
import { statement, type Service } from '../service.js';
import { print, type Aim } from './aims.js';
import type { WorkbookRequest, Written } from './exceljs-workbook.js';
import type { World } from './world.js';

const aims = { times: 3, memoryMb: 250 };

type Measured = Written & { peakMb: number };

/**
 * Compares usage-lines as a workbook over HTTP with the streaming writer of exceljs, on the same rows and with the same formats.
 * exceljs-workbook.ts lists the work that exceljs does not do. Each runs in its own process, one after the other.
 */
export async function benchXlsx(world: World, { rows }: { rows: number }): Promise<Aim[]> {
  const to = await lastDayOf(world, rows);
  const service = await world.startService();
  const measured = await readWorkbook(service, to).finally(() => service.stop());
  const exceljs = await writeWithExceljs(world.databaseUrl, to);
  print(`\n${exceljs.rows} rows as XLSX       s     rows/s     MB  peak MB   CPU s`);
  print(line('the service', { ...measured, rows: exceljs.rows }));
  print(line('exceljs, streaming', exceljs));
  const what = 'XLSX of usage-lines';
  return [
    { what: `${what}, × as fast as exceljs`, value: exceljs.ms / measured.ms, least: aims.times },
    { what: `${what}: peak memory of the service, MB`, value: measured.peakMb, most: aims.memoryMb },
  ];
}

/** The first day up to which the database has this many entries, or the last day. */
async function lastDayOf({ databaseUrl, entries }: World, rows: number): Promise<string> {
  const sql = 'select work_date::text as day from time_entries order by work_date offset $1 limit 1';
  const [row] = await statement<{ day: string }>(databaseUrl, sql, [Math.min(rows, entries) - 1]);
  return row!.day;
}

async function readWorkbook(service: Service, to: string): Promise<Omit<Measured, 'rows'>> {
  service.peakMegabytes();
  const startedAt = performance.now();
  const cpuSeconds = service.cpuSeconds();
  const sent = request({
    port: service.port,
    host: '127.0.0.1',
    path: `/v1/reports/usage-lines?format=xlsx&to=${to}`,
    headers: { authorization: `Bearer ${service.token}` },
  }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let bytes = 0;
  let end = Buffer.alloc(0);
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    end = Buffer.concat([end, chunk]).subarray(-22);
  }
  // Only a complete zip has an end record.
  if (end.readUInt32LE(0) !== 0x06054b50) throw new Error(`The workbook was not complete: ${answer.statusCode}`);
  return {
    ms: performance.now() - startedAt,
    bytes,
    peakMb: service.peakMegabytes(),
    cpuSeconds: service.cpuSeconds() - cpuSeconds,
  };
}

async function writeWithExceljs(databaseUrl: string, to: string): Promise<Measured> {
  const order: WorkbookRequest = {
    databaseUrl,
    statement: statementOf(usageLines, { kind: 'all' }, { basis: 'corrected', to }, new Date()),
  };
  const writer = fork(join(__dirname, 'exceljs-workbook.js'));
  writer.send(order);
  let peakMb = 0;
  const watching = setInterval(() => (peakMb = Math.max(peakMb, residentMegabytes(writer.pid!))), 200);
  try {
    const [written] = (await Promise.race([
      once(writer, 'message'),
      once(writer, 'exit').then(() => Promise.reject(new Error('The process with exceljs ended without a result'))),
    ])) as [Written];
    return { ...written, peakMb };
  } finally {
    clearInterval(watching);
  }
}

const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

const line = (what: string, { ms, rows, bytes, peakMb, cpuSeconds }: Measured): string =>
  [
    what.padEnd(20),
    (ms / 1_000).toFixed(2).padStart(7),
    ((rows * 1_000) / ms).toFixed(0).padStart(10),
    (bytes / 1e6).toFixed(0).padStart(6),
    peakMb.toFixed(0).padStart(8),
    cpuSeconds.toFixed(2).padStart(7),
  ].join(' ');
