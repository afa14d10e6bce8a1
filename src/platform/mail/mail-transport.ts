/** A name and an address, never joined in one string: a line break in it could add another recipient. */
export interface Mailbox {
  name: string;
  address: string;
}

/** One message to one person, ready to be sent. */
export interface OutgoingMessage {
  /** A short description; it names the file if mails are written to a folder. */
  kind: string;
  /** Without angle brackets. */
  messageId: string;
  to: Mailbox;
  writtenAt: Date;
  /** The MIME. */
  message: Buffer;
}

/**
 * What an attempt shows about the mail server. `none`: there was no connection, so the message was not tried.
 * `broken`: the connection broke, or the server stopped answering. `good`: the server answered.
 */
export type MailAddress = 'none' | 'broken' | 'good';

/**
 * The outcome of an attempt. `accepted`: a mail server took the message. `filed`: it was written to a file.
 * `refused`: the server will never take it. `failed`: a later attempt may succeed. `uncertain`: the message was sent,
 * but no answer came.
 */
export interface HandOverResult {
  outcome: 'accepted' | 'filed' | 'refused' | 'failed' | 'uncertain';
  contact: MailAddress;
  /** The server's answer, or the error. */
  answer: string;
}

/** Delivers messages one after the other: to a mail server, or into a folder. */
export interface MailTransport {
  handOver(outgoing: OutgoingMessage): Promise<HandOverResult>;
  close(): void;
}
