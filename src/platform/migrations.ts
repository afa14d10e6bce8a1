import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { projectPath } from './project-root.js';
import { StartError } from './start-error.js';

/** Any number, as long as all instances ask for the same one. */
const lockKey = 7_265_001;

/**
 * Runs the migrations that the database does not have yet, each in a transaction of its own, and returns their names. Instances
 * that start at once do it one after the other. Throws a StartError where the database is newer than the code.
 */
export async function migrate(url: string, folder = projectPath('migrations')): Promise<string[]> {
  const migrations = migrationsOf(folder);
  return withMigrationLock(url, async () => {
    // No time-outs here: to change a large table takes as long as it takes.
    const dataSource = new DataSource({ type: 'postgres', url, migrations: migrations.map(asClass), poolSize: 2 });
    await dataSource.initialize();
    try {
      await refuseNewer(dataSource, migrations);
      const done = await dataSource.runMigrations({ transaction: 'each' });
      return done.map(({ name }) => name);
    } finally {
      await dataSource.destroy();
    }
  });
}

/** Takes the newest migration back, and returns its name: for whoever writes migrations. */
export async function revertNewest(url: string, folder = projectPath('migrations')): Promise<void> {
  await withMigrationLock(url, async () => {
    const migrations = migrationsOf(folder).map(asClass);
    const dataSource = await new DataSource({ type: 'postgres', url, migrations, poolSize: 2 }).initialize();
    try {
      await dataSource.undoLastMigration({ transaction: 'each' });
    } finally {
      await dataSource.destroy();
    }
  });
}

interface Migration {
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** Reads `NNNN-name.sql`: a comment that says why, then the sections `-- up` and `-- down`. */
function migrationsOf(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const [, number, subject] = /^(\d{4})-(.+)\.sql$/.exec(file) ?? [];
      const [, up, down] = /^-- up$([\s\S]*)^-- down$([\s\S]*)/m.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
      if (!number || !up || !down)
        throw new StartError(`${file} is not NNNN-name.sql with the sections "-- up" and "-- down"`);
      // TypeORM orders by the last thirteen digits of the name.
      return { name: `${subject}-${number.padStart(13, '0')}`, up, down };
    });
}

function asClass({ name, up, down }: Migration): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = name;

    /** Without values the driver sends the whole section as one query of many statements. */
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(up);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(down);
    }
  };
}

async function refuseNewer(dataSource: DataSource, migrations: readonly Migration[]): Promise<void> {
  const [table] = await dataSource.query<{ found: string | null }[]>(`SELECT to_regclass('migrations') AS found`);
  if (!table?.found) return;
  const done = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
  const unknown = done
    .map(({ name }) => name)
    .filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new StartError(
      `The database was changed by a newer version of this service, which this one does not know: ${unknown.join(', ')}. Start that version, or restore an older copy of the database.`,
    );
  }
}

async function withMigrationLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const holder = new Client({ connectionString: url, application_name: 'trm-service migrations' });
  await holder.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [lockKey]);
    return await work();
  } finally {
    // Closing the session lets go of the lock.
    await holder.end();
  }
}
