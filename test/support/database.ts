import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const templateName = 'trm_template';

export interface TestDatabase {
  /** For a superuser. */
  readonly url: string;
  /** Also with connections still open. */
  drop(): Promise<void>;
}

/** A migrated and empty database for one spec file. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `trm_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${templateName}`);
  return { url: databaseUrl(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A copy of a database, as a restored dump is one. Nobody may be connected to the original. */
export async function copyOfDatabase({ url }: TestDatabase): Promise<TestDatabase> {
  const name = `trm_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)}`);
  return { url: databaseUrl(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A database without any table. */
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

/** Runs a statement on the server's own database. */
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
 * An address of the tests' server for the role as which the service works. Tests plant faults and look at rows as the superuser,
 * and the services that they start have no more rights than in production.
 */
export function asService(url: string): string {
  const server = process.env.TEST_POSTGRES_URL;
  if (server === undefined) return url;
  const [given, superuser] = [new URL(url), new URL(server)];
  // Another server, or another role on purpose.
  if (given.username !== superuser.username || given.password !== superuser.password) return url;
  const { username, password } = new URL(serviceUrl());
  return Object.assign(given, { username, password }).href;
}

/** The service's role at the tests' server. */
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
