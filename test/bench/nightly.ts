import { parseArgs } from 'node:util';
import { startServer, startService, statement, type Server } from './service.js';
import {
  measureEmptyNights,
  measureFloor,
  measureJob,
  expectEqualTables,
  type JobMeasured,
} from './nightly/measure.js';
import { measureMails, type MailsMeasured } from './nightly/mails.js';
import { makePortfolio } from './nightly/portfolio.js';
import { stages, type Stage } from './nightly/stages.js';

/*
 * Measures the nightly jobs on the portfolio of a vendor: on a day with 1/365 of the terms due, with 1/12, and with all terms due.
 * Each job is compared with a floor: bare SQL that writes the same rows under the same constraints and triggers. Job and floor
 * start from equal databases, and the bench fails if their results differ.
 *
 * After that, one and then two instances send the mails of one night to a mail server on this machine. Options and defaults:
 *
 *   --subscriptions 200000   --shares 365,12,1   --mails 10000
 */

interface Measured extends JobMeasured {
  stage: Stage;
  share: number;
  floorMs: number;
  floorCpuSeconds: number;
}

const emptyNightAt = '2026-12-01T12:00:00Z';
const aims = { ratio: 1.5, halves: 1.2, memoryMb: 250, emptyNightMs: 50 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subscriptions: { type: 'string', default: '200000' },
      shares: { type: 'string', default: '365,12,1' },
      mails: { type: 'string', default: '10000' },
    },
  });
  const server = await startServer({ track_commit_timestamp: 'on' });
  try {
    const measured: Measured[] = [];
    let emptyNights = new Map<string, number>();
    for (const share of values.shares.split(',').filter(Boolean).map(Number)) {
      const portfolio = await portfolioOf(server, Number(values.subscriptions), share);
      const jobs = [...stages.map(({ job }) => job), 'mail-delivery'];
      emptyNights = await measureEmptyNights(server.urlOf(portfolio), emptyNightAt, jobs);
      for (const stage of stages) {
        measured.push({ ...(await measureStage(server, portfolio, stage)), share });
        print(line(measured.at(-1)!));
      }
      await server.run(`drop database ${portfolio}`);
    }
    if (Number(values.mails) > 0) print(mailLines(await measureMails(server, Number(values.mails))));
    print(
      judgement(
        measured.filter(({ share }) => share === 1),
        emptyNights,
      ),
    );
  } finally {
    await server.stop();
  }
}

/** Creates a database with a portfolio. */
async function portfolioOf(server: Server, subscriptions: number, spread: number): Promise<string> {
  const name = `nightly_${spread}`;
  await server.run(`create database ${name}`);
  // The start of the service creates the tables.
  const service = await startService(server.urlOf(name), {});
  await service.stop();
  const startedAt = performance.now();
  await makePortfolio(server.urlOf(name), { subscriptions, spread });
  const [size] = await statement<{ megabytes: number }>(
    server.urlOf(name),
    'select pg_database_size(current_database()) / 1048576 as megabytes',
  );
  print(
    `\n${subscriptions} subscriptions, ${spread === 1 ? 'all' : `1/${spread}`} due: ${size!.megabytes} MB, ` +
      `created in ${seconds(performance.now() - startedAt)}\n${heading}`,
  );
  return name;
}

/** Runs the job on a copy, and then the floor on the portfolio itself, which prepares it for the next stage. */
async function measureStage(server: Server, portfolio: string, stage: Stage): Promise<Omit<Measured, 'share'>> {
  const url = server.urlOf(portfolio);
  if (stage.before !== undefined) {
    await statement(url, stage.before);
    await statement(url, 'vacuum analyze');
  }
  const copy = `${portfolio}_copy`;
  await server.run(`create database ${copy} template ${portfolio} strategy file_copy`);
  const job = await measureJob(server.urlOf(copy), stage);
  const floor = await measureFloor(url, stage);
  for (const table of stage.tables) await expectEqualTables(server.urlOf(copy), url, table);
  await server.run(`drop database ${copy}`);
  return { ...job, stage, floorMs: floor.ms, floorCpuSeconds: floor.cpuSeconds };
}

const heading =
  'job                   rows  service s  µs/row | floor s  µs/row  ratio | 1st half  2nd half  ratio | RSS MB: start 1st half 2nd half  peak | CPU s: service database floor';

function line({ stage, rows, ms, floorMs, halvesUs, ...memory }: Measured): string {
  const us = (total: number) => ((total * 1_000) / rows).toFixed(1);
  return [
    stage.job.padEnd(18),
    String(rows).padStart(7),
    (ms / 1_000).toFixed(2).padStart(10),
    us(ms).padStart(7),
    '|',
    (floorMs / 1_000).toFixed(2).padStart(7),
    us(floorMs).padStart(7),
    (ms / floorMs).toFixed(2).padStart(6),
    '|',
    halvesUs[0].toFixed(1).padStart(8),
    halvesUs[1].toFixed(1).padStart(9),
    (halvesUs[1] / halvesUs[0]).toFixed(2).padStart(6),
    '|',
    memory.residentAtStartMb.toFixed(0).padStart(13),
    memory.residentMb[0].toFixed(0).padStart(8),
    memory.residentMb[1].toFixed(0).padStart(8),
    memory.peakMb.toFixed(0).padStart(5),
    '|',
    memory.serviceCpuSeconds.toFixed(2).padStart(14),
    memory.databaseCpuSeconds.toFixed(2).padStart(8),
    memory.floorCpuSeconds.toFixed(2).padStart(5),
  ].join(' ');
}

function mailLines({ mails, byInstances, sendingMs }: MailsMeasured): string {
  const line = (what: string, ms: number) =>
    `${what.padEnd(30)} ${seconds(ms).padStart(9)} ${((mails * 1_000) / ms).toFixed(0).padStart(6)} a second`;
  return [
    `\n${mails} mails to a mail server`,
    ...byInstances.map(({ instances, ms }) => line(`${instances} instance${instances === 1 ? '' : 's'}`, ms)),
    line('1 instance, messages composed', sendingMs),
  ].join('\n');
}

function judgement(allDue: readonly Measured[], emptyNights: ReadonlyMap<string, number>): string {
  const judged = allDue.flatMap(({ stage: { job }, ms, floorMs, halvesUs, peakMb }) => [
    aim(`${job}: all due, time per row, × the floor`, ms / floorMs, aims.ratio),
    aim(`${job}: time per row, second half × first half`, halvesUs[1] / halvesUs[0], aims.halves),
    aim(`${job}: peak memory, MB`, peakMb, aims.memoryMb),
  ]);
  const nights = [...emptyNights].map(([job, ms]) => aim(`${job}: nothing due, ms`, ms, aims.emptyNightMs));
  return ['', ...judged, ...nights].join('\n');
}

function aim(what: string, value: number, most: number): string {
  const result = `${value.toFixed(2).padStart(8)}  aim ${most.toFixed(1).padStart(5)}  ${verdict(value, most)}`;
  return `${what.padEnd(62)} ${result}`;
}

function verdict(value: number, most: number): string {
  if (Number.isNaN(value)) return 'not measured: too few chunks';
  return value <= most ? 'reached' : 'MISSED';
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main();
