import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfig, type Config } from './platform/settings/config.js';
import { connectionLost } from './platform/database/database-errors.js';
import { probeDatabase, startErrorOf } from './platform/database/database-probe.js';
import { Database } from './platform/database/database.js';
import { closeDataDir } from './platform/settings/data-dir.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres/start.js';
import { readEnvFile } from './platform/settings/env-file.js';
import { freePort } from './platform/free-port.js';
import { defaultHttpLimits } from './platform/settings/http-limits.js';
import { listening } from './platform/listening.js';
import { migrate } from './platform/database/migrations.js';
import { projectPath } from './platform/project-root.js';
import { grantToService, ownsTables } from './platform/database/service-role.js';
import { readServiceRules } from './platform/settings/service-rules.js';
import { startClock } from './platform/simulated-clock.store.js';
import { StartError } from './platform/settings/start-error.js';
import { startNotes } from './platform/settings/start-notes.js';

// Under load, V8 lets the heap grow to four times the live data before it collects. Twice is enough and costs no
// throughput.
setFlagsFromString('--heap-growing-percent=100');

/** The started parts, newest last. A stop ends them from the end. */
const running: { stop(): Promise<unknown> }[] = [];

async function start(): Promise<void> {
  readEnvFile();
  const config = await withPort(readConfig());
  stopWithinMs = config.httpLimits.stopMs;
  closeDataDir(config.dataDir);
  const rules = readServiceRules(projectPath('config', 'service.yaml'));

  const { url, ownerUrl } = config.databaseUrl
    ? { url: config.databaseUrl, ownerUrl: config.databaseOwnerUrl }
    : await embeddedDatabase(config.dataDir);
  await probeDatabase(url);
  await migrateAs(url, ownerUrl);
  // The rooms take most of the time of a start. A service that cannot start says so without them. The database opens after them,
  // because it reads their entities.
  const { createApp } = await import('./app.js');
  const { database, owns } = await opened(url, config.databaseReplicaUrl);
  running.push({ stop: () => database.close() });
  const clock = await startClock(database, config.clock);

  const app = await createApp({ config, rules, clock, database });
  running.push({ stop: () => closeApp(app, stopWithinMs) });
  for (const note of startNotes(config, owns)) console.log(note);
  await listening(config, () => app.listen(config.port, config.host));
  console.log(`The TRM service is ready: ${await app.getUrl()} (documentation at /docs)`);
}

/** Replaces port 0 by a free port, because links need the port before the service listens. */
async function withPort(config: Config): Promise<Config> {
  if (config.port !== 0) return config;
  const port = await listening(config, () => freePort(config.host));
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) };
}

/** Migrates as the owner if there is one, and then grants the rights of the service's user. */
async function migrateAs(url: string, ownerUrl?: string): Promise<void> {
  try {
    await migrate(ownerUrl ?? url);
    if (ownerUrl !== undefined) await grantToService(ownerUrl, url);
  } catch (error) {
    throw ownerUrl === undefined ? startErrorOf(url, error) : startErrorOf(ownerUrl, error, 'DATABASE_OWNER_URL');
  }
}

/** Opens the database. `owns`: whether the service's user owns the tables. */
async function opened(url: string, replicaUrl?: string): Promise<{ database: Database; owns: boolean }> {
  try {
    return { owns: await ownsTables(url), database: await Database.open({ url, replicaUrl }) };
  } catch (error) {
    throw startErrorOf(url, error);
  }
}

async function embeddedDatabase(dataDir: string): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({
    dataDir,
    tell: (message) => console.log(message),
    onCrash: (log) => {
      console.error(`The embedded PostgreSQL has ended unexpectedly:\n${log}`);
      process.exit(1);
    },
  });
  running.push(embedded);
  return embedded;
}

let stopping = false;
let stopWithinMs = defaultHttpLimits.stopMs;

/**
 * Ends requests and jobs first, then the connections, then the database. A client that keeps sending or reading, or a
 * job that waits for a mail server, cannot delay the stop for ever: unfinished work is aborted after the time limit,
 * as `kill -9` would do.
 */
async function stop(): Promise<void> {
  stopping = true;
  setTimeout(() => {
    console.error(`The service stopped after ${stopWithinMs / 1000} seconds with unfinished work.`);
    process.exit(0);
  }, stopWithinMs);
  for (const part of running.reverse()) await part.stop();
  process.exit(0);
}

/**
 * Running requests and jobs have four fifths of the time. Then all connections are closed, so that the work that
 * waits for them ends.
 */
async function closeApp(app: NestFastifyApplication, withinMs: number): Promise<void> {
  const breakOff = setTimeout(() => app.getHttpAdapter().getInstance().server.closeAllConnections(), withinMs * 0.8);
  await app.close();
  clearTimeout(breakOff);
}

process.on('SIGTERM', () => {
  if (!stopping) stop().catch(fail);
});
process.on('SIGINT', () => {
  // 130: ended by Ctrl-C. The embedded database notices that this process has ended, and ends as well.
  if (stopping) process.exit(130);
  stop().catch(fail);
});

function fail(error: unknown): void {
  console.error(explanation(error));
  process.exit(error instanceof StartError ? error.exitCode : 1);
}

/** Start errors are printed as a sentence for the operator, unexpected errors with their stack. */
function explanation(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof StartError) return error.message;
  if (connectionLost(error)) return `The database cannot be reached: ${error.message || error.name}`;
  return error.stack ?? error.message;
}

start().catch((error: unknown) => {
  // A stop during the start makes the start fail, which is no error.
  if (!stopping) fail(error);
});
