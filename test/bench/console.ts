import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { makeWorkedPortfolio } from './console/portfolio.js';
import { hasChromium, Screen } from './console/screen.js';
import { visitorOf, type Visitor } from './console/visitor.js';
import { weightOf } from './console/weight.js';
import { backendCpuSeconds, startServer, startService, statement, type Server, type Service } from './service.js';

/*
 * Measures the pages of the console for a CSM with the whole portfolio. Each time is that of a request over a kept connection, and stands
 * beside the round trip of a bare SELECT 1 in the same run, and the processor time of a request, which other programs do not lengthen. Then Chromium opens the pages and types a quick entry. Options and defaults:
 *
 *   --subscriptions 2000   --entries 1000000   --times 60
 *
 * On the server of DATABASE_URL, the filled database stays for the next run.
 */

const today = '2027-02-25';
const now = `${today}T03:00:00Z`;

const aims = { serverMs: 100, findMs: 50, weightKb: 150, previewMs: 100 };

interface PageToMeasure {
  name: string;
  path: string;
  mostMs: number;
  /** Whether the page is opened in Chromium and weighed. */
  isWhole: boolean;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subscriptions: { type: 'string', default: '2000' },
      entries: { type: 'string', default: '1000000' },
      times: { type: 'string', default: '60' },
    },
  });
  const server = await startServer({ max_wal_size: '4GB', shared_buffers: '256MB' });
  let service: Service | undefined;
  try {
    const url = await filledDatabase(server, Number(values.subscriptions), Number(values.entries));
    service = await startService(url, { CLOCK: `simulated:${now}` });
    const [csm] = await statement<{ id: string }>(url, 'select csm_id as id from subscriptions limit 1');
    const visitor = await visitorOf(url, service.port, csm!.id, new Date(now));
    await measure(url, service, visitor, Number(values.times));
    visitor.close();
  } finally {
    await service?.stop();
    await server.stop();
  }
}

