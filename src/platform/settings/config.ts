import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseInstant } from '../../domain/calendar.js';
import { readTrustedProxies } from '../client-address.js';
import { defaultHttpLimits, readHttpLimits, type HttpLimits } from './http-limits.js';
import { misspeltNames, type MisspeltName } from './misspelt-names.js';
import { keptSecretKey } from './secret-key.js';
import { exitCodeOfSettings, StartError } from './start-error.js';

/** The checked settings from the environment, made once by `readConfig`. It is a class so that Nest can inject it. */
export abstract class Config {
  abstract readonly port: number;
  abstract readonly host: string;
  /** Absent: the embedded PostgreSQL in `dataDir`. */
  abstract readonly databaseUrl?: string;
  /** For the user that owns the tables and migrates. Absent: the user of `databaseUrl` owns them. */
  abstract readonly databaseOwnerUrl?: string;
  abstract readonly databaseReplicaUrl?: string;
  /** An absolute path. */
  abstract readonly dataDir: string;
  /** `smtp`: mails go to the server at `smtpUrl`. `files`: they become files in `dataDir`/mailbox and do not count as delivered. */
  abstract readonly mail: 'smtp' | 'files';
  /** Whether this instance holds all mails. */
  abstract readonly mailHold: boolean;
  /** Present if `mail` is `smtp`. Not used if `mail` is `files`. */
  abstract readonly smtpUrl?: string;
  /** PEM: certificates of the mail server to trust, besides those of known authorities. */
  abstract readonly smtpCa?: string;
  abstract readonly smtpLimits: SmtpLimits;
  abstract readonly mailFrom: { readonly name: string; readonly address: string };
  /** The recipient of mails to the operator. */
  abstract readonly operatorEmail: string;
  /** Absent: mails are not signed. */
  abstract readonly dkim?: Dkim;
  /** Without a trailing slash. */
  abstract readonly publicUrl: string;
  abstract readonly adminToken?: string;
  abstract readonly secretKey: string;
  /** The key before the last change. Links signed with it remain valid. */
  abstract readonly previousSecretKey?: string;
  abstract readonly clock: ClockSetting;
  /** Whether this instance runs scheduled jobs. */
  abstract readonly jobs: boolean;
  /** Requests per minute of each user. An address without a valid token gets a tenth of it. 0: no limit. */
  abstract readonly rateLimitPerMinute: number;
  abstract readonly httpLimits: HttpLimits;
  /** Proxies whose `X-Forwarded-For` is trusted. */
  abstract readonly trustedProxies: BlockList;
  abstract readonly logLevel: LogLevel;
  /** Variables that are set and checked, but have no effect in this version. */
  abstract readonly withoutEffect: readonly string[];
  /** Variables that are set but not read, and look like misspelt ones. */
  abstract readonly misspelt: readonly MisspeltName[];
}

/** Time limits for a mail server, in milliseconds. After them the service closes the connection. */
export interface SmtpLimits {
  /** For connecting, greeting, encryption and login. */
  readonly connectMs: number;
  /** For one message, from MAIL FROM to the last reply. */
  readonly messageMs: number;
}

/** Not configurable. The largest attached report (5 MB) needs one megabit a second. */
export const smtpLimits: SmtpLimits = { connectMs: 20_000, messageMs: 60_000 };

/** The DKIM signature of mails. The public key is in the DNS at `selector`._domainkey.`domain`. */
export interface Dkim {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

export type ClockSetting =
  | { readonly kind: 'system' }
  | {
      readonly kind: 'simulated';
      /** The clock starts here, unless the database has stored a later moment. */ readonly startsAt: Date;
    };

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** All errors in the settings, one per line. The process ends with exit code 78. */
export class ConfigError extends StartError {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, exitCodeOfSettings);
  }
}

