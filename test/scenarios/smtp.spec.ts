import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { simpleParser, type AddressObject } from 'mailparser';
import type { SMTPServerAuthentication } from 'smtp-server';
import { smtpLimits } from '../../src/platform/settings/config.js';
import { isEmailAddress } from '../../src/platform/http/fields.js';
import { messageOf } from '../../src/platform/mail/message.js';
import { smtpServerOf, SmtpTransport } from '../../src/platform/mail/smtp-transport.js';
import type { HandOverResult } from '../../src/platform/mail/mail-transport.js';
import { HangingMailServer } from '../support/hanging-mail-server.js';
import { MailServer, selfSigned } from '../support/mail-server.js';

const sender = 'trm@vendor.example';
let number = 0;

async function send(
  transport: SmtpTransport,
  address = 'taro@customer.example',
  name = 'Taro',
): Promise<HandOverResult> {
  const mail = {
    recipientName: name,
    recipientAddress: address,
    messageId: `${++number}@vendor.example`,
    leavesAt: new Date('2026-12-31T00:00:00Z'),
  };
  const content = { subject: 'Hello', text: 'Dear\n.\n', html: '', pictures: [], attachments: [] };
  const message = await messageOf(mail, content, { name: 'TRM', address: sender });
  return transport.handOver({ ...mail, kind: 'test', to: { name, address }, writtenAt: mail.leavesAt, message });
}

describe('a mail server without TLS', () => {
  let server: MailServer;
  let transport: SmtpTransport;
  beforeEach(async () => {
    server = await MailServer.start();
    transport = new SmtpTransport(smtpServerOf(server.url), sender, smtpLimits);
  });
  afterEach(async () => {
    transport.close();
    await server.stop();
  });

  test('gets all messages over one connection, each for one recipient', async () => {
    for (const address of ['a@customer.example', 'b@customer.example', 'c@customer.example']) {
      expect(await send(transport, address)).toMatchObject({
        outcome: 'accepted',
        answer: expect.stringMatching(/^250/) as string,
      });
    }
    expect(server.received.map(({ to, from }) => [from, ...to])).toEqual([
      [sender, 'a@customer.example'],
      [sender, 'b@customer.example'],
      [sender, 'c@customer.example'],
    ]);
    expect(new Set(server.received.map(({ session }) => session)).size).toBe(1);
    expect(server.received[0]!.raw.toString()).toContain('Dear\r\n.\r\n');
  });

  test.each([
    ['an unknown recipient', { at: 'recipient', responseCode: 550 }, 'refused'],
    ['a recipient that is not available now', { at: 'recipient', responseCode: 451 }, 'failed'],
    ['a message that the server rejects', { at: 'data', responseCode: 554 }, 'refused'],
    ['a message for which the server has no room now', { at: 'data', responseCode: 452 }, 'failed'],
    ['a recipient that requires a log-in', { at: 'recipient', responseCode: 530 }, 'failed'],
    ['a server that closes instead of accepting the recipient', { at: 'recipient', responseCode: 421 }, 'failed'],
    ['a connection that is cut before the message', { at: 'recipient' }, 'failed'],
    ['a connection that is cut within the message', { at: 'data' }, 'uncertain'],
    ['a connection that is cut after the message, before the answer', { at: 'after-data' }, 'uncertain'],
  ] as const)('%s affects only that message', async (_, behaviour, outcome) => {
    server.behaviours.set('b@customer.example', behaviour);
    const outcomes = [];
    for (const address of ['a@customer.example', 'b@customer.example', 'c@customer.example']) {
      outcomes.push((await send(transport, address)).outcome);
    }
    expect(outcomes).toEqual(['accepted', outcome, 'accepted']);
    expect(server.receivedBy('a@customer.example')).toHaveLength(1);
    expect(server.receivedBy('c@customer.example')).toHaveLength(1);
  });

  test('gets a new connection after it has closed an idle one', async () => {
    expect((await send(transport)).outcome).toBe('accepted');
    server.cutConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await send(transport)).outcome).toBe('accepted');
    expect(server.received).toHaveLength(2);
  });

  test('gets messages again after a restart', async () => {
    await server.stop();
    expect(await send(transport)).toMatchObject({
      outcome: 'failed',
      answer: expect.stringContaining('ECONNREFUSED') as string,
    });
    await server.listen();
    expect((await send(transport)).outcome).toBe('accepted');
  });

  test('gets each message for exactly its address, whatever the recipient’s name contains', async () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
    const local = fc.oneof(fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}$/), fc.constant('l'.repeat(64)));
    const address = fc
      .tuple(local, fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('example', 'xn--zckzah'))
      .map(([mailbox, labels, top]) => `${mailbox}@${[...labels, top].join('.')}`)
      .filter(isEmailAddress);
    const odd = fc.constantFrom(
      '\r\n',
      '\n',
      '\t',
      '"',
      "'",
      ',',
      ';',
      ':',
      '<',
      '>',
      '@',
      '(',
      ')',
      '\\',
      '\u202e',
      '\u2066',
    );
    const more = fc.constantFrom(
      'Bcc: x@evil.example',
      '<x@evil.example>',
      '=?utf-8?B?PHhAZXZpbC5leGFtcGxlPg==?=',
      '山田',
      '👩‍💻',
      'é',
    );
    const name = fc
      .array(fc.oneof(odd, more, fc.string({ unit: 'grapheme' })), { maxLength: 8 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(name, address, async (recipientName, recipientAddress) => {
        server.received.length = 0;
        expect((await send(transport, recipientAddress, recipientName)).outcome).toBe('accepted');
        const read = await simpleParser(server.received[0]!.raw);
        expect(server.received.map(({ to }) => to.map(inPunycode))).toEqual([[recipientAddress]]);
        expect((read.to as AddressObject).value.map((each) => inPunycode(each.address!))).toEqual([recipientAddress]);
        expect([read.cc, read.bcc, read.from!.value[0]!.address]).toEqual([undefined, undefined, sender]);
      }),
      { numRuns: 150 },
    );
  });

  test('never gets a mailbox name of more than 64 characters', () => {
    expect(isEmailAddress(`${'l'.repeat(64)}@customer.example`)).toBe(true);
    expect(isEmailAddress(`${'l'.repeat(65)}@customer.example`)).toBe(false);
    expect(isEmailAddress(`${'l'.repeat(300)}@customer.example`)).toBe(false);
  });
});

