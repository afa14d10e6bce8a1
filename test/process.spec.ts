import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { commandOf, isAlive } from '../src/platform/embedded-postgres/processes.js';
import { projectPath } from '../src/platform/project-root.js';
import { ServiceProcess } from './support/process.js';

const asRoot = process.getuid?.() === 0;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

jest.setTimeout(120_000);

describe('the process', () => {
  let folder: string;
  let dataDir: string;
  let services: ServiceProcess[];

  // All tests share one data folder, because creating a database for each test takes longer.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trm-process-'));
    chmodSync(folder, 0o755);
    dataDir = join(folder, 'data');
  });
  beforeEach(() => {
    services = [];
  });
  afterEach(async () => {
    for (const service of services) {
      service.signal('SIGKILL');
      await service.ended;
    }
    await serverEnded();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(
    env: NodeJS.ProcessEnv = {},
    options?: { folder?: string; cwd?: string; uid?: number },
  ): ServiceProcess {
    const service = new ServiceProcess({ DATA_DIR: dataDir, ...env }, options);
    services.push(service);
    return service;
  }

  function postmaster(): number | undefined {
    try {
      return Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return undefined;
    }
  }

  const isRunning = (pid: number): boolean => isAlive(pid) && commandOf(pid).includes(dataDir);

  /** Waits until no server of this data folder runs, and fails if one keeps running. */
  async function serverEnded(pid = postmaster()): Promise<void> {
    for (let waited = 0; pid !== undefined && isRunning(pid); waited++) {
      if (waited > 1_000) throw new Error(`The database server ${pid} outlives its service`);
      await pause(50);
    }
  }

  it('answers when it is ready; on SIGTERM it stops its database and ends with 0', async () => {
    const service = start();
    const url = await service.ready();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const pid = postmaster()!;
    expect(isRunning(pid)).toBe(true);
    service.signal('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(isRunning(pid)).toBe(false);
  });

  it('ends with 78 and lists everything that is wrong with its settings', async () => {
    const service = start({ PORT: 'abc', JOBS: 'maybe', CLOCK: 'noon', ADMIN_TOKEN: 'short' });
    expect(await service.ended).toBe(78);
    for (const name of ['PORT', 'JOBS', 'CLOCK', 'ADMIN_TOKEN']) expect(service.output).toContain(`- ${name}: `);
  });

  it('reads .env in the working directory, and prefers variables that are set', async () => {
    const cwd = mkdtempSync(join(folder, 'cwd-'));
    writeFileSync(join(cwd, '.env'), '# A comment.\nPORT=abc\nJOBS=maybe\nADMIN_TOKEN="short"\n');
    const refused = start({ JOBS: 'off' }, { cwd });
    expect(await refused.ended).toBe(78);
    expect(refused.output).toContain('- ADMIN_TOKEN: ');
    // The test itself sets PORT.
    for (const name of ['PORT', 'JOBS']) expect(refused.output).not.toContain(`- ${name}: `);
  });

  it('ends with 78 if .env cannot be read', async () => {
    const cwd = mkdtempSync(join(folder, 'cwd-'));
    mkdirSync(join(cwd, '.env'));
    const service = start({}, { cwd });
    expect(await service.ended).toBe(78);
    expect(service.output).toContain(`The settings in ${join(cwd, '.env')} cannot be read`);
  });

  it('shows its version and commit', async () => {
    const service = start();
    const answer = await fetch(`${await service.ready()}/health/live`);
    const { commit } = JSON.parse(readFileSync(projectPath('dist', 'build.json'), 'utf8')) as { commit: string | null };
    const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { version: string };
    expect(await answer.json()).toEqual({ status: 'live', version, commit });
  });

  it('logs where mails go, its public address, and which variables look misspelt', async () => {
    const service = start({ SMPT_URL: 'smtp://mail.example', PUBLIC_URL: 'https://trm.example' });
    await service.ready();
    expect(service.output).toContain(`Mails become files in ${join(dataDir, 'mailbox')} and reach nobody`);
    expect(service.output).toContain('Links in mails begin with https://trm.example (PUBLIC_URL).');
    expect(service.output).toContain('SMPT_URL is set, but the service does not read it. Is it SMTP_URL?');
    expect(service.output).not.toMatch(/\b(PATH|DATA_DIR) is set/);
  });

  it('does not start in production without a mail server, unless MAIL is set to files', async () => {
    const refused = start({ NODE_ENV: 'production', SMPT_URL: 'smtp://mail.example' });
    expect(await refused.ended).toBe(78);
    expect(refused.output).toMatch(
      /- SMTP_URL: is required where NODE_ENV is production\. SMPT_URL is set, but not read\./,
    );
    await start({ NODE_ENV: 'production', MAIL: 'files' }).ready();
  });

  it('leaves no database server running after kill -9, and continues with its data', async () => {
    const first = start({ CLOCK: 'simulated:2026-04-01T00:00:00Z' });
    await first.ready();
    const pid = postmaster()!;
    const client = new Client({ connectionString: databaseUrl() });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE kept ()');
    first.signal('SIGKILL');
    // The second service starts at once, while the first server is still shutting down.
    const second = start({ CLOCK: 'simulated:2026-04-01T00:00:00Z' });
    await second.ready();
    await serverEnded(pid);
    const again = new Client({ connectionString: databaseUrl() });
    await again.connect();
    expect((await again.query('SELECT FROM kept')).rowCount).toBe(0);
    await again.end();
    second.signal('SIGKILL');
    await second.ended;
    await serverEnded();
  });

  /** The address of the database, from the files of the service. */
  function databaseUrl(): string {
    const [, , , port] = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
    return `postgres://trm:${readFileSync(join(dataDir, 'postgres', 'password'), 'utf8')}@127.0.0.1:${port}/trm`;
  }

  it('refuses a data folder that another service uses', async () => {
    await start().ready();
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output).toContain('Another service');
  });

  it('reports a database that it cannot reach', async () => {
    const service = start({ DATABASE_URL: 'postgres://trm@127.0.0.1:1/trm', SECRET_KEY: 's'.repeat(32) });
    expect(await service.ended).toBe(1);
    expect(service.output).toMatch(/^The database cannot be reached: .*ECONNREFUSED/);
  });

  it('finishes running requests before it ends', async () => {
    const service = start();
    const url = await service.ready();
    const client = new Client({ connectionString: databaseUrl() });
    await client.connect();
    // The service looks up a token that it has not seen yet, so this request waits for the lock.
    await client.query('BEGIN; LOCK TABLE api_tokens');
    const answer = fetch(`${url}/v1/me`, { headers: { authorization: 'Bearer unknown' } });
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%api_tokens%'`;
    // Inside a transaction, PostgreSQL reads pg_stat_activity only once unless its snapshot is cleared.
    while ((await client.query(waits)).rowCount === 0) {
      await client.query('SELECT pg_stat_clear_snapshot()');
      await pause(20);
    }
    service.signal('SIGTERM');
    await pause(200);
    await client.query('ROLLBACK');
    await client.end();
    expect((await answer).status).toBe(401);
    expect(await service.ended).toBe(0);
  });

  it('ends at once on a second SIGINT, together with its database', async () => {
    const service = start();
    await service.ready();
    service.signal('SIGINT');
    service.signal('SIGINT');
    expect([0, 130]).toContain(await service.ended);
  });

  if (asRoot) {
    it('runs as an ordinary user, whose data folder root can use later', async () => {
      const { uid } = ordinaryUser();
      // The shared data folder already belongs to root.
      dataDir = join(folder, 'data-of-a-user');
      const place = join(folder, 'service');
      mkdirSync(place);
      for (const part of ['dist', 'config', 'migrations', 'package.json'])
        cpSync(projectPath(part), join(place, part), { recursive: true });
      spawnSync('ln', ['-s', projectPath('node_modules'), join(place, 'node_modules')]);
      mkdirSync(dataDir);
      chownSync(dataDir, uid, uid);
      const byUser = start({}, { folder: place, uid });
      await byUser.ready();
      byUser.signal('SIGTERM');
      expect(await byUser.ended).toBe(0);
      const byRoot = start();
      await byRoot.ready();
      byRoot.signal('SIGTERM');
      expect(await byRoot.ended).toBe(0);
    });
  }

  /** A user with a name, because initdb needs one. */
  function ordinaryUser(): { uid: number } {
    return { uid: Number(spawnSync('id', ['-u', 'daemon'], { encoding: 'utf8' }).stdout) };
  }
});
