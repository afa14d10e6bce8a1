import './typescript-imports.cjs';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { migrate } from '../../src/platform/migrations.js';
import { databaseUrl, onServer, templateName } from './database.js';

export interface TestServer {
  readonly postgres: EmbeddedPostgres;
  readonly folder: string;
}

declare global {
  /** Handed from the setup to the teardown, which Jest runs in the same process. */
  var testServer: TestServer | undefined;
}

/** One PostgreSQL for all spec files, with a migrated database from which each makes its own in some 35 ms. */
export default async function setUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trm-test-'));
  // As root the server runs as another user, who must be able to get there.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), fsync: false, maxConnections: 300 });
  globalThis.testServer = { postgres, folder };
  process.env.TEST_POSTGRES_URL = postgres.url;
  await onServer(`CREATE DATABASE ${templateName}`);
  await migrate(databaseUrl(templateName));
}