/**
 * Reads the environment; no other code of the service does. An empty variable counts as not set, because compose files set variables
 * this way.
 * @throws ConfigError with all wrong values at once
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const known = new Set(['NODE_ENV']);

  /** The value of a variable; undefined if it is not set or wrong. A wrong value is added to `problems`. */
  function read<T>(name: string, reader: (text: string) => T): T | undefined {
    known.add(name);
    const text = env[name];
    if (text === undefined || text === '') return undefined;
    try {
      return reader(text);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  }
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';

  const port = read('PORT', wholeNumber(0, 65_535)) ?? 3000;
  const host = read('HOST', hostName) ?? '127.0.0.1';
  const databaseUrl = read('DATABASE_URL', url('postgres:', 'postgresql:'));
  const databaseOwnerUrl = read('DATABASE_OWNER_URL', url('postgres:', 'postgresql:'));
  const databaseReplicaUrl = read('DATABASE_REPLICA_URL', url('postgres:', 'postgresql:'));
  const dataDir = resolve(read('DATA_DIR', path) ?? '.data');
  const wantedMail = read('MAIL', mailSetting);
  const mailHold = read('MAIL_HOLD', oneOf('on', 'off')) ?? 'off';
  const smtpUrl = read('SMTP_URL', mailServerUrl);
  const smtpCa = read('SMTP_CA_FILE', fileWith(certificate));
  const mailFrom = read('MAIL_FROM', mailAddress) ?? { name: 'TRM', address: 'trm@localhost' };
  const operatorEmail = read('OPERATOR_EMAIL', bareAddress) ?? mailFrom.address;
  const dkimDomain = read('DKIM_DOMAIN', domainName);
  const dkimSelector = read('DKIM_SELECTOR', domainName);
  const dkimKey = read('DKIM_KEY_FILE', fileWith(signingKey));
  const publicUrl = read('PUBLIC_URL', pageUrl) ?? `http://localhost:${port}`;
  const adminToken = read('ADMIN_TOKEN', secret(32));
  const givenSecretKey = read('SECRET_KEY', secret(32));
  const previousSecretKey = read('SECRET_KEY_PREVIOUS', secret(32));
  const clock = read('CLOCK', clockSetting) ?? { kind: 'system' };
  const jobs = read('JOBS', oneOf('on', 'off')) ?? 'on';
  const rateLimitPerMinute = read('RATE_LIMIT_PER_MINUTE', wholeNumber(0, 10_000_000)) ?? 6000;
  const httpLimits = read('HTTP_LIMITS', readHttpLimits) ?? defaultHttpLimits;
  const trustedProxies = read('TRUSTED_PROXIES', readTrustedProxies) ?? new BlockList();
  const logLevel = read('LOG_LEVEL', oneOf(...logLevels)) ?? 'info';
  Object.entries(reserved).forEach(([name, reader]) => read(name, reader));
  const withoutEffect = Object.keys(reserved).filter(isSet);
  const production = env.NODE_ENV === 'production';
  const set = Object.keys(env).filter(isSet);
  const misspelt = misspeltNames(set, known);

  if (clock.kind === 'simulated' && production)
    problems.push('CLOCK: time is not simulated where NODE_ENV is production');
  if (isSet('DATABASE_URL') && !isSet('SECRET_KEY')) {
    problems.push('SECRET_KEY: is required with DATABASE_URL, as all instances on one database must share it');
  }
  for (const name of ['DATABASE_OWNER_URL', 'DATABASE_REPLICA_URL']) {
    if (isSet(name) && !isSet('DATABASE_URL')) problems.push(`${name}: is of no use without DATABASE_URL`);
  }
  if (isSet('OIDC_ISSUER') !== isSet('OIDC_AUDIENCE')) {
    problems.push(
      `${isSet('OIDC_ISSUER') ? 'OIDC_AUDIENCE' : 'OIDC_ISSUER'}: OIDC_ISSUER and OIDC_AUDIENCE go together`,
    );
  }
  if (!isSet('SMTP_URL') && wantedMail === 'smtp') problems.push('SMTP_URL: is required with MAIL=smtp');
  if (!isSet('SMTP_URL') && wantedMail === undefined && production) {
    const similar = misspelt
      .filter(({ meant }) => meant === 'SMTP_URL')
      .map(({ name }) => `${name} is set, but not read. `);
    problems.push(
      `SMTP_URL: is required where NODE_ENV is production. ${similar.join('')}Without a mail server, set MAIL=files: mails then become files and reach nobody`,
    );
  }
  if (isSet('SMTP_CA_FILE') && !isSet('SMTP_URL')) problems.push('SMTP_CA_FILE: is of no use without SMTP_URL');
  const dkimNames = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'];
  const dkimMissing = dkimNames.filter((name) => !isSet(name));
  if (dkimMissing.length === 1 || dkimMissing.length === 2) {
    problems.push(`${dkimMissing[0]!}: ${dkimNames.slice(0, -1).join(', ')} and ${dkimNames.at(-1)!} go together`);
  }
  if (problems.length > 0) throw new ConfigError(problems);

  return {
    port,
    host,
    databaseUrl,
    databaseOwnerUrl,
    databaseReplicaUrl,
    dataDir,
    mail: wantedMail ?? (smtpUrl === undefined ? 'files' : 'smtp'),
    mailHold: mailHold === 'on',
    smtpUrl,
    smtpCa,
    smtpLimits,
    mailFrom,
    operatorEmail,
    dkim:
      dkimDomain && dkimSelector && dkimKey
        ? { domain: dkimDomain, selector: dkimSelector, privateKey: dkimKey }
        : undefined,
    publicUrl,
    adminToken,
    secretKey: givenSecretKey ?? secretKeyIn(dataDir),
    previousSecretKey,
    clock,
    jobs: jobs === 'on',
    rateLimitPerMinute,
    httpLimits,
    trustedProxies,
    logLevel,
    withoutEffect,
    misspelt,
  };
}

