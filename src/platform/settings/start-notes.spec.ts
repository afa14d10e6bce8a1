import { readConfig } from './config.js';
import { startNotes } from './start-notes.js';

const notes = (env: NodeJS.ProcessEnv, ownsTables = false) =>
  startNotes(
    readConfig({ DATA_DIR: '/data', DATABASE_URL: 'postgres://x/y', SECRET_KEY: 'k'.repeat(32), ...env }),
    ownsTables,
  );

test.each([
  [
    'a mail server',
    { SMTP_URL: 'smtp://desk:swordfish@mail.example:587' },
    'Mails go to the mail server mail.example:587 (SMTP_URL).',
  ],
  ['no mail server', {}, 'Mails become files in /data/mailbox and reach nobody (no SMTP_URL is set).'],
  [
    'files although no mail server is set',
    { MAIL: 'files' },
    'Mails become files in /data/mailbox and reach nobody (no SMTP_URL is set).',
  ],
  [
    'files although a mail server is set',
    { MAIL: 'files', SMTP_URL: 'smtp://mail.example' },
    'Mails become files in /data/mailbox and reach nobody (MAIL=files, so SMTP_URL is not used).',
  ],
  ['a hold', { MAIL_HOLD: 'on' }, 'Mails are held (MAIL_HOLD=on): nothing is delivered, and mails wait.'],
  [
    'the public address',
    { PUBLIC_URL: 'https://trm.example/' },
    'Links in mails begin with https://trm.example (PUBLIC_URL).',
  ],
  [
    'a misspelt name',
    { SMPT_URL: 'smtp://mail.example' },
    'SMPT_URL is set, but the service does not read it. Is it SMTP_URL?',
  ],
  [
    'an issuer without effect',
    { OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'trm' },
    'Warning: OIDC_ISSUER is set, but it has no effect in this version.',
  ],
  [
    'a token for metrics without effect',
    { METRICS_TOKEN: 'swordfish' },
    'Warning: METRICS_TOKEN is set, but it has no effect in this version.',
  ],
  [
    'an address for traces without effect',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
    'Warning: OTEL_EXPORTER_OTLP_ENDPOINT is set, but it has no effect in this version.',
  ],
])('the start notes report %s', (_, env, note) => {
  expect(notes(env)).toContain(note);
});

test('the start notes repeat no password and no value of a misspelt variable', () => {
  const env = {
    SMTP_URL: 'smtp://desk:swordfish@mail.example',
    SECRT_KEY: 'swordfish',
    OIDC_CLIENT_SECRET: 'swordfish',
  };
  const text = notes(env).join('\n');
  expect(text).toContain('SECRT_KEY');
  expect(text).not.toContain('swordfish');
});

test('the start notes warn if the service owns its tables', () => {
  expect(notes({}, true).join('\n')).toMatch(/user of DATABASE_URL owns the tables.*DATABASE_OWNER_URL/);
  expect(notes({}).join('\n')).not.toContain('owns the tables');
});
