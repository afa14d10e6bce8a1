import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { addDays } from '../../../src/domain/calendar.js';
import { newId } from '../../../src/platform/ids.js';
import { projectPath } from '../../../src/platform/project-root.js';
import { statement, type Service } from '../service.js';
import { print, seconds, type Aim } from './aims.js';
import type { World } from './world.js';

const aims = { ratio: 3, memoryMb: 250 };

/** The average numbers of rows in the file: a year of work, with about six hours a day for each consultant. */
const rowsOfSubscription = 1_000;
const rowsOfConsultant = 2_500;
/** The number of subscriptions without a row in the file. */
const subscriptionsNotInFile = 10;

/** The granted minutes of each term. */
const grantedMinutes = 96_000;

const firstDay = '2025-04-01';
const days = 365;
const aloneMs = 5_000;
const betweenBookingsMs = 40;

interface Pair {
  subscription_id: string;
  term_id: string;
  consultant_id: string;
  product_line_id: string;
}

/** The same rows in the format of the service and in that of COPY. */
interface Files {
  folder: string;
  csv: string;
  copy: string;
  /** The ledger entries of the rows, which an import writes too. */
  ledger: string;
}

/** The durations of COPY for the time entries and for their ledger entries. */
interface Floor {
  entriesMs: number;
  ledgerMs: number;
}

/**
 * Compares an import over HTTP with psql's \copy of the same rows into the same table with its indexes, constraints and triggers.
 * The rules accept all rows, which are in the order of their days. \copy runs before and after the import, on copies of the database.
 * During the import, two clients book single entries: one on subscriptions of the file, one on others.
 */
