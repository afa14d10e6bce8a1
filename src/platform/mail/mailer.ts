import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../settings/config.js';
import { makeDataDir } from '../settings/data-dir.js';
import { newId } from '../ids.js';
import type { HandOverResult, OutgoingMessage, MailTransport } from './mail-transport.js';
import { smtpServerOf, SmtpTransport } from './smtp-transport.js';

/** Opens a connection to the destination that the settings name. */
export function mailLine(
  config: Pick<Config, 'mail' | 'smtpUrl' | 'smtpCa' | 'smtpLimits' | 'dataDir' | 'mailFrom'>,
): MailTransport {
  const { mail, smtpUrl, smtpCa, smtpLimits, dataDir, mailFrom } = config;
  return mail === 'files' || smtpUrl === undefined
    ? new MailboxFolder(join(dataDir, 'mailbox'))
    : new SmtpTransport(smtpServerOf(smtpUrl, smtpCa), mailFrom.address, smtpLimits);
}

/** Writes messages as files that only their owner can read and any mail program opens. */
class MailboxFolder implements MailTransport {
  constructor(private readonly folder: string) {}

  /** A second attempt replaces the file. The file gets its name when the whole message is written. */
  async handOver(outgoing: OutgoingMessage): Promise<HandOverResult> {
    const name = fileName(outgoing);
    try {
      makeDataDir(dirname(this.folder));
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const unfinished = join(this.folder, `.${newId()}.tmp`);
      await writeFile(unfinished, outgoing.message, { flush: true, mode: 0o600 });
      await rename(unfinished, join(this.folder, name));
      return { outcome: 'filed', contact: 'good', answer: name };
    } catch (error) {
      return { outcome: 'failed', contact: 'none', answer: (error as Error).message };
    }
  }

  close(): void {}
}

/** Sorts by time, and has no colons, which some file systems refuse. */
function fileName({ writtenAt, kind, messageId }: OutgoingMessage): string {
  const time = writtenAt.toISOString().replaceAll(':', '-');
  return `${time}-${kind}-${messageId.replace(/[^\w.@-]/g, '_')}.eml`;
}
