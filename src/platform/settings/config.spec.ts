import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from './config.js';
import { projectPath } from '../project-root.js';
import { selfSigned } from '../../../test/support/mail-server.js';
import { readServiceRules } from './service-rules.js';

const folder = mkdtempSync(join(tmpdir(), 'trm-config-'));

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const edwardsKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const signing = {
  DKIM_DOMAIN: 'vendor.example',
  DKIM_SELECTOR: 'trm-2026',
  DKIM_KEY_FILE: file('dkim.pem', selfSigned.key),
};

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
  it('has a default for every variable', () => {
    expect(readConfig({ DATA_DIR: folder })).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      clock: { kind: 'system' },
      jobs: true,
      rateLimitPerMinute: 6000,
      httpLimits: { headersMs: 20_000, bodyMs: 60_000, idleMs: 72_000, stopMs: 25_000, connections: 4_000 },
      logLevel: 'info',
      mailFrom: { name: 'TRM', address: 'trm@localhost' },
    });
  });

  it('ignores variables with an empty value', () => {
    expect(readConfig({ DATA_DIR: folder, SMTP_URL: '', PORT: '' })).toMatchObject({ port: 3000, smtpUrl: undefined });
  });

  it('creates a secret key once, in a file that only its owner can read', () => {
    const { secretKey } = readConfig({ DATA_DIR: folder });
    expect(secretKey).toHaveLength(43);
    expect(readConfig({ DATA_DIR: folder }).secretKey).toBe(secretKey);
    expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
  });

  it('reads the previous secret key beside the present one', () => {
    const keys = { SECRET_KEY: 'n'.repeat(32), SECRET_KEY_PREVIOUS: 'o'.repeat(32) };
    expect(readConfig({ DATA_DIR: folder, ...keys })).toMatchObject({
      secretKey: keys.SECRET_KEY,
      previousSecretKey: keys.SECRET_KEY_PREVIOUS,
    });
    expect(problemsOf(() => readConfig({ DATA_DIR: folder, SECRET_KEY_PREVIOUS: 'short' }))).toEqual([
      expect.stringMatching(/^SECRET_KEY_PREVIOUS: must have 32/),
    ]);
  });

  it('reports all errors at once', () => {
    const problems = problemsOf(() =>
      readConfig({
        PORT: 'abc',
        HOST: 'a b',
        JOBS: 'maybe',
        LOG_LEVEL: 'loud',
        CLOCK: 'noon',
        RATE_LIMIT_PER_MINUTE: '-1',
        HTTP_LIMITS: 'body=forever',
        TRUSTED_PROXIES: 'proxy.internal',
      }),
    );
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'HOST',
      'CLOCK',
      'JOBS',
      'RATE_LIMIT_PER_MINUTE',
      'HTTP_LIMITS',
      'TRUSTED_PROXIES',
      'LOG_LEVEL',
    ]);
  });

  it('changes single HTTP limits, and refuses malformed ones', () => {
    const { httpLimits } = readConfig({ DATA_DIR: folder, HTTP_LIMITS: 'body=0.5, stop=10,buffer=2,connections=7' });
    expect(httpLimits).toEqual({
      headersMs: 20_000,
      bodyMs: 500,
      idleMs: 72_000,
      stopMs: 10_000,
      connections: 7,
      bufferedBytes: 2 * 1024 * 1024,
      leastBytesPerSecond: 64 * 1024,
      patienceMs: 60_000,
      spooledBytes: 2 * 1024 ** 3,
    });
    for (const HTTP_LIMITS of ['body', 'body=', 'body=0', 'body=-1', 'body=1;stop=2', 'toString=1', ',']) {
      expect(problemsOf(() => readConfig({ DATA_DIR: folder, HTTP_LIMITS }))).toEqual([
        expect.stringMatching(/^HTTP_LIMITS: must be numbers above 0 for some of headers, body/),
      ]);
    }
  });

  it.each([
    ['a port above 65535', { PORT: '65536' }, 'PORT'],
    ['a fraction as port', { PORT: '80.5' }, 'PORT'],
    ['a database other than PostgreSQL', { DATABASE_URL: 'mysql://x/y', SECRET_KEY: 'k'.repeat(32) }, 'DATABASE_URL'],
    ['a database URL without a secret key', { DATABASE_URL: 'postgres://x/y' }, 'SECRET_KEY'],
    ['a database owner without a database', { DATABASE_OWNER_URL: 'postgres://x/y' }, 'DATABASE_OWNER_URL'],
    ['a replica without a database', { DATABASE_REPLICA_URL: 'postgres://x/y' }, 'DATABASE_REPLICA_URL'],
    ['a short administrator token', { ADMIN_TOKEN: 'x'.repeat(31) }, 'ADMIN_TOKEN'],
    ['a token outside the characters of a header', { ADMIN_TOKEN: 'あ'.repeat(40) }, 'ADMIN_TOKEN'],
    ['a short secret key', { SECRET_KEY: 'x'.repeat(31) }, 'SECRET_KEY'],
    [
      'a simulated time in production',
      { CLOCK: 'simulated:2026-04-01T00:00:00Z', NODE_ENV: 'production', MAIL: 'files' },
      'CLOCK',
    ],
    ['production without a mail server', { NODE_ENV: 'production' }, 'SMTP_URL'],
    ['MAIL=smtp without a mail server', { MAIL: 'smtp' }, 'SMTP_URL'],
    ['an unknown value of MAIL', { MAIL: 'file' }, 'MAIL'],
    ['an unknown value of MAIL_HOLD', { MAIL_HOLD: 'yes' }, 'MAIL_HOLD'],
    ['a day that does not exist', { CLOCK: 'simulated:2026-02-30T00:00:00Z' }, 'CLOCK'],
    ['a time without a zone', { CLOCK: 'simulated:2026-02-03T00:00:00' }, 'CLOCK'],
    ['a mail server with an http URL', { SMTP_URL: 'http://mail' }, 'SMTP_URL'],
    ['a mail server with settings in its URL', { SMTP_URL: 'smtp://mail?tls.rejectUnauthorized=false' }, 'SMTP_URL'],
    ['a mail server with a user and no password', { SMTP_URL: 'smtp://desk@mail' }, 'SMTP_URL'],
    ['a mail server with a malformed %', { SMTP_URL: 'smtp://desk:50%@mail' }, 'SMTP_URL'],
    ['a certificate without a mail server', { SMTP_CA_FILE: file('ca.pem', selfSigned.cert) }, 'SMTP_CA_FILE'],
    [
      'a certificate file without a certificate',
      { SMTP_URL: 'smtp://mail', SMTP_CA_FILE: file('no.pem', 'no') },
      'SMTP_CA_FILE',
    ],
    [
      'a certificate file that does not exist',
      { SMTP_URL: 'smtp://mail', SMTP_CA_FILE: join(folder, 'none') },
      'SMTP_CA_FILE',
    ],
    ['a sender without an address', { MAIL_FROM: 'somebody' }, 'MAIL_FROM'],
    ['an operator address with a name', { OPERATOR_EMAIL: 'Ops <ops@example.com>' }, 'OPERATOR_EMAIL'],
    ['an incomplete DKIM setting', { DKIM_DOMAIN: 'example.com', DKIM_SELECTOR: 'trm' }, 'DKIM_KEY_FILE'],
    ['a malformed DKIM domain', { ...signing, DKIM_DOMAIN: 'exa mple' }, 'DKIM_DOMAIN'],
    [
      'a DKIM key file without a private key',
      { ...signing, DKIM_KEY_FILE: file('no-key.pem', selfSigned.cert) },
      'DKIM_KEY_FILE',
    ],
    ['a DKIM key other than RSA', { ...signing, DKIM_KEY_FILE: file('ed.pem', edwardsKey()) }, 'DKIM_KEY_FILE'],
    ['a public URL with a query', { PUBLIC_URL: 'https://trm.example.com/?x' }, 'PUBLIC_URL'],
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
      'a simulated clock',
      { CLOCK: 'simulated:2026-04-01T09:00:00+09:00' },
      { clock: { kind: 'simulated', startsAt: new Date('2026-04-01T00:00:00Z') } },
    ],
    [
      'a sender with a quoted name',
      { MAIL_FROM: '"Techno Vendor" <trm@example.com>' },
      { mailFrom: { name: 'Techno Vendor', address: 'trm@example.com' } },
    ],
    [
      'a sender whose quoted name contains quotes, a comma and angle brackets',
      { MAIL_FROM: '"Techno \\"TRM\\" Vendor, Inc. <Japan>" <trm@example.com>' },
      { mailFrom: { name: 'Techno "TRM" Vendor, Inc. <Japan>', address: 'trm@example.com' } },
    ],
    [
      'a sender with a Japanese name',
      { MAIL_FROM: '株式会社テクノ <trm@example.com>' },
      { mailFrom: { name: '株式会社テクノ', address: 'trm@example.com' } },
    ],
    [
      'a sender with a name',
      { MAIL_FROM: 'TRM desk <trm@example.com>' },
      { mailFrom: { name: 'TRM desk', address: 'trm@example.com' } },
    ],
    [
      'an issuer on this machine',
      { OIDC_ISSUER: 'http://127.0.0.1:9000', OIDC_AUDIENCE: 'trm' },
      { withoutEffect: ['OIDC_ISSUER', 'OIDC_AUDIENCE'] },
    ],
    ['an operator address', { OPERATOR_EMAIL: 'ops@example.com' }, { operatorEmail: 'ops@example.com' }],
    [
      'the sender as the operator if no operator is set',
      { MAIL_FROM: 'TRM <trm@example.com>' },
      { operatorEmail: 'trm@example.com' },
    ],
    [
      'a complete DKIM setting',
      signing,
      { dkim: { domain: 'vendor.example', selector: 'trm-2026', privateKey: selfSigned.key } },
    ],
    [
      'a certificate for the mail server',
      { SMTP_URL: 'smtps://a%40b:c@mail', SMTP_CA_FILE: file('ca.pem', selfSigned.cert) },
      { smtpUrl: 'smtps://a%40b:c@mail', smtpCa: selfSigned.cert },
    ],
    [
      'a public URL with a slash at the end',
      { PUBLIC_URL: 'https://trm.example.com/' },
      { publicUrl: 'https://trm.example.com' },
    ],
    ['no mail setting, and writes mails to files', {}, { mail: 'files', mailHold: false }],
    ['a mail server', { SMTP_URL: 'smtp://mail' }, { mail: 'smtp' }],
    [
      'MAIL=files beside a mail server',
      { MAIL: 'files', SMTP_URL: 'smtp://mail' },
      { mail: 'files', smtpUrl: 'smtp://mail' },
    ],
    ['MAIL=files in production', { MAIL: 'files', NODE_ENV: 'production' }, { mail: 'files' }],
    ['a mail server in production', { SMTP_URL: 'smtp://mail', NODE_ENV: 'production' }, { mail: 'smtp' }],
    ['the MAIL variable of a login shell as no setting', { MAIL: '/var/mail/trm' }, { mail: 'files' }],
    ['a hold of mails', { MAIL_HOLD: 'on' }, { mailHold: true }],
    ['an instance without jobs', { JOBS: 'off' }, { jobs: false }],
  ])('accepts %s', (_, env, expected) => {
    expect(readConfig({ DATA_DIR: folder, ...env })).toMatchObject(expected);
  });

  it('names the misspelt variable if production has no mail server', () => {
    const env = { DATA_DIR: folder, NODE_ENV: 'production', SMPT_URL: 'smtp://mail', MAIL: '/var/mail/trm' };
    const problems = problemsOf(() => readConfig(env));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^SMTP_URL: is required .* SMPT_URL is set, but not read\. .*MAIL=files/);
  });

  it('repeats no secret in an error', () => {
    const problems = problemsOf(() =>
      readConfig({ DATABASE_URL: 'mysql://me:swordfish@x/y', ADMIN_TOKEN: 'swordfish' }),
    );
    expect(problems.join()).not.toContain('swordfish');
  });

  it('reads only variables that .env.example shows', () => {
    const example = readFileSync(projectPath('config', '.env.example'), 'utf8');
    const read = [...readFileSync(join(__dirname, 'config.ts'), 'utf8').matchAll(/read\('([A-Z_]+)'/g)].map(
      ([, name]) => name,
    );
    expect(read.filter((name) => !example.includes(`#${name}=`))).toEqual([]);
  });
});

