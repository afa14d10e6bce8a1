import { readFileSync } from 'node:fs';
import { projectPath } from '../../../src/platform/project-root.js';
import { startServer, startService, statement, type Server, type Service } from '../service.js';

/** A vendor's database with years of work in it, on a PostgreSQL of the bench's own. */
export interface World {
  readonly server: Server;
  readonly databaseUrl: string;
  /** Time entries; about a hundredth of them was taken back, which are further lines of a report. */
  readonly entries: number;
  /** The service on this database, in a process of its own; whoever starts it stops it. */
  startService: (settings?: NodeJS.ProcessEnv) => Promise<Service>;
  stop: () => Promise<void>;
}

const databaseName = 'reports';
const clock = 'simulated:2026-03-31T03:00:00Z';

/** Makes the world: about a minute a million entries. */
export async function startWorld({ entries }: { entries: number }): Promise<World> {
  const server = await startServer({ max_wal_size: '4GB', shared_buffers: '256MB' });
  try {
    await server.run(`create database ${databaseName}`);
    const databaseUrl = server.urlOf(databaseName);
    const start = (settings: NodeJS.ProcessEnv = {}) => startService(databaseUrl, { CLOCK: clock, ...settings });
    // The service makes the tables.
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
