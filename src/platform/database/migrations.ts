import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { connectionLost } from './database-errors.js';
import { projectPath } from '../project-root.js';
import { misconfigured, StartError } from '../settings/start-error.js';

/** An arbitrary number that all instances share. */
const lockKey = 7_265_001;

/**
 * Runs the migrations that the database does not have yet, and returns their names. A new database gets all of them in one
 * transaction, any other database each in its own. Instances that start at the same time run one after the other.
 * @throws StartError if the database is newer than the code, holds tables of another application, or does not let the user create
 *   tables, and if a migration fails
 */
export async function migrate(url: string, folder = projectPath('migrations')): Promise<string[]> {
  const migrations = migrationsOf(folder);
  return withMigrationLock(url, async () => {
    // No time-outs: changing a large table may take long.
    const dataSource = new DataSource({ type: 'postgres', url, migrations: migrations.map(asClass), poolSize: 2 });
    await dataSource.initialize();
    try {
      const done = await migrationsIn(dataSource, migrations);
      refuseNewer(done, migrations);
      if (done.length === migrations.length) return [];
      await refuseUnusable(dataSource, done);
      return await run(dataSource, done);
    } finally {
      await dataSource.destroy();
    }
  });
}

/** Reverts the newest migration. For developers of migrations. */
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

/** Reads `NNNN-name.sql`: a comment with the reason, then the sections `-- up` and `-- down`. */
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

    /** Without values, the driver sends the whole section as one query. */
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(up);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(down);
    }
  };
}

/** The names of the migrations that this service or a newer version has run. */
async function migrationsIn(dataSource: DataSource, [first]: readonly Migration[]): Promise<string[]> {
  const [columns] = await dataSource.query<{ found: number }[]>(
    `SELECT count(*)::integer AS found FROM pg_attribute
     WHERE attrelid = to_regclass('migrations') AND attname IN ('id', 'timestamp', 'name')`,
  );
  if (columns!.found < 3) return [];
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
  const names = rows.map(({ name }) => name);
  // Without our first migration, the table belongs to another application.
  return first !== undefined && names.includes(first.name) ? names : [];
}

function refuseNewer(done: readonly string[], migrations: readonly Migration[]): void {
  const unknown = done.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new StartError(
      `The database was changed by a newer version of this service, with migrations that this version does not know: ${unknown.join(', ')}. Start that version, or restore an older backup.`,
    );
  }
}

/** How many foreign tables the error message names. */
const mostTablesNamed = 5;

/** Refuses the schema of another application before changing anything. */
async function refuseUnusable(dataSource: DataSource, done: readonly string[]): Promise<void> {
  const [place] = await dataSource.query<{ schema: string | null; user: string; creates: boolean | null }[]>(
    `SELECT current_schema() AS schema, current_user AS user, has_schema_privilege(current_schema(), 'CREATE') AS creates`,
  );
  const { schema, user, creates } = place!;
  if (schema === null)
    throw misconfigured(
      `The database user ${user} may use no schema of its search_path: grant USAGE and CREATE on one.`,
    );
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
     ORDER BY relname`,
  );
  if (done.length === 0 && tables.length > 0 && !(await isEmptyRecord(dataSource, tables))) {
    const named = tables.slice(0, mostTablesNamed).map(({ name }) => name);
    const more = tables.length - named.length;
    throw misconfigured(
      `The schema ${schema} already holds tables of another application: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}. Give the service a database of its own.`,
    );
  }
  if (!creates)
    throw misconfigured(
      `The database user ${user} may not create tables in the schema ${schema}: GRANT CREATE ON SCHEMA ${schema} TO ${user}, or make the user the owner of the database.`,
    );
}

/** TypeORM's own table, which may remain after a failed first start and after all migrations were reverted. */
async function isEmptyRecord(dataSource: DataSource, tables: readonly { name: string }[]): Promise<boolean> {
  if (tables.some(({ name }) => name !== 'migrations')) return false;
  const [count] = await dataSource.query<{ rows: number }[]>('SELECT count(*)::integer AS rows FROM migrations');
  return count!.rows === 0;
}

/** A new database gets all migrations or none. */
async function run(dataSource: DataSource, done: readonly string[]): Promise<string[]> {
  try {
    const ran = await dataSource.runMigrations({ transaction: done.length === 0 ? 'all' : 'each' });
    return ran.map(({ name }) => name);
  } catch (error) {
    if (connectionLost(error)) throw error;
    if (done.length === 0) await dataSource.query('DROP TABLE IF EXISTS migrations');
    if ((error as { code?: unknown }).code === '42501') throw error;
    throw new StartError(`A migration failed and was rolled back: ${(error as Error).message}`);
  }
}

/** Runs `work` while no other instance migrates. */
export async function withMigrationLock<T>(url: string, work: (holder: Client) => Promise<T>): Promise<T> {
  const holder = new Client({ connectionString: url, application_name: 'trm-service migrations' });
  await holder.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [lockKey]);
    return await work(holder);
  } finally {
    // Closing the session releases the lock.
    await holder.end();
  }
}
