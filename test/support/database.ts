import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const templateName = 'trm_template';

export interface TestDatabase {
  /** The address for a superuser. */
  readonly url: string;
  /** Works with open connections too. */
  drop(): Promise<void>;
}

/** Creates a migrated, empty database for one spec file. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `trm_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${templateName}`);
  return { url: databaseUrl(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Copies a database, like restoring a dump. No session may be connected to the original. */
export async function copyOfDatabase({ url }: TestDatabase): Promise<TestDatabase> {
  const name = `trm_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)}`);
  return { url: databaseUrl(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Creates a database without tables. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const name = `trm_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  return { url: databaseUrl(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

export function databaseUrl(name: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs a statement on the default database of the test server. */
export async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * Changes the address of a test database to that of the service's role. Tests cause faults and read rows as the superuser, but the
 * services that they start have no more rights than in production.
 */
export function asService(url: string): string {
  const server = process.env.TEST_POSTGRES_URL;
  if (server === undefined) return url;
  const [given, superuser] = [new URL(url), new URL(server)];
  // A test that names another server or role keeps it.
  if (given.username !== superuser.username || given.password !== superuser.password) return url;
  const { username, password } = new URL(serviceUrl());
  return Object.assign(given, { username, password }).href;
}

/** The address of the test server for the service's role. */
export function serviceUrl(): string {
  const url = process.env.TEST_POSTGRES_SERVICE_URL;
  if (!url) throw new Error('TEST_POSTGRES_SERVICE_URL is not set: run the tests with --config config/jest.config.mjs');
  return url;
}

function serverUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (!url) throw new Error('TEST_POSTGRES_URL is not set: run the tests with --config config/jest.config.mjs');
  return url;
}