function secretKeyIn(dataDir: string): string {
  try {
    return keptSecretKey(dataDir);
  } catch (error) {
    throw new ConfigError([`DATA_DIR: ${(error as Error).message}`]);
  }
}

const wholeNumber = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text) || number < least || number > most) {
    throw new Error(`must be a whole number from ${least} to ${most}, not ${quoted(text)}`);
  }
  return number;
};

const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (text: string): T => {
    const found = allowed.find((value) => value === text);
    if (found === undefined) throw new Error(`must be one of ${allowed.join(', ')}, not ${quoted(text)}`);
    return found;
  };

/** The message does not repeat the value, because a URL may contain a password. */
const url =
  (...protocols: string[]) =>
  (text: string): string => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol) || new URL(text).hostname === '') {
      throw new Error(
        `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')} and names a host`,
      );
    }
    return text;
  };

/** Undefined for a path: login shells set MAIL to the path of the user's mailbox, which does not concern this service. */
function mailSetting(text: string): Config['mail'] | undefined {
  return text.startsWith('/') ? undefined : oneOf('smtp', 'files')(text);
}

/** A query is not allowed, because its settings could disable the protection of the connection. */
function mailServerUrl(text: string): string {
  const { username, password, search, hash } = new URL(url('smtp:', 'smtps:')(text));
  if (search !== '' || hash !== '') throw new Error('must be a URL without ? and #');
  if ((username === '') !== (password === '')) throw new Error('must contain both a user and a password, or neither');
  try {
    decodeURIComponent(username + password);
  } catch {
    throw new Error('must have a % in its user or password written as %25');
  }
  return text;
}

function pageUrl(text: string): string {
  const { search, hash } = new URL(url('http:', 'https:')(text));
  if (search !== '' || hash !== '') throw new Error('must be a URL without ? and #');
  return text.replace(/\/+$/, '');
}

function issuerUrl(text: string): string {
  const { protocol, hostname } = new URL(url('http:', 'https:')(text));
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    throw new Error(
      'must be https, as the keys that are fetched from it decide who is let in (http only on this machine)',
    );
  }
  return text;
}

