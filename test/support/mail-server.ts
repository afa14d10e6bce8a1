import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A message that the mail server received. */
export interface ReceivedMessage {
  from: string;
  /** The recipients of the envelope. */
  to: string[];
  /** In angle brackets. */
  messageId: string;
  raw: Buffer;
  /** The connection on which it arrived. */
  session: string;
  secure: boolean;
  user: string | undefined;
}

/** How the server fails to accept a message. */
export interface Behaviour {
  at: 'recipient' | 'data' | 'after-data';
  /** The code of its answer. Without it, the server closes the connection. */
  responseCode?: number;
  response?: string;
}

/** A real mail server on this machine, which keeps all mails. */
export class MailServer {
  readonly received: ReceivedMessage[] = [];
  /** Failures by the address of the recipient. */
  readonly behaviours = new Map<string, Behaviour>();
  /** The server waits for it before it accepts a message. */
  beforeAccepting: (message: ReceivedMessage) => Promise<void> = () => Promise.resolve();
  #server: SMTPServer;
  readonly #open = new Set<{ destroy(): void }>();
  #port: number;

  private constructor(
    private readonly options: SMTPServerOptions,
    port: number,
  ) {
    this.#port = port;
    this.#server = this.#make();
  }

  static async start(
    options: SMTPServerOptions = { disabledCommands: ['STARTTLS', 'AUTH'] },
    port = 0,
  ): Promise<MailServer> {
    const server = new MailServer({ authOptional: true, ...options }, port);
    await server.listen();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  receivedBy(address: string): ReceivedMessage[] {
    return this.received.filter(({ to }) => to.includes(address));
  }

  /** Starts to listen, after a stop on the same port as before. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.cutConnections();
    await new Promise<void>((resolve) => this.#server.close(resolve));
    this.#server = this.#make();
  }

  cutConnections(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #make(): SMTPServer {
    const server = new SMTPServer({
      ...this.options,
      onRcptTo: ({ address }, _session, callback) => {
        const behaviour = this.behaviours.get(address);
        if (behaviour?.at !== 'recipient') callback();
        else if (behaviour.responseCode === undefined) this.cutConnections();
        else callback(refusal(behaviour.responseCode, behaviour.response));
      },
      onData: (stream, session, callback) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const behaviour = this.behaviours.get(to[0]!);
        if (behaviour?.at === 'data' && behaviour.responseCode === undefined) {
          stream.once('data', () => this.cutConnections()).resume();
          return;
        }
        const chunks: Buffer[] = [];
        stream
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const raw = Buffer.concat(chunks);
            const message: ReceivedMessage = {
              from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
              to,
              messageId: /^Message-ID: (<.*>)\r?$/im.exec(raw.toString('latin1'))?.[1] ?? '',
              raw,
              session: session.id,
              secure: session.secure,
              user: session.user,
            };
            void this.beforeAccepting(message).then(() => {
              if (behaviour?.at === 'data') return callback(refusal(behaviour.responseCode!, behaviour.response));
              this.received.push(message);
              if (behaviour?.at === 'after-data') this.cutConnections();
              else callback();
            });
          });
      },
    });
    server.on('error', () => undefined);
    server.server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
    return server;
  }
}

const refusal = (responseCode: number, response = 'not now'): Error =>
  Object.assign(new Error(response), { responseCode });

/** A self-signed certificate for localhost and 127.0.0.1. */
export const selfSigned = {
  cert: `-----BEGIN CERTIFICATE-----
MIIDRTCCAi2gAwIBAgIUWDfqSBYShHnuvzFCW7jWN7cAeowwDQYJKoZIhvcNAQEL
BQAwIzEhMB8GA1UEAwwYbWFpbCBzZXJ2ZXIgb2YgdGhlIHRlc3RzMCAXDTI2MTEy
MjIyMzMwNVoYDzIxMjYxMDI5MjIzMzA1WjAjMSEwHwYDVQQDDBhtYWlsIHNlcnZl
ciBvZiB0aGUgdGVzdHMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCx
mKPoxacOEKA8SCgkfymwjljGl/DX/UpbKiuzaSbWSkYuUy1VmjWtrzjLeyp2YDe5
Xisx+YnJlSE810edO7d/Ad27tiyGA52czjQrzDEDvWQJE8yjcTE0n21QOAfukN5z
AiIXGZ86HVLWqcJtUYii8QICgtLQlAXAkgyNsiq9evGeEBmxPZpuDQ2toXMYVXLp
GBjjt2OnwJzQQRch+5jAnGjSTdYN/6oYzNwzgqxQ7aK4gSofmLWGwOtB0HXCn+47
UJUVZZhKp8VR5Zx8L7bYQ0pP+CoMwg6KoElM3ZYmONyBClG7OXhXk1W5Xsdl9Cpy
heehbxrQeFDMSM5ZGNQlAgMBAAGjbzBtMB0GA1UdDgQWBBQEZ5fJyJmbFwm1R0H9
tBlViwYISzAfBgNVHSMEGDAWgBQEZ5fJyJmbFwm1R0H9tBlViwYISzAPBgNVHRMB
Af8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATANBgkqhkiG9w0B
AQsFAAOCAQEAF6wVjIjm1uEOYznDFpWbGXAcPtY/coKqMBHk6d8ndIFJXfE3mAb4
UdUdTPDcX7hCMKqxcBLuWdE7H8frgRz6M0JMOIbvSzQ1f4t+r0qRMsTEsSMCn0jU
+26rNq2gc1TnDf466tcXImERQQBn1R8oCS3LNbK358F2+alR+uAewCjbc+BmWV0C
0Rc0C1gwUOz7yqPNYkNgECtAof1Qc3nLblqO6tPq8kOfzise8/0vW3XD9qKd5uXW
kEcjweYwcFup/p86sQ/w/ESC12LpvWL67DiolxBRc4SzJKpmxVE2zqp2CrXqh4gp
HWz5T8WAxfetcUe4s7APqP2vDSNSa5diQQ==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCxmKPoxacOEKA8
SCgkfymwjljGl/DX/UpbKiuzaSbWSkYuUy1VmjWtrzjLeyp2YDe5Xisx+YnJlSE8
10edO7d/Ad27tiyGA52czjQrzDEDvWQJE8yjcTE0n21QOAfukN5zAiIXGZ86HVLW
qcJtUYii8QICgtLQlAXAkgyNsiq9evGeEBmxPZpuDQ2toXMYVXLpGBjjt2OnwJzQ
QRch+5jAnGjSTdYN/6oYzNwzgqxQ7aK4gSofmLWGwOtB0HXCn+47UJUVZZhKp8VR
5Zx8L7bYQ0pP+CoMwg6KoElM3ZYmONyBClG7OXhXk1W5Xsdl9CpyheehbxrQeFDM
SM5ZGNQlAgMBAAECggEAUp6grkL5Tw1EBhdJeYUhB26JdUYtOMYwh83MC8iA1VMz
aAyw+/BkRXtNMDiJzg1ADz/0V2jwBXQXxN6gBdFIsdDT7yY2e1gGRHMXiUKSkNtU
RPbNjkGz8veyGo4efoktu5JD+rwkO5x1s8DA3yt9pdP6K+HhokAilu464dZ/lKrt
EjOQgYpGEvV2S5PGHFtSKMfZhREsvx6BULfWjrbAf2SHprNnSRY6zmGxV9PQzApf
INHtdQnQ5G3KGNQ7BtihCdZUmSLBBe/AxFsh+JANRTBulEQf95HLwlnisPfx2F8C
xMs8DOpFdoUjTgpro179Fc0b++s1f87DWhPi3xWa5wKBgQDkFMT9gZSc0aBKsIII
86AZ1PMDT1wVVSlDYl+Q0KqnBFrE2tf7AxbZ8KxtA0sqtzx7DEogsIsZhBSoJzk9
0TvwbVSzAvMbzBLTuy6sFEMxlGrBtbB2KNdqTB28wH1mktLB6Hr1rFHGT6nmTzwt
tfX9gCsNFxXOCOuF/3z2LXnRDwKBgQDHVdvcl/TMadF0s+DmeZ6ij43O+AxHVHlg
0P0xgdvMFoUMUEVWAKyATMPrKgKpQSpHYYKIWl/M2fkXQ6FtAkQ3JkikJ99Vm7DG
2V0QMI51foHNgw/PB9w4yqKzA7HQpkNWKK79rdiQ1i+w7GXzxbFeMuKph3irm0Bf
kXfQ1ySfiwKBgQCMJMrp7c4wEYpJem1cLL5KQRPVC9VL8lj5Y5/O7rh9CWrwnHur
a7mFzqFUFnsAUzjhbqq5rWC7G/JJZFiCyGbpE3TAzeYtRVaoLNK/v2+OLmDuh8JW
yD+cvAplqW0kMsE3jq7G98wDa3282yDiAXWV/0P0tiOaxtZZLqRM66J3NwKBgQC9
vgWlqmOT/JorW1oWKOiO1tTmkQinEUrklKqeaHz/fOQyv2nwnn2VNv07KWcVE3ma
LsBg6J3OUiIgOfk72W9zi5aT43xccfHIpnlGguHoB36pUDtJF7NRv9k1S6wD72+j
YOCJiuTdoXQOFkhJzgGyp/9H3jNILmUNU1vYyCINVwKBgCUwEiXpGwT2NmRZKQJz
oVT9fo1rFJDeCqjS++nNmOEAKiLyyMe78W0XeuBfgav6Vcwrmf1zWDKJbxt5MXwS
EE+Va2b9Rz2DGEzOGuts3jlFBnClIy/9X6+vca+iQFcN9emSgC369DEW8l1ebrzN
t7/3dE1fapL17gxZNknpi8mL
-----END PRIVATE KEY-----`,
};
