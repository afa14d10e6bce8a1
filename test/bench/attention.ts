import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { makePortfolio } from './nightly/portfolio.js';
import { startServer, startService, statement, type Server, type Service } from './service.js';

/*
 * Measures the list of the subscriptions that need their CSM, read by an administrator who sees the whole portfolio. Each time is
 * the median of several requests, and stands beside the round trip of a bare SELECT 1 in the same run. Options and defaults:
 *
 *   --subscriptions 10000,100000   --page 50   --times 15
 */

const aimMs = 100;
const aimSubscriptions = 10_000;
const changes = 100;
/** An ordinary midnight lies between the first two, and the begin of a month before each of the last two. */
const days = ['2027-02-25T12:00:00Z', '2027-02-26T12:00:00Z', '2027-03-01T12:00:00Z', '2027-04-01T12:00:00Z'] as const;

interface Page {
  data: { subscriptionId: string }[];
  nextCursor: string | null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subscriptions: { type: 'string', default: '10000,100000' },
      page: { type: 'string', default: '50' },
      times: { type: 'string', default: '15' },
    },
  });
  const times = Number(values.times);
  const server = await startServer();
  try {
    for (const subscriptions of values.subscriptions.split(',').map(Number)) {
      await measurePortfolio(server, subscriptions, Number(values.page), times);
    }
  } finally {
    await server.stop();
  }
}

async function measurePortfolio(server: Server, subscriptions: number, page: number, times: number): Promise<void> {
  const name = `attention_${subscriptions}`;
  await server.run(`create database ${name}`);
  const url = server.urlOf(name);
  // The start of the service creates the tables.
  await (await startService(url, {})).stop();
  await makePortfolio(url, { subscriptions, spread: 365 });
  const roundTripMs = await roundTrip(url);
  print(`\n${subscriptions} subscriptions, pages of ${page}. SELECT 1: ${roundTripMs.toFixed(2)} ms`);
  const first = `/v1/attention?limit=${page}`;
  const report = (what: string, ms: number): void => {
    print(
      `${what.padEnd(44)} ${ms.toFixed(1).padStart(9)} ms ${(ms / roundTripMs).toFixed(0).padStart(7)} round trips`,
    );
  };

  let service = await serviceOn(url, days[0]);
  const longest = await longestWhile(service, async () => {
    report('nothing is stored', await timeOf(() => service.call('GET', first)));
  });
  report('the longest wait of other requests meanwhile', longest);
  await whenStored(url, subscriptions);
  const firstMs = await median(times, () => timeOf(() => service.call('GET', first)));
  report('first page', firstMs);
  const { nextCursor } = await service.call<Page>('GET', first);
  if (nextCursor === null) throw new Error('The portfolio has only one page of reasons');
  report('next page', await median(times, () => timeOf(() => service.call('GET', `${first}&cursor=${nextCursor}`))));
  report(
    `first page after ${changes} changes`,
    await median(times, async () => {
      await change(url);
      const ms = await timeOf(() => service.call('GET', first));
      await pause(200);
      return ms;
    }),
  );
  await service.stop();
  for (const [day, what] of [
    [days[1], 'first page after a midnight'],
    [days[2], 'first page after the begin of a month'],
  ] as const) {
    service = await serviceOn(url, day);
    await loadHolidays(url, service);
    report(what, await timeOf(() => service.call('GET', first)));
    await pause(2_000);
    report('the same again', await median(times, () => timeOf(() => service.call('GET', first))));
    await service.stop();
  }
  service = await serviceOn(url, days[3]);
  await loadHolidays(url, service);
  report('the job after the begin of a month', await timeOf(() => service.call('POST', '/v1/jobs/housekeeping/run')));
  report('first page after it', await timeOf(() => service.call('GET', first)));
  await service.stop();
  await server.run(`drop database ${name}`);
  if (subscriptions !== aimSubscriptions) return;
  print(
    `aim: a page of ${aimSubscriptions} subscriptions below ${aimMs} ms: ${firstMs < aimMs ? 'reached' : 'MISSED'}`,
  );
}

/** A new service on a day, with open connections. Its first requests do not list reasons. */
async function serviceOn(url: string, day: string): Promise<Service> {
  await statement(url, 'delete from simulated_clock');
  const service = await startService(url, { CLOCK: `simulated:${day}` });
  for (let at = 0; at < 20; at++) await service.call('GET', '/v1/renewals?limit=50');
  return service;
}

/** A service that runs over a midnight has read the holidays of all countries. A single reading stores nothing. */
async function loadHolidays(url: string, service: Service): Promise<void> {
  const found = await statement<{ id: string }>(
    url,
    'select distinct on (c.country) s.id from subscriptions s join customers c on c.id = s.customer_id',
  );
  for (const { id } of found) await service.call('GET', `/v1/subscriptions/${id}/attention`);
}

/** The longest time of requests that need nothing but the event loop, while `work` runs. */
async function longestWhile(service: Service, work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let isRunning = true;
  const asking = (async () => {
    while (isRunning) {
      longest = Math.max(longest, await timeOf(() => service.call('GET', '/health/live')));
      await pause(5);
    }
  })();
  await work();
  isRunning = false;
  await asking;
  return longest;
}

/** Every change of a contract raises its revision. */
async function change(url: string): Promise<void> {
  await statement(
    url,
    `update subscriptions set revision = revision + 1
     where id in (select id from subscriptions order by random() limit ${changes})`,
  );
}

/** The service stores what it has computed after its answer. */
async function whenStored(url: string, subscriptions: number): Promise<void> {
  for (let stored = 0; stored < subscriptions;) {
    await pause(100);
    const [found] = await statement<{ rows: number }>(url, 'select count(*)::integer as rows from attention_states');
    stored = found!.rows;
  }
  await statement(url, 'vacuum analyze attention_states');
}

async function roundTrip(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await median(200, () => timeOf(() => client.query('select 1')));
  } finally {
    await client.end();
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function median(times: number, measure: () => Promise<number>): Promise<number> {
  const measured: number[] = [];
  for (let at = 0; at < times; at++) measured.push(await measure());
  return measured.sort((one, other) => one - other)[Math.floor(times / 2)]!;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
