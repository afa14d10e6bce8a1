import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, statSync, writeFileSync, chownSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolderOf } from '../../src/platform/embedded-postgres/data-folder.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { migrate } from '../../src/platform/database/migrations.js';
import { grantToService } from '../../src/platform/database/service-role.js';
import { superuserUrl } from './superuser.js';

export interface PrimaryWithStandby {
  /** Both addresses are for a superuser. */
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  /** Stops the standby alone. */
  stopStandby(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a primary with a migrated database, and a standby that applies each commit with this delay. The standby starts as a copy
 * of the files of the stopped primary, because the embedded package lacks `pg_basebackup`.
 */
export async function primaryWithStandby(applyDelaySeconds: number): Promise<PrimaryWithStandby> {
  const folder = mkdtempSync(join(tmpdir(), 'trm-standby-'));
  // If the tests run as root, the servers run as another user, who needs access to the folder.
  chmodSync(folder, 0o755);
  const dataDirOf = (name: string): string => join(folder, name);
  const start = (name: string): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ dataDir: dataDirOf(name), fsync: false });

  const seed = await start('primary');
  await migrate(seed.ownerUrl);
  await grantToService(seed.ownerUrl, seed.url);
  await seed.stop();
  const copied = spawnSync('cp', ['-a', dataDirOf('primary'), dataDirOf('standby')], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(copied.stderr);

  const primary = await start('primary');
  const { hostname, port, username, password } = new URL(superuserUrl(primary, dataDirOf('primary')));
  const data = join(dataFolderOf(dataDirOf('standby'), () => undefined).folder, 'data');
  const source = `host=${hostname} port=${port} user=${username} password=${password}`;
  appendFileSync(
    join(data, 'postgresql.auto.conf'),
    `primary_conninfo = '${source}'\nrecovery_min_apply_delay = '${applyDelaySeconds}s'\n`,
  );
  const signal = join(data, 'standby.signal');
  writeFileSync(signal, '');
  const { uid, gid } = statSync(data);
  chownSync(signal, uid, gid);
  const standby = await start('standby');

  let standbyStopped: Promise<void> | undefined;
  const stopStandby = (): Promise<void> => (standbyStopped ??= standby.stop());
  return {
    primaryUrl: superuserUrl(primary, dataDirOf('primary')),
    standbyUrl: superuserUrl(standby, dataDirOf('standby')),
    stopStandby,
    async stop() {
      await stopStandby();
      await primary.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
