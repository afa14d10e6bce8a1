import './typescript-imports.cjs';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { migrate } from '../../src/platform/database/migrations.js';
import { grantToService } from '../../src/platform/database/service-role.js';
import { onServer, templateName } from './database.js';
import { superuserUrl } from './superuser.js';

export interface TestServer {
  readonly postgres: EmbeddedPostgres;
  readonly folder: string;
}

declare global {
  /** The setup hands it to the teardown, which Jest runs in the same process. */
  var testServer: TestServer | undefined;
}

/** Starts one PostgreSQL for all spec files, with a migrated template: each file copies its own database in about 35 ms. */
export default async function setUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trm-test-'));
  // If the tests run as root, the server runs as another user, who needs access to the folder.
  chmodSync(folder, 0o755);
  const dataDir = join(folder, 'data');
  const postgres = await startEmbeddedPostgres({ dataDir, fsync: false, maxConnections: 300 });
  globalThis.testServer = { postgres, folder };
  process.env.TEST_POSTGRES_URL = superuserUrl(postgres, dataDir);
  process.env.TEST_POSTGRES_SERVICE_URL = postgres.url;
  await onServer(`CREATE DATABASE ${templateName} OWNER trm_owner`);
  const pathname = `/${templateName}`;
  const ownerUrl = Object.assign(new URL(postgres.ownerUrl), { pathname }).href;
  await migrate(ownerUrl);
  await grantToService(ownerUrl, Object.assign(new URL(postgres.url), { pathname }).href);
}
