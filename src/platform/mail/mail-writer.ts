import type { Transaction } from '../database/database.js';
import type { QueuedMail } from './mail.store.js';
import type { Mailbox } from './mail-transport.js';

/** A picture that the HTML part shows by its content id (`cid:`). */
export interface Picture {
  contentId: string;
  fileName: string;
  /** The picture, or what draws it: that is called when the transaction of `write` is over. */
  png: Buffer | (() => Promise<Buffer>);
}

export interface Attachment {
  fileName: string;
  contentType: string;
  content: string | Buffer;
}

/** What a mail says: the HTML part and an equal text part. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
  pictures: readonly Picture[];
  attachments: readonly Attachment[];
  /** Where answers go; to the sender where it is left out. */
  replyTo?: Mailbox;
}

/** Writes mails of some kinds, from the facts that were kept when their reason arose. */
export interface MailWriter {
  writes(kind: string): boolean;
  /**
   * Asked once for each mail, when it goes out first; what it reads must not be younger than `mail.queuedAt`. A mail that takes
   * long to make is answered as what makes it: that is called when the transaction is over.
   */
  write(tx: Transaction, mail: QueuedMail): Promise<MailContent | LongToMake>;
}

/** @throws NotForNow where something that it needs is away */
export type LongToMake = () => Promise<MailContent>;

/** A mail cannot be written for now, for a reason that holds up no other: it is tried again later. */
export class NotForNow extends Error {}
