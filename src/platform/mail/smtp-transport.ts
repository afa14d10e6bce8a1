import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { SmtpLimits } from '../settings/config.js';
import type { MailAddress, HandOverResult, OutgoingMessage, MailTransport } from './mail-transport.js';

/** A mail server and the login for it. */
export interface SmtpServer {
  readonly connection: SMTPConnectionOptions;
  readonly login?: { readonly user: string; readonly pass: string };
}

/**
 * How long the server may be silent. `SmtpLimits` also end a conversation with a server that sends a byte now and
 * then.
 */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/** Servers end long conversations. This limit is below that of every known server. */
const mostMessagesOfAConnection = 100;

/**
 * Reads an `smtp:` or `smtps:` URL. Credentials are sent only encrypted, except to this machine. With a certificate
 * authority (PEM), everything is encrypted. Otherwise `smtp:` is encrypted if the server offers it.
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
      // A server on this machine seldom has a signed certificate.
      ignoreTLS: !secure && ca === undefined && isThisMachine,
      ...(ca !== undefined && { tls: { ca: [...rootCertificates, ca] } }),
    },
    ...(hasLogin && { login: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

/**
 * Sends messages one after the other on a connection of nodemailer. nodemailer's own transports do not report whether
 * the server had begun to read a message when the connection broke. Only then may the message have arrived.
 *
 * Connects for the first message. After an error that is not about the message, the next message gets a new
 * connection, so that a broken connection affects no other message.
 */
export class SmtpTransport implements MailTransport {
  #connection: SMTPConnection | undefined;
  #messages = 0;

  constructor(
    private readonly server: SmtpServer,
    private readonly sender: string,
    private readonly limits: SmtpLimits,
  ) {}

  async handOver(outgoing: OutgoingMessage): Promise<HandOverResult> {
    const known = this.#connection;
    if (known) {
      const attempt = await this.#send(known, outgoing);
      if (!attempt.wasGone) return attempt;
      // The server closed the connection after the last message, so it has not seen this one.
    }
    try {
      return await this.#send(await this.#connect(), outgoing);
    } catch (error) {
      return { outcome: 'failed', contact: 'none', answer: (error as Error).message };
    }
  }

  close(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = undefined;
    connection.quit();
    // The socket closes without waiting for the server's goodbye.
    const timer = setTimeout(() => connection.close(), this.limits.connectMs).unref();
    connection.once('end', () => clearTimeout(timer));
  }

  /**
   * @throws if the server is unreachable, refuses the connection, or refuses the login. None of these is the fault of
   *   the message.
   */
  async #connect(): Promise<SMTPConnection> {
    const connection = new SMTPConnection(this.server.connection);
    const forget = (): void => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    // Stays for the life of the connection: an error event without a listener would end the process.
    connection.on('error', forget).on('end', forget);
    const { login } = this.server;
    try {
      await inTime(connection, this.limits.connectMs, async () => {
        await answered((done) => connection.connect(done), connection);
        if (login) await answered((done) => connection.login({ credentials: login }, done), connection);
      });
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#messages = 0;
    return connection;
  }

  async #send(
    connection: SMTPConnection,
    { to, message }: OutgoingMessage,
  ): Promise<HandOverResult & { wasGone?: boolean }> {
    const isReused = this.#messages > 0;
    this.#messages++;
    // The message is read only when the server asks for it. If it was not read, the server cannot have taken it.
    const source = Readable.from([message], { objectMode: false });
    try {
      const { accepted, response } = await inTime(
        connection,
        this.limits.messageMs,
        () =>
          new Promise<{ accepted: string[]; response: string }>((resolve, reject) => {
            connection.send({ from: this.sender, to: [to.address] }, source, (error, info) =>
              error ? reject(error) : resolve(info),
            );
          }),
      );
      if (this.#messages >= mostMessagesOfAConnection) this.close();
      return accepted.some((taker) => taker.toLowerCase() === to.address.toLowerCase())
        ? { outcome: 'accepted', contact: 'good', answer: response }
        : {
            outcome: 'failed',
            contact: 'good',
            answer: `The server answered ${response}, but did not accept the recipient`,
          };
    } catch (error) {
      const failure = error as SmtpError;
      await this.#clear(connection, failure);
      return {
        outcome: outcomeOf(failure, source.readableDidRead),
        contact: contactOf(failure),
        answer: failure.message,
        wasGone:
          isReused &&
          !source.readableDidRead &&
          failure.code !== timedOut &&
          (!failure.responseCode || failure.responseCode === 421),
      };
    }
  }

  /** Resets the connection for the next message if the server refused this one. Otherwise closes it. */
  async #clear(connection: SMTPConnection, { code = '', responseCode }: SmtpError): Promise<void> {
    const isUsable =
      aboutTheMessage.includes(code) &&
      responseCode !== 421 &&
      this.#connection === connection &&
      (await inTime(connection, this.limits.connectMs, () => reset(connection)).catch(() => false));
    if (isUsable) return;
    connection.close();
    if (this.#connection === connection) this.#connection = undefined;
  }
}

/** Whether the server accepts another message on this connection. */
function reset(connection: SMTPConnection): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const gone = (): void => resolve(false);
    connection.once('error', gone).once('end', gone);
    connection.reset((error) => {
      // The connection stays open, and would collect one listener per refused message.
      connection.off('error', gone).off('end', gone);
      resolve(!error);
    });
  });
}

/** Waits for one step of connecting. The connection may also end without a callback. */
function answered(step: (done: (error?: Error | null) => void) => void, connection: SMTPConnection): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('The server closed the connection')));
    step((error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Runs `work` on a connection, and closes the connection after a time limit. A socket that receives a byte now and
 * then is never idle, so a socket time-out would not end such a conversation.
 */
async function inTime<T>(connection: SMTPConnection, limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`The mail server took longer than ${limitMs / 1000} seconds`);
      reject(Object.assign(error, { code: timedOut }));
      connection.close();
    }, limitMs);
  });
  try {
    return await Promise.race([work(), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

type SmtpError = Error & { code?: string; responseCode?: number; command?: string };

/** The steps of the conversation that are about one message. */
const aboutTheMessage = ['EENVELOPE', 'EMESSAGE'];

const timedOut = 'ETIMEDOUT';

/** A refusal is an answer, and an error in a message shows nothing about the server. */
const contactOf = ({ code = '', responseCode }: SmtpError): MailAddress =>
  responseCode || aboutTheMessage.includes(code) ? 'good' : 'broken';

/**
 * Codes 530, 535 and 538 ask for another login. A refused sender is our mistake as well. A later attempt may succeed
 * after either is corrected.
 */
function outcomeOf({ code = '', responseCode = 0, command }: SmtpError, wasRead: boolean): HandOverResult['outcome'] {
  if (wasRead && !(code === 'EMESSAGE' && responseCode >= 400)) return 'uncertain';
  const isAboutTheMessage = aboutTheMessage.includes(code) && command !== 'MAIL FROM';
  return isAboutTheMessage && responseCode >= 500 && ![530, 535, 538].includes(responseCode) ? 'refused' : 'failed';
}