export async function benchImport(world: World, { rows }: { rows: number }): Promise<Aim[]> {
  const pairs = await createPairs(world, rows);
  const folder = mkdtempSync(join(tmpdir(), 'trm-bench-import-'));
  const floors = ['import_floor_before', 'import_floor_after'];
  try {
    for (const name of floors) await world.server.run(`create database ${name} template reports`);
    const inFile = pairs.slice(0, -3 * subscriptionsNotInFile);
    const files = await writeFiles(folder, inFile, rows);
    const floorMs = [await floorOf(world.server.urlOf(floors[0]!), files)];
    const service = await world.startService();
    try {
      const targets = { same: inFile, others: pairs.slice(-3 * subscriptionsNotInFile) };
      const before = await bookUntil(service, targets, pause(aloneMs));
      await statement(world.databaseUrl, 'checkpoint');
      service.peakMegabytes();
      const cpuSeconds = service.cpuSeconds();
      const startedAt = performance.now();
      const importing = sendImport(service, files);
      const meanwhile = await bookUntil(service, targets, importing);
      const ms = performance.now() - startedAt;
      const cpu = service.cpuSeconds() - cpuSeconds;
      const peakMb = service.peakMegabytes();
      const { accepted, problems } = await importing;
      if (accepted !== rows) throw new Error(`Only ${accepted} rows were accepted: ${JSON.stringify(problems[0])}`);
      await verifySome(service, inFile);
      floorMs.push(await floorOf(world.server.urlOf(floors[1]!), files));
      const floor = mean(floorMs.map(({ entriesMs }) => entriesMs));
      const floorOfBoth = floor + mean(floorMs.map(({ ledgerMs }) => ledgerMs));
      const megabytes = statSync(files.csv).size / 1e6;
      const perSecond = (took: number): string => ((rows * 1_000) / took).toFixed(0).padStart(9);
      print(`\nimport of ${rows} rows, ${megabytes.toFixed(0)} MB        s     rows/s  ratio  CPU s of the service`);
      for (const { entriesMs, ledgerMs } of floorMs) {
        print(`psql \\copy into time_entries   ${seconds(entriesMs).padStart(8)} ${perSecond(entriesMs)}`);
        print(`the same + ledger_entries      ${seconds(entriesMs + ledgerMs).padStart(8)}`);
      }
      print(
        `import                         ${seconds(ms).padStart(8)} ${perSecond(ms)} ${(ms / floor).toFixed(2).padStart(6)} ${cpu.toFixed(1).padStart(7)}`,
      );
      print(`${'import, × \\copy into both tables'.padEnd(48)} ${(ms / floorOfBoth).toFixed(2).padStart(6)}`);
      print('\nsingle bookings, ms            before: p50    p99 |    during: p50    p99     max  count');
      for (const [name, label] of [
        ['same', 'on subscriptions of the file'],
        ['others', 'on other subscriptions'],
      ] as const) {
        const [alone, beside] = [before[name], meanwhile[name]];
        const numbers = [at(alone, 0.5), at(alone, 0.99), at(beside, 0.5), at(beside, 0.99), at(beside, 1)];
        const columns = numbers.map((number) => number.toFixed(1).padStart(7));
        print(`${label.padEnd(34)}${columns.slice(0, 2).join('')} |     ${columns.slice(2).join('')} ${beside.length}`);
      }
      return [
        { what: 'Import, × psql \\copy of the same rows', value: ms / floor, most: aims.ratio },
        { what: 'Import: peak memory of the service, MB', value: peakMb, most: aims.memoryMb },
      ];
    } finally {
      await service.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    for (const name of floors) await world.server.run(`drop database if exists ${name}`);
  }
}

/** Creates subscriptions with enough minutes for all rows. Each has three pairs of consultant and product line. */
async function createPairs({ databaseUrl }: World, rows: number): Promise<Pair[]> {
  const sql = readFileSync(projectPath('test', 'bench', 'reports', 'import.sql'), 'utf8')
    .replaceAll(':subscriptions', String(subscriptionsNotInFile + Math.ceil(rows / rowsOfSubscription)))
    .replaceAll(':consultants', String(Math.max(3, Math.ceil(rows / rowsOfConsultant))));
  await statement(databaseUrl, sql);
  await statement(databaseUrl, 'vacuum analyze');
  return statement<Pair>(databaseUrl, 'select * from import_bench order by number');
}

async function writeFiles(folder: string, pairs: readonly Pair[], rows: number): Promise<Files> {
  const files = {
    folder,
    csv: join(folder, 'entries.csv'),
    copy: join(folder, 'entries.copy'),
    ledger: join(folder, 'ledger.copy'),
  };
  const [csv, copy, ledger] = [files.csv, files.copy, files.ledger].map((path) => createWriteStream(path));
  const ledgerEnds = new Map<string, { sequence: number; balance: number }>();
  csv!.write('subscriptionId,workDate,minutes,consultantId,productLineId,activity,delivery,summary,reference\r\n');
  for (let row = 0; row < rows; row++) {
    const pair = pairs[Math.floor(Math.random() * pairs.length)]!;
    const { subscription_id, term_id, consultant_id, product_line_id } = pair;
    const day = addDays(firstDay, Math.floor((row * days) / rows));
    const minutes = 5 * (1 + Math.floor(Math.random() * 16));
    const summary = `Reviewed the execution plans of the nightly batch, part ${row}`;
    const csvRow = [subscription_id, day, minutes, consultant_id, product_line_id, 'technical-advice', 'remote'];
    csv!.write(`${csvRow.join()},"${summary}",CS-${row}\r\n`);
    const id = newId();
    const copyRow = [id, subscription_id, term_id, day, minutes, consultant_id, product_line_id, 'technical-advice'];
    const more = [
      'remote',
      summary,
      `CS-${row}`,
      'dedicated',
      day.slice(0, 7),
      '2026-03-31T03:00:00Z',
      subscription_id,
    ];
    const before = ledgerEnds.get(term_id) ?? { sequence: 1, balance: grantedMinutes };
    const { sequence, balance } = { sequence: before.sequence + 1, balance: before.balance - minutes };
    ledgerEnds.set(term_id, { sequence, balance });
    const used = [newId(), term_id, sequence, 'use', -minutes, 0, day, '2026-03-31T03:00:00Z', id, balance];
    ledger!.write(`${used.join('\t')}\n`);
    if (!copy!.write(`${[...copyRow, ...more].join('\t')}\n`)) await once(copy!, 'drain');
  }
  await Promise.all([csv!, copy!, ledger!].map((stream) => once(stream.end(), 'finish')));
  return files;
}

async function floorOf(databaseUrl: string, { copy, ledger }: Files): Promise<Floor> {
  await statement(databaseUrl, 'checkpoint');
  const entriesMs = await copyMs(databaseUrl, `time_entries (${entryColumns})`, copy);
  const ledgerMs = await copyMs(databaseUrl, `ledger_entries (${ledgerColumns})`, ledger);
  return { entriesMs, ledgerMs };
}

const entryColumns =
  `id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery, summary,
  reference, package, accounting_month, recorded_at, recorded_by`.replace('\n', '');
const ledgerColumns = `id, term_id, sequence, kind, minutes, onsite_minutes, effective_on, recorded_at, time_entry_id,
  balance_after_minutes`.replace('\n', '');

/** The duration of a \copy with psql. */
async function copyMs(databaseUrl: string, into: string, file: string): Promise<number> {
  const startedAt = performance.now();
  await promisify(execFile)('psql', ['-qXv', 'ON_ERROR_STOP=1', databaseUrl, '-c', `\\copy ${into} from '${file}'`]);
  return performance.now() - startedAt;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

async function sendImport(service: Service, { csv }: Files): Promise<{ accepted: number; problems: unknown[] }> {
  const sent = request({
    port: service.port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/time-entries/import',
    headers: { authorization: `Bearer ${service.token}`, 'content-type': 'text/csv' },
  });
  createReadStream(csv).pipe(sent);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += String(part);
  if (answer.statusCode !== 200) throw new Error(`The import was answered with ${answer.statusCode}: ${text}`);
  return JSON.parse(text) as { accepted: number; problems: unknown[] };
}

type Latencies = Record<'same' | 'others', number[]>;

/** Books single entries until a promise settles; returns the durations in milliseconds, ascending. */
async function bookUntil(
  service: Service,
  targets: Record<keyof Latencies, readonly Pair[]>,
  until: Promise<unknown>,
): Promise<Latencies> {
  let ended = false;
  const end = until.finally(() => (ended = true));
  const book = async (pairs: readonly Pair[]): Promise<number[]> => {
    const latencies: number[] = [];
    while (!ended) {
      const { subscription_id, consultant_id, product_line_id } = pairs[Math.floor(Math.random() * pairs.length)]!;
      const startedAt = performance.now();
      await service.call('POST', `/v1/subscriptions/${subscription_id}/time-entries`, {
        workDate: addDays(firstDay, Math.floor(Math.random() * days)),
        minutes: 1,
        consultantId: consultant_id,
        productLineId: product_line_id,
        activity: 'technical-advice',
        delivery: 'remote',
        summary: 'During the import',
      });
      latencies.push(performance.now() - startedAt);
      await pause(betweenBookingsMs);
    }
    return latencies.sort((one, other) => one - other);
  };
  const [same, others] = await Promise.all([book(targets.same), book(targets.others), end]);
  return { same, others };
}

const at = (latencies: readonly number[], share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;

/** Verifies the ledgers of some subscriptions. */
async function verifySome(service: Service, pairs: readonly Pair[]): Promise<void> {
  for (const { subscription_id } of pairs.filter((_, place) => place % 150 === 0)) {
    const path = `/v1/subscriptions/${subscription_id}/verify`;
    const { consistent } = await service.call<{ consistent: boolean }>('POST', path);
    if (!consistent) throw new Error(`The ledger of ${subscription_id} does not add up`);
  }
}