describe('readServiceRules', () => {
  it('reads config/service.yaml', () => {
    expect(readServiceRules(projectPath('config', 'service.yaml'))).toEqual({
      reminderDays: [90, 75, 67, 60],
      noticeDays: 60,
      lateEntryDays: 10,
      consultantDayMinutes: 1440,
      paceTolerancePercent: 10,
      forecastDays: 90,
      usageAlertPercents: [50, 80, 100],
      customerAlertPercent: 80,
      behindAlertMonths: 2,
      expiryAlertDays: 90,
      noticeNearDays: 30,
      noEntryDays: 21,
      behindPlanMonths: 1,
      plannedSessionGraceDays: 3,
      lateEntryClosingDays: 3,
      houseTimeZone: 'Asia/Tokyo',
      fiscalYearStartMonth: 4,
      reportAttachmentMegabytes: 5,
      reportLinkDays: 14,
    });
  });

  it('reports all errors at once', () => {
    const file = join(folder, 'service.yaml');
    writeFileSync(
      file,
      'reminderDays: [60, 90]\nnoticeDays: soon\nlateEntryDays: 10\nconsultantDayMinutes: 1440\nforecastDays: 90\ncolour: red\nusageAlertPercents: [50, 80, 80]\n',
    );
    const problems = problemsOf(() => readServiceRules(file));
    expect(problems.map((problem) => problem.slice(file.length + 2).split(':')[0])).toEqual([
      'colour',
      'noticeDays',
      'paceTolerancePercent',
      'customerAlertPercent',
      'behindAlertMonths',
      'expiryAlertDays',
      'noticeNearDays',
      'noEntryDays',
      'behindPlanMonths',
      'plannedSessionGraceDays',
      'lateEntryClosingDays',
      'fiscalYearStartMonth',
      'reportAttachmentMegabytes',
      'reportLinkDays',
      'reminderDays',
      'usageAlertPercents',
      'houseTimeZone',
    ]);
  });

  it.each(['0', '13', '4.5', '"4"', 'April'])(
    'accepts the months 1 to 12 as the first of a fiscal year, and refuses %s',
    (month) => {
      const file = join(folder, 'fiscal-year.yaml');
      const original = readFileSync(projectPath('config', 'service.yaml'), 'utf8');
      const withStart = (start: string) =>
        original.replace(/^fiscalYearStartMonth: .*$/m, `fiscalYearStartMonth: ${start}`);
      writeFileSync(file, withStart('12'));
      expect(readServiceRules(file).fiscalYearStartMonth).toBe(12);
      writeFileSync(file, withStart(month));
      expect(problemsOf(() => readServiceRules(file))).toEqual([
        `${file}: fiscalYearStartMonth: must be a whole number from 1 to 12`,
      ]);
    },
  );

  it.each([
    ['broken YAML', 'a: [broken'],
    ['a missing file', undefined],
  ])('reports %s', (name, content) => {
    const file = join(folder, `${name}.yaml`);
    if (content !== undefined) writeFileSync(file, content);
    expect(problemsOf(() => readServiceRules(file))).toHaveLength(1);
  });
});
