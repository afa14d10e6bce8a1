import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolderOf } from '../../src/platform/embedded-postgres/data-folder.js';
import type { EmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';

/** The address of an embedded PostgreSQL for its superuser. The service uses the superuser only to create the other roles. */
export function superuserUrl({ url }: EmbeddedPostgres, dataDir: string): string {
  const { folder } = dataFolderOf(dataDir, () => undefined);
  const password = readFileSync(join(folder, 'password'), 'utf8');
  return Object.assign(new URL(url), { username: 'trm', password }).href;
}
