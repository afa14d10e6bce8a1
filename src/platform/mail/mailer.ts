import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Config } from '../config.js';
import { newId } from '../ids.js';

/** A name and an address, never one string of both: a line break in it could name another recipient. */
export interface Mailbox {
  name: string;
  address: string;
}

/** One message to one person, as it goes out. */
export interface Letter {
  /** What the message says and why; names the file where mails are written to a folder. */
  kind: string;
  /** Without angle brackets. */
  messageId: string;
  to: Mailbox;
  writtenAt: Date;
  /** The MIME. */
  message: Buffer;
}

/** What became of an attempt. `refused`: the server will never take this message; `failed`: it may, later. */
export type HandOver =
  | { outcome: 'accepted'; serverAnswer: string }
  | { outcome: 'refused'; error: string }
  | { outcome: 'failed'; error: string };

/** Hands messages over: to a mail server, or into a folder. */
export interface Mailer {
  handOver(letter: Letter): Promise<HandOver>;
  close(): void;
}

/** The mailer that the settings ask for. */
export function mailerFor({ smtpUrl, dataDir, mailFrom }: Pick<Config, 'smtpUrl' | 'dataDir' | 'mailFrom'>): Mailer {
  return smtpUrl === undefined
    ? new MailboxFolder(join(dataDir, 'mailbox'))
    : new SmtpMailer(smtpUrl, mailFrom.address);
}

/** A server that does not answer must not hold up the mails behind this one. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/** The parts of the conversation that are about this one message; a 5xx before it is about us, and can be mended. */
const aboutTheMessage = ['EENVELOPE', 'EMESSAGE'];

/** Hands messages over to a server, each on a connection of its own: a broken one harms no other message. */
class SmtpMailer implements Mailer {
  readonly #transport;

  constructor(
    smtpUrl: string,
    private readonly sender: string,
  ) {
    this.#transport = createTransport({ url: smtpUrl, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  }

  async handOver(letter: Letter): Promise<HandOver> {
    try {
      const { accepted, response } = await this.#transport.sendMail({
        envelope: { from: this.sender, to: [letter.to.address] },
        raw: letter.message,
      });
      const taken = accepted.some((taker) => addressOf(taker).toLowerCase() === letter.to.address.toLowerCase());
      return taken
        ? { outcome: 'accepted', serverAnswer: response }
        : { outcome: 'failed', error: `The server answered ${response}, but did not accept the recipient` };
    } catch (error) {
      const { code = '', responseCode = 0, message: text } = error as Error & { code?: string; responseCode?: number };
      const outcome = aboutTheMessage.includes(code) && responseCode >= 500 ? 'refused' : 'failed';
      return { outcome, error: text };
    }
  }

  close(): void {
    this.#transport.close();
  }
}

/** Writes messages as files that a person can read and any mail program opens. */
class MailboxFolder implements Mailer {
  constructor(private readonly folder: string) {}

  /** A second attempt takes the place of the first. The name appears when all of the message is there. */
  async handOver(letter: Letter): Promise<HandOver> {
    const name = fileName(letter);
    try {
      await mkdir(this.folder, { recursive: true });
      const unfinished = join(this.folder, `.${newId()}.tmp`);
      await writeFile(unfinished, letter.message, { flush: true });
      await rename(unfinished, join(this.folder, name));
      return { outcome: 'accepted', serverAnswer: name };
    } catch (error) {
      return { outcome: 'failed', error: (error as Error).message };
    }
  }

  close(): void {}
}

const addressOf = (taker: string | { address: string }): string => (typeof taker === 'string' ? taker : taker.address);

/** Sorted by time; without colons, which not every file system takes. */
function fileName({ writtenAt, kind, messageId }: Letter): string {
  const time = writtenAt.toISOString().replaceAll(':', '-');
  return `${time}-${kind}-${messageId.replace(/[^\w.@-]/g, '_')}.eml`;
}
