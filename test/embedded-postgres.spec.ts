import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { isAlive, startOf } from '../src/platform/embedded-postgres/processes.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/platform/embedded-postgres/start.js';

const asRoot = process.getuid?.() === 0;

jest.setTimeout(120_000);

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trm-embedded-'));
    chmodSync(folder, 0o755);
    dataDir = join(folder, 'data');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir, fsync: false });

  async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function onRunning(sql: string): Promise<Record<string, unknown>[]> {
    const postgres = await start();
    try {
      return await query(postgres.ownerUrl, sql);
    } finally {
      await postgres.stop();
    }
  }

  it('keeps its data, handles letters of all languages, and requires the password', async () => {
    const postgres = await start();
    await query(postgres.ownerUrl, `CREATE TABLE kept AS SELECT lower('ÀÉ 契約') AS text`);
    await expect(query(postgres.ownerUrl.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
    await postgres.stop();
    expect(await onRunning('SELECT text FROM kept')).toEqual([{ text: 'àé 契約' }]);
    expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
  });

  it('lets only one service at a time use a data folder', async () => {
    const postgres = await start();
    await expect(start()).rejects.toThrow(`Another service (process ${process.pid}) uses ${dataDir}`);
    await postgres.stop();
    await (await start()).stop();
  });

  it('starts only one of several services that begin at the same time', async () => {
    const results = await Promise.allSettled([start(), start(), start()]);
    const started = results.filter((result) => result.status === 'fulfilled');
    expect(started).toHaveLength(1);
    await started[0]!.value.stop();
  });

  it('starts despite the files that a crash left behind', async () => {
    await onRunning('SELECT 1');
    // Both files name a living process that is neither the service nor the server.
    writeFileSync(join(dataDir, 'service.lock'), '1 before-this-boot\n');
    writeFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), '1\n/elsewhere\n');
    mkdirSync(join(dataDir, 'postgres', 'data.new'));
    expect(await onRunning('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts although a killed service is still listed, because its parent has not collected its exit code', async () => {
    await onRunning('SELECT 1');
    // The shell replaces itself with a program that never collects its dead child.
    const parent = spawn('/bin/sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
      const killed = Number(printed.toString());
      writeFileSync(join(dataDir, 'service.lock'), `${killed} ${startOf(killed)}\n`);
      writeFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), `${killed}\n`);
      await expect(start()).rejects.toThrow(`Another service (process ${killed})`);
      process.kill(killed, 'SIGKILL');
      while (isAlive(killed)) await pause(10);
      // The dead process is still listed, so its number is not free.
      expect(process.kill(killed, 0)).toBe(true);
      expect(await onRunning('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('starts although another process has the number of an ended service', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'service.lock'), `${process.pid} ${Number(startOf(process.pid)) - 1}\n`);
    expect(await onRunning('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('reports a server that ends by itself', async () => {
    const crashed = new Promise<string>((onCrash) => {
      void startEmbeddedPostgres({ dataDir, fsync: false, onCrash }).then(() => {
        const [pid] = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
        process.kill(Number(pid), 'SIGINT');
      });
    });
    expect(await crashed).toContain('shutting down');
  });

  if (asRoot) {
    describe('for root', () => {
      it('runs as the user nobody', async () => {
        await onRunning('SELECT 1');
        expect(statSync(join(dataDir, 'postgres')).uid).toBe(65_534);
      });

      it('stores the data where the server can reach it, reports the place, and finds it again', async () => {
        chmodSync(folder, 0o700);
        const messages: string[] = [];
        const postgres = await startEmbeddedPostgres({
          dataDir,
          fsync: false,
          tell: (message) => messages.push(message),
        });
        await query(postgres.ownerUrl, 'CREATE TABLE kept ()');
        await postgres.stop();
        const place = readFileSync(join(dataDir, 'postgres.location'), 'utf8').trim();
        expect(messages).toEqual([expect.stringContaining(place)]);
        expect(existsSync(join(place, 'data', 'PG_VERSION'))).toBe(true);
        chmodSync(folder, 0o755);
        expect(await onRunning('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
        rmSync(place, { recursive: true });
      });

      it('runs as the ordinary user who owns the data', async () => {
        await onRunning('CREATE TABLE kept ()');
        spawnSync('chown', ['-R', '1:1', dataDir]);
        expect(await onRunning('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
        expect(statSync(join(dataDir, 'postgres', 'data')).uid).toBe(1);
      });
    });
  }

  it('says how to correct a folder that belongs to another user', async () => {
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    // Root can write to any folder, so for root the folder belongs to root.
    if (asRoot) chownSync(join(dataDir, 'postgres'), 0, 0);
    else chmodSync(dataDir, 0o500);
    await expect(start()).rejects.toThrow('chown -R');
    chmodSync(dataDir, 0o700);
  });
});
