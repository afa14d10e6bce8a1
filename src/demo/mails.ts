import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mailbox } from './service.js';

/** All mails sent so far, in order. Without a mail server, the service writes them to files. */
export function mailFiles(): string[] {
  try {
    return readdirSync(mailbox)
      .filter((file) => file.endsWith('.eml'))
      .sort();
  } catch {
    return [];
  }
}

/** File names start with the time, the kind of mail and its message id. */
export function kindOf(file: string): string {
  return /Z-(.+)-[0-9a-f]{8}-[0-9a-f]{4}-/.exec(file)?.[1] ?? 'mail';
}

/** Kinds of mail in plain words. */
export function meaningOf(kind: string): string {
  const number = /-(\d+)$/.exec(kind)?.[1] ?? '';
  const family = kind.replace(/-\d+$/, '');
  return (meanings[family] ?? family.replaceAll('-', ' ')).replace('#', number);
}

const meanings: Readonly<Record<string, string>> = {
  'renewal-reminder': 'reminder, # days before the end',
  'renewal-locked': 'the renewal is locked',
  'notice-recorded': 'a notice was recorded',
  'notice-withdrawn': 'a notice was withdrawn',
  'notice-waived': 'a late notice was accepted',
  'term-renewed': 'the term has renewed',
  'term-ended': 'the subscription has ended',
  'usage-alert-used': '# % of the hours are used',
  'usage-alert-ahead': 'use is ahead of plan',
  'usage-alert-behind': 'use is behind plan',
  'usage-alert-expiring': 'hours are likely to expire',
  'usage-top-up-entered': 'hours were added to the term',
  'usage-top-up-cancelled': 'added hours were taken back',
  'usage-statement': 'monthly statement of use',
  'scheduled-report': 'a scheduled report',
  'portfolio-handed-over': 'a contract has another CSM',
  'log-time-nudge': 'a CSM is asked to log time',
  'monday-digest': 'Monday digest for a CSM',
  'sign-in-link': 'a link to sign in',
  invitation: 'an invitation to the console',
};

/** The personal link in the newest reminder to an address. */
export const linkToDecline = (address: string): string =>
  linkTo(address, 'renewal-reminder', /https?:\/\/[^\s"<>]+\/decline\/[\w-]+/);

/** The link in the newest invitation to an address. */
export const invitationTo = (address: string): string =>
  linkTo(address, 'invitation', /https?:\/\/[^\s"<>]+\/console\/sign-in\/[\w-]+/);

function linkTo(address: string, kind: string, pattern: RegExp): string {
  for (const file of mailFiles().reverse()) {
    if (!kindOf(file).startsWith(kind)) continue;
    // Quoted-printable ends a wrapped line with an equals sign.
    const message = readFileSync(join(mailbox, file), 'latin1').replace(/=\r?\n/g, '');
    const link = pattern.exec(message);
    if (link && message.includes(`<${address}>`)) return link[0];
  }
  throw new Error(`No mail of the kind ${kind} to ${address} holds a link.`);
}
