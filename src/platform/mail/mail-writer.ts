import type { Transaction } from '../database/transaction.js';
import type { QueuedMail } from './mail.store.js';
import type { Mailbox } from './mail-transport.js';

/** A picture that the HTML part shows by its content id (`cid:`). */
export interface Picture {
  contentId: string;
  fileName: string;
  /** The picture, or a function that draws it. The function is called after the transaction of `write`. */
  png: Buffer | (() => Promise<Buffer>);
}

export interface Attachment {
  fileName: string;
  contentType: string;
  content: string | Buffer;
}

/** The content of a mail: the HTML part and an equal text part. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
  pictures: readonly Picture[];
  attachments: readonly Attachment[];
  /** The address for replies. Default: the sender. */
  replyTo?: Mailbox;
}

/** Writes mails of some kinds, from the facts that were stored with their reason. */
export interface MailWriter {
  writes(kind: string): boolean;
  /**
   * Called once per mail, before its first attempt. It must not use data younger than `mail.queuedAt`. For a mail
   * that takes long to make, it returns a function, which is called after the transaction.
   */
  write(tx: Transaction, mail: QueuedMail): Promise<MailContent | LongToMake>;
}

/** @throws NotForNow if something that it needs is unavailable */
export type LongToMake = () => Promise<MailContent>;

/** A mail cannot be written for now. It is tried again later, and delays no other mail. */
export class NotForNow extends Error {}