describe('a mail server with TLS and passwords', () => {
  const accounts = { onAuth: checkLogin, ...selfSigned, authMethods: ['PLAIN', 'LOGIN'] };
  const servers: MailServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  async function outcomeAt(server: MailServer, url: string, ca?: string): Promise<HandOverResult> {
    servers.push(server);
    const transport = new SmtpTransport(smtpServerOf(url.replace('PORT', String(server.port)), ca), sender, smtpLimits);
    const handOver = await send(transport);
    transport.close();
    return handOver;
  }

  test('gets a message over TLS from the start, with the credentials in the URL', async () => {
    const server = await MailServer.start({ ...accounts, secure: true, authOptional: false });
    const { outcome } = await outcomeAt(server, 'smtps://desk%40vendor:p%40ss%2Fword@localhost:PORT', selfSigned.cert);
    expect(outcome).toBe('accepted');
    expect(server.received[0]).toMatchObject({ secure: true, user: 'desk@vendor' });
  });

  test('gets a message after STARTTLS', async () => {
    const server = await MailServer.start({ ...accounts, authOptional: false });
    expect(await outcomeAt(server, 'smtp://desk%40vendor:p%40ss%2Fword@127.0.0.1:PORT', selfSigned.cert)).toMatchObject(
      { outcome: 'accepted' },
    );
    expect(server.received[0]).toMatchObject({ secure: true, user: 'desk@vendor' });
  });

  test('gets no message if the password is wrong, and the attempt counts as failed', async () => {
    const server = await MailServer.start({ ...accounts, secure: true });
    const { outcome, answer } = await outcomeAt(server, 'smtps://desk%40vendor:wrong@localhost:PORT', selfSigned.cert);
    expect([outcome, server.received]).toEqual(['failed', []]);
    expect(answer).toContain('535');
  });

  test('gets no unencrypted message if the service requires its certificate', async () => {
    const server = await MailServer.start({ disabledCommands: ['STARTTLS'] });
    expect(await outcomeAt(server, 'smtp://127.0.0.1:PORT', selfSigned.cert)).toMatchObject({ outcome: 'failed' });
    expect(server.received).toEqual([]);
  });

  test('gets no unencrypted password on another host, and needs no TLS on the same host', () => {
    const settings = (url: string) => smtpServerOf(url).connection;
    expect(settings('smtp://u:p@mail.example.com')).toMatchObject({
      requireTLS: true,
      ignoreTLS: false,
      secure: false,
    });
    expect(settings('smtp://mail.example.com:25')).toMatchObject({ requireTLS: false, ignoreTLS: false, port: 25 });
    // By default, TLS accepts only certificates that a known authority has signed.
    expect(settings('smtps://mail.example.com')).toMatchObject({ secure: true });
    expect(settings('smtps://mail.example.com').tls).toBeUndefined();
    expect(settings('smtp://u:p@127.0.0.1:2525')).toMatchObject({ requireTLS: false, ignoreTLS: true });
    expect(settings('smtp://u:p@[::1]:2525')).toMatchObject({ requireTLS: false, ignoreTLS: true, host: '::1' });
    expect(settings('smtp://u:p@127.0.0.1.example.com')).toMatchObject({ requireTLS: true });
  });
});

