import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from './config.js';
import { projectPath } from './project-root.js';
import { readServiceRules } from './service-rules.js';

const folder = mkdtempSync(join(tmpdir(), 'trm-config-'));

afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({ DATA_DIR: folder })).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      clock: { kind: 'system' },
      jobs: true,
      rateLimitPerMinute: 6000,
      logLevel: 'info',
      mailFrom: { name: 'TRM', address: 'trm@localhost' },
    });
  });

  it('takes what is set to nothing for not set', () => {
    expect(readConfig({ DATA_DIR: folder, SMTP_URL: '', PORT: '' })).toMatchObject({ port: 3000, smtpUrl: undefined });
  });

  it('makes a secret key once, for its owner alone', () => {
    const { secretKey } = readConfig({ DATA_DIR: folder });
    expect(secretKey).toHaveLength(43);
    expect(readConfig({ DATA_DIR: folder }).secretKey).toBe(secretKey);
    expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
  });

  it('reports everything that is wrong at once', () => {
    const problems = problemsOf(() =>
      readConfig({
        PORT: 'abc',
        HOST: 'a b',
        JOBS: 'maybe',
        LOG_LEVEL: 'loud',
        CLOCK: 'noon',
        RATE_LIMIT_PER_MINUTE: '-1',
      }),
    );
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'HOST',
      'CLOCK',
      'JOBS',
      'RATE_LIMIT_PER_MINUTE',
      'LOG_LEVEL',
    ]);
  });

  it.each([
    ['a port that is none', { PORT: '65536' }, 'PORT'],
    ['a fraction', { PORT: '80.5' }, 'PORT'],
    ['a database of another kind', { DATABASE_URL: 'mysql://x/y', SECRET_KEY: 'k'.repeat(32) }, 'DATABASE_URL'],
    ['a database without the secret that its instances share', { DATABASE_URL: 'postgres://x/y' }, 'SECRET_KEY'],
    ['a replica of nothing', { DATABASE_REPLICA_URL: 'postgres://x/y' }, 'DATABASE_REPLICA_URL'],
    ['a short administrator’s token', { ADMIN_TOKEN: 'x'.repeat(31) }, 'ADMIN_TOKEN'],
    ['a token that no header can carry', { ADMIN_TOKEN: 'あ'.repeat(40) }, 'ADMIN_TOKEN'],
    ['a short secret', { SECRET_KEY: 'x'.repeat(31) }, 'SECRET_KEY'],
    ['a simulated time in production', { CLOCK: 'simulated:2026-04-01T00:00:00Z', NODE_ENV: 'production' }, 'CLOCK'],
    ['a day that does not exist', { CLOCK: 'simulated:2026-02-30T00:00:00Z' }, 'CLOCK'],
    ['a time without its zone', { CLOCK: 'simulated:2026-02-03T00:00:00' }, 'CLOCK'],
    ['a mail server that is none', { SMTP_URL: 'http://mail' }, 'SMTP_URL'],
    ['a sender that is none', { MAIL_FROM: 'somebody' }, 'MAIL_FROM'],
    ['a page with a query', { PUBLIC_URL: 'https://trm.example.com/?x' }, 'PUBLIC_URL'],
    ['an issuer without an audience', { OIDC_ISSUER: 'https://id.example.com' }, 'OIDC_AUDIENCE'],
    ['an issuer over plain http', { OIDC_ISSUER: 'http://id.example.com', OIDC_AUDIENCE: 'trm' }, 'OIDC_ISSUER'],
  ])('refuses %s', (_, env, name) => {
    const problems = problemsOf(() => readConfig({ DATA_DIR: folder, ...env }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: `));
  });

  it.each([
    ['any free port', { PORT: '0' }, { port: 0 }],
    [
      'a clock that stands',
      { CLOCK: 'simulated:2026-04-01T09:00:00+09:00' },
      { clock: { kind: 'simulated', startsAt: new Date('2026-04-01T00:00:00Z') } },
    ],
    [
      'a sender with a name',
      { MAIL_FROM: 'TRM desk <trm@example.com>' },
      { mailFrom: { name: 'TRM desk', address: 'trm@example.com' } },
    ],
    [
      'an issuer on this machine',
      { OIDC_ISSUER: 'http://127.0.0.1:9000', OIDC_AUDIENCE: 'trm' },
      { oidc: { issuer: 'http://127.0.0.1:9000', audience: 'trm' } },
    ],
    ['an address with a slash', { PUBLIC_URL: 'https://trm.example.com/' }, { publicUrl: 'https://trm.example.com' }],
    ['an instance without jobs', { JOBS: 'off' }, { jobs: false }],
  ])('takes %s', (_, env, expected) => {
    expect(readConfig({ DATA_DIR: folder, ...env })).toMatchObject(expected);
  });

  it('never repeats a secret in a message', () => {
    const problems = problemsOf(() =>
      readConfig({ DATABASE_URL: 'mysql://me:swordfish@x/y', ADMIN_TOKEN: 'swordfish' }),
    );
    expect(problems.join()).not.toContain('swordfish');
  });

  it('has an example of every variable', () => {
    const example = readFileSync(projectPath('config', '.env.example'), 'utf8');
    const read = [...readFileSync(join(__dirname, 'config.ts'), 'utf8').matchAll(/read\('([A-Z_]+)'/g)].map(
      ([, name]) => name,
    );
    expect(read.filter((name) => !example.includes(`#${name}=`))).toEqual([]);
  });
});

describe('readServiceRules', () => {
  it('reads the file of the house', () => {
    expect(readServiceRules(projectPath('config', 'service.yaml'))).toEqual({
      reminderDays: [90, 75, 67, 60],
      noticeDays: 60,
      lateEntryDays: 10,
      consultantDayMinutes: 1440,
      paceTolerancePercent: 10,
      forecastDays: 90,
    });
  });

  it('reports everything that is wrong at once', () => {
    const file = join(folder, 'service.yaml');
    writeFileSync(
      file,
      'reminderDays: [60, 90]\nnoticeDays: soon\nlateEntryDays: 10\nconsultantDayMinutes: 1440\nforecastDays: 90\ncolour: red\n',
    );
    const problems = problemsOf(() => readServiceRules(file));
    expect(problems.map((problem) => problem.slice(file.length + 2).split(':')[0])).toEqual([
      'colour',
      'noticeDays',
      'paceTolerancePercent',
      'reminderDays',
    ]);
  });

  it.each([
    ['- a list', 'a: [broken'],
    ['no file', undefined],
  ])('reports %s', (name, content) => {
    const file = join(folder, `${name}.yaml`);
    if (content !== undefined) writeFileSync(file, content);
    expect(problemsOf(() => readServiceRules(file))).toHaveLength(1);
  });
});
