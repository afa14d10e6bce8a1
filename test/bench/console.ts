import { parseArgs } from 'node:util';
import { makeWorkedPortfolio } from './console/portfolio.js';
import { startServer, startService, statement, type Server } from './service.js';

const today = '2027-02-25';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subscriptions: { type: 'string', default: '2000' },
      entries: { type: 'string', default: '1000000' },
    },
  });
  const server = await startServer({ max_wal_size: '4GB', shared_buffers: '256MB' });
  try {
    const url = await filledDatabase(server, Number(values.subscriptions), Number(values.entries));
    print(url);
  } finally {
    await server.stop();
  }
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
  if (found!.exists) return url;
  await server.run(`create database ${name}`);
  // The start of the service creates the tables.
  await (await startService(url, {})).stop();
  const startedAt = performance.now();
  await makeWorkedPortfolio(url, { subscriptions, entries, today });
  print(`filled in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return url;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
