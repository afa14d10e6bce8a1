import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { grantToService } from '../../src/platform/database/service-role.js';
import { migrate } from '../../src/platform/database/migrations.js';
import { readOptions, usage, WrongOption, type Options } from './options.js';
import { failure, summary } from './printing.js';
import { addYears } from './model/calendar.js';
import { firstDay, simulate, SimulationFailed } from './simulation.js';

async function main(): Promise<void> {
  let options: Options | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof WrongOption)) throw error;
    console.error(`${error.message}. See npm run simulate -- --help`);
    process.exitCode = 2;
    return;
  }
  if (options) await play(options);
  else console.log(usage);
}

/** Plays a run on a new PostgreSQL, and deletes it afterwards. */
async function play(options: Options): Promise<void> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'trm-simulation-'));
  // If this runs as root, the server runs as another user, who needs access to the folder.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), fsync: false });
  try {
    await migrate(postgres.ownerUrl);
    await grantToService(postgres.ownerUrl, postgres.url);
    const until = addYears(firstDay, options.years);
    const outcome = await simulate({ ...options, until, progress }, { databaseUrl: postgres.url, folder });
    clearProgress();
    console.log(summary(options, outcome, (performance.now() - began) / 1_000));
  } catch (error) {
    clearProgress();
    console.error(error instanceof SimulationFailed ? failure(options, error) : error);
    process.exitCode = 1;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the progress in one line of a terminal. It prints nothing if the output goes to a file. */
function progress(day: string, step: number): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${day}, step ${step} `);
}

function clearProgress(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}

void main();
