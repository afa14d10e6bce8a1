import { join } from 'node:path';
import type { Config } from './config.js';

/**
 * Notes for the operator at the start: where mails go, the public address, variables without effect, and a warning if the service's
 * database user owns the tables.
 */
export function startNotes(
  config: Pick<Config, 'mail' | 'mailHold' | 'smtpUrl' | 'dataDir' | 'publicUrl' | 'withoutEffect' | 'misspelt'>,
  ownsTables: boolean,
): string[] {
  return [
    mailNote(config),
    ...(config.mailHold ? ['Mails are held (MAIL_HOLD=on): nothing is delivered, and mails wait.'] : []),
    `Links in mails begin with ${config.publicUrl} (PUBLIC_URL).`,
    ...(ownsTables ? [ownerNote] : []),
    ...config.withoutEffect.map((name) => `Warning: ${name} is set, but it has no effect in this version.`),
    ...config.misspelt.map(({ name, meant }) => `${name} is set, but the service does not read it. Is it ${meant}?`),
  ];
}

const ownerNote =
  'The database user of DATABASE_URL owns the tables, so it could switch off the triggers that keep the ledger append-only. ' +
  'Give the service a user of its own, and let DATABASE_OWNER_URL name the owner.';

function mailNote({ mail, smtpUrl, dataDir }: Pick<Config, 'mail' | 'smtpUrl' | 'dataDir'>): string {
  // Only the server is printed, because the URL may contain a password.
  if (mail === 'smtp') return `Mails go to the mail server ${new URL(smtpUrl!).host} (SMTP_URL).`;
  const why = smtpUrl === undefined ? 'no SMTP_URL is set' : 'MAIL=files, so SMTP_URL is not used';
  return `Mails become files in ${join(dataDir, 'mailbox')} and reach nobody (${why}).`;
}
