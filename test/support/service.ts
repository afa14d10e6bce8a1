import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import type { ServiceRules } from '../../src/domain/service-rules.js';
import { SimulatedClock } from '../../src/platform/clock.js';
import { readConfig, type Config, type SmtpLimits } from '../../src/platform/settings/config.js';
import { Database } from '../../src/platform/database/database.js';
import { projectPath } from '../../src/platform/project-root.js';
import { readServiceRules } from '../../src/platform/settings/service-rules.js';
import { startClock } from '../../src/platform/simulated-clock.store.js';
import { asService, testDatabase } from './database.js';

export interface TestServiceOptions {
  /** The simulated instant at the start. */
  readonly clock?: string;
  /** Environment variables that add to or replace those of the tests. */
  readonly env?: NodeJS.ProcessEnv;
  /** Rules that replace those of `config/service.yaml`. */
  readonly rules?: Partial<ServiceRules>;
  /** An existing database, for example for a second instance; `stop` does not drop it. */
  readonly databaseUrl?: string;
  /** How long the mail server may take. */
  readonly smtpLimits?: SmtpLimits;
  /** The largest number of connections of each lane of the database. */
  readonly mostOfLane?: number;
}

export interface TestService {
  readonly app: NestFastifyApplication;
  readonly config: Config;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** For tests, which read rows and cause faults as a superuser. The service itself has fewer rights. */
  readonly database: Database;
  readonly databaseUrl: string;
  readonly clock: SimulatedClock;
  readonly adminToken: string;
  /** The data folder. Its folder `mailbox` holds the mails. */
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** Starts the real service in this process, on its own database. Its clock moves only if a test advances it, and no jobs run. */
export async function startService(options: TestServiceOptions = {}): Promise<TestService> {
  const { clock: startsAt = '2026-04-01T00:00:00Z', env, databaseUrl: givenUrl, smtpLimits, mostOfLane } = options;
  const own = givenUrl === undefined ? await testDatabase() : undefined;
  const databaseUrl = own?.url ?? givenUrl!;
  const dataDir = mkdtempSync(join(tmpdir(), 'trm-service-'));
  const adminToken = 'admin-token-of-the-tests-0123456789';
  const settings = readConfig({
    DATABASE_URL: asService(databaseUrl),
    DATA_DIR: dataDir,
    SECRET_KEY: 'secret-key-of-the-tests-0123456789',
    ADMIN_TOKEN: adminToken,
    PUBLIC_URL: 'http://trm.test',
    CLOCK: `simulated:${startsAt}`,
    JOBS: 'off',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'silent',
    ...env,
  });
  const config: Config = { ...settings, ...(smtpLimits && { smtpLimits }) };
  const rules = { ...readServiceRules(projectPath('config', 'service.yaml')), ...options.rules };
  const replicaUrl = config.databaseReplicaUrl;
  const [ofService, database] = await Promise.all([
    Database.open({ url: asService(databaseUrl), replicaUrl, mostOfLane }),
    Database.open({ url: databaseUrl, replicaUrl }),
  ]);
  const clock = await startClock(ofService, config.clock);
  if (!(clock instanceof SimulatedClock)) throw new Error('Tests need a simulated clock');

  const app = await createApp({ config, rules, clock, database: ofService });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    config,
    baseUrl: `http://127.0.0.1:${port}`,
    database,
    databaseUrl,
    clock,
    adminToken,
    dataDir,
    async stop() {
      await app.close();
      await ofService.close();
      await database.close();
      await own?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