async function measure(url: string, service: Service, visitor: Visitor, times: number): Promise<void> {
  const pages = await pagesOf(url);
  const first = await visitor.get('/console/today');
  print(
    `first Today of the service: ${first.ms.toFixed(0)} ms (its reasons of attention are computed and then stored)`,
  );
  await whenStored(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  print(
    `\n${'server time'.padEnd(34)} ${head('p50')} ${head('p95')} ${head('SELECT 1')} ${head('ratio')} ${head('Node')} ${head('Postgres')}`,
  );
  for (const page of pages) {
    const measured: number[] = [];
    const bare: number[] = [];
    let cpu = { node: 0, postgres: 0 };
    for (let at = 0; at < times + 10; at++) {
      const { status, ms } = await visitor.get(page.path);
      if (status !== 200) throw new Error(`${page.path}: ${status}`);
      const startedAt = performance.now();
      await client.query('select 1');
      // The first requests compile the code and fill the caches.
      if (at === 10) cpu = { node: service.cpuSeconds(), postgres: await backendCpuSeconds(url) };
      if (at < 10) continue;
      measured.push(ms);
      bare.push(performance.now() - startedAt);
    }
    const node = ((service.cpuSeconds() - cpu.node) * 1_000) / times;
    const postgres = ((await backendCpuSeconds(url)) - cpu.postgres) * (1_000 / times);
    const [p50, p95, roundTrip] = [quantile(measured, 0.5), quantile(measured, 0.95), quantile(bare, 0.5)];
    print(
      `${page.name.padEnd(34)} ${ms(p50)} ${ms(p95)} ${ms(roundTrip)} ${(p50 / roundTrip).toFixed(0).padStart(9)} ${ms(node)} ${ms(postgres)}` +
        verdict(p95, page.mostMs, 'ms'),
    );
  }
  await client.end();
  await weigh(visitor, pages);
  if (hasChromium()) await look(service, visitor, pages);
  else print('\nChromium is not installed: no paints, layout shifts or traces.');
}

async function weigh(visitor: Visitor, pages: readonly PageToMeasure[]): Promise<void> {
  print(`\n${'compressed, empty cache'.padEnd(34)} ${head('page')} ${head('assets')} ${head('all')}`);
  for (const { name, path } of pages.filter(({ isWhole }) => isWhole)) {
    const { pageBytes, assetBytes } = await weightOf(visitor, path);
    const all = (pageBytes + assetBytes) / 1_000;
    print(
      `${name.padEnd(34)} ${kb(pageBytes)} ${kb(assetBytes)} ${kb(pageBytes + assetBytes)}${verdict(all, aims.weightKb, 'kB')}`,
    );
  }
}

async function look({ port }: Service, { token }: Visitor, pages: readonly PageToMeasure[]): Promise<void> {
  const screen = await Screen.open(port, token);
  try {
    print(
      `\n${'Chromium, ms'.padEnd(34)} ${head('painted')} ${head('scripts')} ${head('layout')} ${head('paint')} ${head('long task')} ${head('shift')}`,
    );
    for (const { name, path } of pages.filter(({ isWhole }) => isWhole)) {
      const { paintedMs, shift, trace } = await screen.look(path);
      const work = [trace.scripting, trace.styleAndLayout, trace.painting, trace.longestTask].map(ms).join(' ');
      print(`${name.padEnd(34)} ${ms(paintedMs)} ${work} ${shift.toFixed(4).padStart(9)}${verdict(shift, 0, '')}`);
    }
    const lines = ['1:30', '90m health-check', '1.5h "Index review"'].map((rest) => `TRM-000002 ${rest}`);
    const previews = await screen.previews('/console/today', [...lines, ...lines, ...lines, ...lines]);
    const own = previews.map(({ paintedMs, roundTripMs }) => paintedMs - roundTripMs);
    print(
      `\npreview of a quick entry: painted after ${quantile(
        previews.map(({ paintedMs }) => paintedMs),
        0.95,
      ).toFixed(0)} ms (p95), ` +
        `${quantile(own, 0.95).toFixed(0)} ms without the round trip${verdict(quantile(own, 0.95), aims.previewMs, 'ms')}; ` +
        `layout shift ${Math.max(...previews.map(({ shift }) => shift)).toFixed(4)}`,
    );
  } finally {
    await screen.close();
  }
}

/** The subscription is among the busiest ones. */
async function pagesOf(url: string): Promise<PageToMeasure[]> {
  const [found] = await statement<{ id: string; consultant: string }>(
    url,
    `select subscription_id as id, min(consultant_id::text) as consultant from time_entries group by 1 order by count(*) desc limit 1`,
  );
  const { id, consultant } = found!;
  const page = (name: string, path: string): PageToMeasure => ({ name, path, mostMs: aims.serverMs, isWhole: true });
  const part = (name: string, path: string, mostMs: number): PageToMeasure => ({ name, path, mostMs, isWhole: false });
  const find = (text: string): PageToMeasure =>
    part(`find "${text}"`, `/console/find/results?q=${encodeURIComponent(text)}`, aims.findMs);
  const line = encodeURIComponent('TRM-000002 1:30 health-check "Index review" yesterday');
  return [
    page('Today', '/console/today'),
    page('Portfolio', '/console/portfolio'),
    page('Subscription', `/console/subscriptions/${id}`),
    page('Subscription, entries', `/console/subscriptions/${id}/entries`),
    part('Subscription, allocations', `/console/subscriptions/${id}/allocations`, aims.serverMs),
    part('Subscription, visits', `/console/subscriptions/${id}/visits`, aims.serverMs),
    part('Subscription, renewal', `/console/subscriptions/${id}/renewal`, aims.serverMs),
    part('Subscription, ledger', `/console/subscriptions/${id}/ledger`, aims.serverMs),
    part('Subscription, what if', `/console/subscriptions/${id}/what-if?topUpHours=10`, aims.serverMs),
    page('Week sheet', '/console/week'),
    page('Week sheet of a consultant', `/console/week?consultant=${consultant}`),
    find('customer 1'),
    find('サンプル2'),
    find('TRM-0001'),
    find('CS-'),
    find('CS-1000'),
    part('quick entry, reading', `/console/quick-entry?part=reading&line=${line}`, aims.serverMs),
  ];
}

/** On the server of `DATABASE_URL`, the filled database stays, and the next run with the same sizes uses it again. */
async function filledDatabase(server: Server, subscriptions: number, entries: number): Promise<string> {
  const name = `console_${subscriptions}_${entries}`;
  const url = server.urlOf(name);
  const [found] = await statement<{ exists: boolean }>(
    server.urlOf('postgres'),
    'select exists (select from pg_database where datname = $1)',
    [name],
  );
  if (!found!.exists) {
    await server.run(`create database ${name}`);
    // The start of the service creates the tables.
    await (await startService(url, {})).stop();
    const startedAt = performance.now();
    await makeWorkedPortfolio(url, { subscriptions, entries, today });
    print(`filled in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  await statement(url, 'delete from simulated_clock');
  const [size] = await statement<{ subscriptions: number; entries: number }>(
    url,
    `select (select count(*)::integer from subscriptions) as subscriptions, (select count(*)::integer from time_entries) as entries`,
  );
  print(`${size!.subscriptions} subscriptions of one CSM, ${size!.entries} entries`);
  return url;
}

/** The service stores what it has computed after its answer. */
async function whenStored(url: string): Promise<void> {
  for (let stored = -1, before = -2; stored !== before;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const [found] = await statement<{ rows: number }>(url, 'select count(*)::integer as rows from attention_states');
    [before, stored] = [stored, found!.rows];
  }
  await statement(url, 'vacuum analyze attention_states');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

const head = (text: string): string => text.padStart(9);
const ms = (value: number): string => value.toFixed(value < 1 ? 2 : 1).padStart(9);
const kb = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`.padStart(9);
const verdict = (value: number, most: number, unit: string): string =>
  value <= most ? '' : `   MISSED: at most ${most} ${unit}`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