function hostName(text: string): string {
  if (isIP(text) === 0 && !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text)) {
    throw new Error(`must be an address or a host name, not ${quoted(text)}`);
  }
  return text;
}

function path(text: string): string {
  if (text.includes('\0')) throw new Error('must be a path');
  return text;
}

function mailAddress(text: string): Config['mailFrom'] {
  const named = /^((?:"(?:[^"\\\r\n]|\\[^\r\n])*"|[^"<>@\r\n])*)<([^\s<>@"]+@[^\s<>@"]+)>$/.exec(text);
  const address = named?.[2] ?? text;
  if (!/^[^\s<>@"]+@[^\s<>@"]+$/.test(address)) {
    throw new Error(`must be an address, or a name and <address>, not ${quoted(text)}`);
  }
  return { name: unquoted(named?.[1] ?? '').trim() || 'TRM', address };
}

/** The display name without the quotes of RFC 5322: `"Vendor, Inc."` becomes Vendor, Inc. */
function unquoted(name: string): string {
  return name.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inside: string) => inside.replace(/\\(.)/g, '$1'));
}

function bareAddress(text: string): string {
  if (!/^[^\s<>@,;"]+@[^\s<>@,;"]+$/.test(text)) throw new Error(`must be an address alone, not ${quoted(text)}`);
  return text;
}

function domainName(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(text)) {
    throw new Error(`must be a name of letters, digits, hyphens and dots, not ${quoted(text)}`);
  }
  return text;
}

/** The checked text of a file. Error messages do not repeat it. */
const fileWith =
  (check: (text: string) => void) =>
  (name: string): string => {
    let text: string;
    try {
      text = readFileSync(path(name), 'utf8');
    } catch (error) {
      throw new Error(`must be a file that can be read (${(error as NodeJS.ErrnoException).code ?? 'no path'})`, {
        cause: error,
      });
    }
    check(text);
    return text;
  };

/** Receivers ignore signatures with shorter keys (RFC 8301). */
const leastBitsOfKey = 1024;

function signingKey(text: string): void {
  const bits = rsaBits(text);
  if (bits === undefined) throw new Error('must be a file with an RSA private key (PEM, without a passphrase)');
  if (bits < leastBitsOfKey) throw new Error(`must be a key of at least ${leastBitsOfKey} bits (it has ${bits})`);
}

function rsaBits(text: string): number | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(text);
    return asymmetricKeyType === 'rsa' ? asymmetricKeyDetails?.modulusLength : undefined;
  } catch {
    return undefined;
  }
}

function certificate(text: string): void {
  try {
    new X509Certificate(text);
  } catch (error) {
    throw new Error('must be a file with a certificate (PEM)', { cause: error });
  }
}

/** Only characters that are valid in a header. The message does not repeat the value. */
const secret = (least: number) => (text: string) => {
  if (!/^[\x21-\x7e]+$/.test(text) || text.length < least || text.length > 1024) {
    throw new Error(`must have ${least} to 1024 visible ASCII characters and no spaces (it has ${text.length})`);
  }
  return text;
};

function clockSetting(text: string): ClockSetting {
  if (text === 'system') return { kind: 'system' };
  const startsAt = text.startsWith('simulated:') ? parseInstant(text.slice('simulated:'.length)) : undefined;
  if (!startsAt) {
    throw new Error(
      `must be system or simulated:<RFC 3339 instant>, e.g. simulated:2026-04-01T00:00:00Z, not ${quoted(text)}`,
    );
  }
  return { kind: 'simulated', startsAt };
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 80));

/** Variables for later versions. They are checked, so that they can be set in advance, but have no effect yet. */
const reserved: Readonly<Record<string, (text: string) => unknown>> = {
  OIDC_ISSUER: issuerUrl,
  OIDC_AUDIENCE: secret(1),
  OIDC_CLIENT_ID: secret(1),
  OIDC_CLIENT_SECRET: secret(1),
  METRICS_TOKEN: secret(1),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:'),
};
