import { readFileSync } from 'node:fs';
import { projectPath } from '../../../src/platform/project-root.js';
import { startServer, startService, statement, type Server, type Service } from '../service.js';

/** A database with years of a vendor's work. */
export interface World {
  readonly server: Server;
  readonly databaseUrl: string;
  /** The number of time entries. About one in a hundred is reversed, which is another line of a report. */
  readonly entries: number;
  /** Starts the service on this database in its own process. The caller stops it. */
  startService: (settings?: NodeJS.ProcessEnv) => Promise<Service>;
  stop: () => Promise<void>;
}

const databaseName = 'reports';
const clock = 'simulated:2026-03-31T03:00:00Z';

/** Creates the database, in about a minute for a million entries. */
export async function startWorld({ entries }: { entries: number }): Promise<World> {
  const server = await startServer({ max_wal_size: '4GB', shared_buffers: '256MB' });
  try {
    await server.run(`create database ${databaseName}`);
    const databaseUrl = server.urlOf(databaseName);
    const start = (settings: NodeJS.ProcessEnv = {}) => startService(databaseUrl, { CLOCK: clock, ...settings });
    // The start of the service creates the tables.
    const service = await start();
    await service.stop();
    const sql = readFileSync(projectPath('test', 'bench', 'reports', 'world.sql'), 'utf8');
    await statement(databaseUrl, sql.replaceAll(':entries', String(entries)));
    await statement(databaseUrl, 'vacuum analyze');
    await statement(databaseUrl, 'checkpoint');
    return { server, databaseUrl, entries, startService: start, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
