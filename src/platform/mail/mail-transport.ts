/** A name and an address, never one string of both: a line break in it could name another recipient. */
export interface Mailbox {
  name: string;
  address: string;
}

/** One message to one person, as it goes out. */
export interface OutgoingMessage {
  /** What the message says and why; names the file where mails are written to a folder. */
  kind: string;
  /** Without angle brackets. */
  messageId: string;
  to: Mailbox;
  writtenAt: Date;
  /** The MIME. */
  message: Buffer;
}

/**
 * What an attempt says about the mail server. `none`: no connection came about, so it says nothing about the message; `broken`: the
 * connection was cut, or the server stopped answering; `good`: the server answered.
 */
export type MailAddress = 'none' | 'broken' | 'good';

/**
 * What became of an attempt. `accepted`: a mail server took the message; `filed`: it became a file, and reached nobody; `refused`:
 * the server will never take this message; `failed`: it may, later; `uncertain`: the message went out and no answer came.
 */
export interface HandOverResult {
  outcome: 'accepted' | 'filed' | 'refused' | 'failed' | 'uncertain';
  contact: MailAddress;
  /** What the server answered, or the error. */
  answer: string;
}

/** Hands one message over after the other: to a mail server, or into a folder. */
export interface MailTransport {
  handOver(outgoing: OutgoingMessage): Promise<HandOverResult>;
  close(): void;
}