describe('a server that does not accept mails', () => {
  let other: Server;
  let sockets: Socket[];
  let greeting: string | null;
  beforeEach(async () => {
    sockets = [];
    other = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      if (greeting === null) socket.destroy();
      else socket.write(`${greeting}\r\n`);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => other.close(resolve));
  });

  test.each([
    ['greets with a permanent refusal', '554 not you'],
    ['greets with a temporary refusal', '421 later'],
    ['closes the connection', null],
    ['speaks another protocol', 'HTTP/1.1 400 Bad Request'],
  ])('fails only that attempt if it %s', async (_, text) => {
    greeting = text;
    const { port } = other.address() as AddressInfo;
    const transport = new SmtpTransport(smtpServerOf(`smtp://127.0.0.1:${port}`), sender, smtpLimits);
    expect((await send(transport)).outcome).toBe('failed');
  });
});

describe('a mail server that keeps the service waiting', () => {
  test.each([
    ['never-greets', 'failed', 'none'],
    ['greets-and-hangs', 'failed', 'none'],
    ['drips-its-greeting', 'failed', 'none'],
    ['drips-at-the-recipient', 'failed', 'broken'],
    ['hangs-after-the-message', 'uncertain', 'broken'],
    ['drips-after-the-message', 'uncertain', 'broken'],
  ] as const)('is given up at the time limit if it %s', async (hang, outcome, contact) => {
    const hanging = await HangingMailServer.start(hang);
    // Only the limit under test is short. The others stay long, because the machine may be busy.
    const limits = contact === 'none' ? { ...smtpLimits, connectMs: 200 } : { ...smtpLimits, messageMs: 1_000 };
    const transport = new SmtpTransport(smtpServerOf(hanging.url), sender, limits);
    expect(await send(transport)).toMatchObject({
      outcome,
      contact,
      answer: expect.stringContaining('longer than') as string,
    });
    expect(hanging.messages).toBe(outcome === 'uncertain' ? 1 : 0);
    while (hanging.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    transport.close();
    await hanging.stop();
  });
});

/** The address with its domain in Punycode, which mail servers and mail readers decode. */
function inPunycode(address: string): string {
  const [mailbox, domain] = address.split('@');
  return `${mailbox}@${domainToASCII(domain!)}`;
}

function checkLogin(
  { username, password }: SMTPServerAuthentication,
  _session: unknown,
  done: (error: Error | null, response?: { user: string }) => void,
): void {
  if (username === 'desk@vendor' && password === 'p@ss/word') done(null, { user: username });
  else done(Object.assign(new Error('wrong password'), { responseCode: 535 }));
}
