import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { HandOver, OutgoingMessage, MailLine } from './mail-line.js';

/** A mail server, and how one logs in to it. */
export interface SmtpServer {
  readonly connection: SMTPConnectionOptions;
  readonly login?: { readonly user: string; readonly pass: string };
}

/** A server that does not answer must not hold up the mails behind this one. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/** Servers end a conversation that goes on for too long; this is before the patience of any that is known. */
const mostMessagesOfAConnection = 100;

/**
 * The server of an `smtp:` or `smtps:` URL. Credentials go out encrypted or not at all, but on this machine; where a
 * certificate authority is named (PEM), everything does. Else `smtp:` is encrypted where the server offers it.
 */
export function smtpServerOf(smtpUrl: string, ca?: string): SmtpServer {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'smtps:';
  const isThisMachine = host === 'localhost' || (isIP(host) !== 0 && /^(127\.|::1$)/.test(host));
  const hasLogin = username !== '';
  return {
    connection: {
      ...timeouts,
      host,
      ...(port !== '' && { port: Number(port) }),
      secure,
      requireTLS: !secure && (ca !== undefined || (hasLogin && !isThisMachine)),
      // What a server on this machine shows is seldom a certificate that anyone has signed.
      ignoreTLS: !secure && ca === undefined && isThisMachine,
      ...(ca !== undefined && { tls: { ca: [...rootCertificates, ca] } }),
    },
    ...(hasLogin && { login: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

/**
 * Hands messages over one after the other on a connection that is made when it is needed. After an error that is not
 * about the message the next one gets a connection of its own, so that a broken one harms no other message.
 */
export class SmtpLine implements MailLine {
  #connection: SMTPConnection | undefined;
  #messages = 0;

  constructor(
    private readonly server: SmtpServer,
    private readonly sender: string,
  ) {}

  async handOver(outgoing: OutgoingMessage): Promise<HandOver> {
    const known = this.#connection;
    if (known) {
      const attempt = await this.#send(known, outgoing);
      if (!attempt.wasGone) return attempt;
      // The server had ended the connection since the last message; of this one it has seen nothing.
    }
    try {
      return await this.#send(await this.#connect(), outgoing);
    } catch (error) {
      return { outcome: 'failed', answer: (error as Error).message };
    }
  }

  close(): void {
    this.#connection?.quit();
    this.#connection = undefined;
  }

  /** Throws where the server cannot be reached, greets with a no, or does not let us in: all of that is about us, and can be mended. */
  async #connect(): Promise<SMTPConnection> {
    const connection = new SMTPConnection(this.server.connection);
    const forget = (): void => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    // Stays for as long as the connection: an error that nobody listens to would end the process.
    connection.on('error', forget).on('end', forget);
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject);
        connection.once('end', () => reject(new Error('The server closed the connection')));
        connection.connect((error) => (error ? reject(error) : resolve()));
      });
      const { login } = this.server;
      if (login) {
        await new Promise<void>((resolve, reject) => {
          connection.once('error', reject);
          connection.once('end', () => reject(new Error('The server closed the connection')));
          connection.login({ credentials: login }, (error) => (error ? reject(error) : resolve()));
        });
      }
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#messages = 0;
    return connection;
  }

  async #send(connection: SMTPConnection, { to, message }: OutgoingMessage): Promise<HandOver & { wasGone?: boolean }> {
    const isReused = this.#messages > 0;
    this.#messages++;
    // Read when the server asks for it: before that it cannot have taken the message.
    const source = Readable.from([message], { objectMode: false });
    try {
      const { accepted, response } = await new Promise<{ accepted: string[]; response: string }>((resolve, reject) => {
        connection.send({ from: this.sender, to: [to.address] }, source, (error, info) =>
          error ? reject(error) : resolve(info),
        );
      });
      if (this.#messages >= mostMessagesOfAConnection) this.close();
      return accepted.some((taker) => taker.toLowerCase() === to.address.toLowerCase())
        ? { outcome: 'accepted', answer: response }
        : { outcome: 'failed', answer: `The server answered ${response}, but did not accept the recipient` };
    } catch (error) {
      const failure = error as SmtpError;
      await this.#clear(connection, failure);
      return {
        outcome: outcomeOf(failure, source.readableDidRead),
        answer: failure.message,
        wasGone: isReused && !source.readableDidRead && (!failure.responseCode || failure.responseCode === 421),
      };
    }
  }

  /** Makes the connection ready for another message where the server said no to this one, else gives it up. */
  async #clear(connection: SMTPConnection, { code = '', responseCode }: SmtpError): Promise<void> {
    const isUsable =
      aboutTheMessage.includes(code) &&
      responseCode !== 421 &&
      this.#connection === connection &&
      (await new Promise<boolean>((resolve) => {
        const gone = (): void => resolve(false);
        connection.once('error', gone).once('end', gone);
        connection.reset((error) => {
          // The connection goes on, and would gather a listener for every message that is refused.
          connection.off('error', gone).off('end', gone);
          resolve(!error);
        });
      }));
    if (isUsable) return;
    connection.close();
    if (this.#connection === connection) this.#connection = undefined;
  }
}

type SmtpError = Error & { code?: string; responseCode?: number; command?: string };

/** The parts of the conversation that are about one message. */
const aboutTheMessage = ['EENVELOPE', 'EMESSAGE'];

/** 530, 535 and 538 ask for another login; a no to the sender is about us as well, and can be mended. */
function outcomeOf({ code = '', responseCode = 0, command }: SmtpError, wasRead: boolean): HandOver['outcome'] {
  if (wasRead && !(code === 'EMESSAGE' && responseCode >= 400)) return 'uncertain';
  const isAboutTheMessage = aboutTheMessage.includes(code) && command !== 'MAIL FROM';
  return isAboutTheMessage && responseCode >= 500 && ![530, 535, 538].includes(responseCode) ? 'refused' : 'failed';
}
