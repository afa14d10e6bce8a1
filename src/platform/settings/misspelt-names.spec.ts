import { readConfig } from './config.js';
import { misspeltNames } from './misspelt-names.js';

const misspelt = (...names: string[]) =>
  readConfig({
    DATABASE_URL: 'postgres://x/y',
    SECRET_KEY: 'k'.repeat(32),
    ...Object.fromEntries(names.map((name) => [name, 'x'])),
  }).misspelt;

describe('the check for misspelt variables', () => {
  it.each([
    ['SMPT_URL', 'SMTP_URL'],
    ['SMTP_URI', 'SMTP_URL'],
    ['SMTPURL', 'SMTP_URL'],
    ['smtp_url', 'SMTP_URL'],
    ['TRM_SMTP_URL', 'SMTP_URL'],
    ['MIAL', 'MAIL'],
    ['MAILFROM', 'MAIL_FROM'],
    ['MAIL_HOLDS', 'MAIL_HOLD'],
    ['PUBLIC_ULR', 'PUBLIC_URL'],
    ['PUBLICURI', 'PUBLIC_URL'],
    ['DATABSE_ULR', 'DATABASE_URL'],
    ['OPERATOR_MAIL', 'OPERATOR_EMAIL'],
    ['SECRTE_KEY', 'SECRET_KEY'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['PROT', 'PORT'],
    ['NODE_ENVV', 'NODE_ENV'],
  ])('takes %s for a misspelt %s', (name, meant) => {
    expect(misspelt(name)).toEqual([{ name, meant }]);
  });

  it.each([
    ...['PATH', 'HOME', 'PWD', 'OLDPWD', 'USER', 'LOGNAME', 'SHELL', 'SHLVL', 'TERM', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'],
    ...['EDITOR', 'HOSTNAME', 'HOSTS', 'HOSTTYPE', 'MAILTO', 'MAILPATH', 'MAILCHECK', 'MAIL_HOST', 'MAIL_PORT'],
    ...['PORTS', 'POST', 'JOB', 'JOB_ID', 'BLOCK', 'CLOCKS', 'XDG_DATA_DIRS', 'PGHOST', 'PGPORT', 'PGDATA'],
    ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_VERSION', 'npm_config_cache', 'npm_lifecycle_event', 'CI', 'DEBUG'],
    ...['HTTP_PROXY', 'NO_PROXY', 'SSH_AUTH_SOCK', 'DISPLAY', 'POSTGRES_PASSWORD', 'TRM_TOKEN', 'KUBERNETES_PORT'],
    ...['API_URL', 'FTP_URL', 'HTTP_URL', 'BASE_URL', 'AWS_SECRET_KEY', 'GITHUB_TOKEN', 'DATABASE_NAME', 'SMTP_HOST'],
  ])('accepts %s', (name) => {
    expect(misspelt(name)).toEqual([]);
  });

  it('accepts the variables that the service reads', () => {
    const known = new Set(['SMTP_URL', 'MAIL_FROM']);
    expect(misspeltNames([...known], known)).toEqual([]);
  });
});
