import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import { messageOf } from './message.js';
import type { MailContent } from './mail-writer.js';

const from = { name: 'TRM デスク', address: 'trm@vendor.example' };
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const content = (more: Partial<MailContent> = {}): MailContent => ({
  subject: '契約更新のご案内',
  text: 'いつもお世話になっております。\n',
  html: '<p>いつもお世話になっております。<img src="cid:burn-down" alt="残り時間"></p>',
  pictures: [],
  attachments: [],
  ...more,
});

const mail = (more: { recipientName?: string; recipientAddress?: string } = {}) => ({
  recipientName: '山田 太郎',
  recipientAddress: 'taro@customer.example',
  messageId: '0197-1@vendor.example',
  leavesAt: new Date('2026-12-31T00:00:00Z'),
  ...more,
});

const addresses = (field: ParsedMail['to']) => [field].flat().flatMap((each) => (each as AddressObject).value);

test('a message has its sender, recipient and reply address, and says that no person sent it', async () => {
  const replyTo = { name: '佐藤 花子', address: 'hanako@vendor.example' };
  const pictures = [
    { contentId: 'burn-down', fileName: 'burn-down.png', png },
    { contentId: 'drawn-late', fileName: 'late.png', png: () => Promise.resolve(png) },
  ];
  const attachments = [
    { fileName: 'renewal.ics', contentType: 'text/calendar; method=PUBLISH', content: 'BEGIN:VCALENDAR' },
  ];
  const parsed = await simpleParser(await messageOf(mail(), content({ replyTo, pictures, attachments }), from));
  expect(parsed.from!.value).toEqual([from]);
  expect(addresses(parsed.to)).toEqual([{ name: '山田 太郎', address: 'taro@customer.example' }]);
  expect(addresses(parsed.replyTo)).toEqual([replyTo]);
  expect(parsed.messageId).toBe('<0197-1@vendor.example>');
  expect(parsed.date).toEqual(new Date('2026-12-31T00:00:00Z'));
  expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
  expect(parsed.headers.get('x-auto-response-suppress')).toBe('All');
  expect(parsed.subject).toBe('契約更新のご案内');
  expect(parsed.attachments.map(({ filename, cid, contentType }) => [filename, cid, contentType])).toEqual([
    ['burn-down.png', 'burn-down', 'image/png'],
    ['late.png', 'drawn-late', 'image/png'],
    ['renewal.ics', undefined, 'text/calendar'],
  ]);
  expect(parsed.attachments.slice(0, 2).every(({ content: drawn }) => drawn.equals(png))).toBe(true);
});

test('line breaks in a subject or a name add no header', async () => {
  const subject = 'Renewal\r\nBcc: thief@evil.example\r\n\r\n<script>';
  const replyTo = { name: 'CSM\r\nCc: thief@evil.example', address: 'csm@vendor.example' };
  const recipientName = '"Taro" <thief@evil.example>, \u202eoraT\r\nBcc: thief@evil.example';
  const parsed = await simpleParser(await messageOf(mail({ recipientName }), content({ subject, replyTo }), from));
  expect([parsed.cc, parsed.bcc]).toEqual([undefined, undefined]);
  expect(addresses(parsed.to)).toEqual([
    { name: '"Taro" <thief@evil.example>, oraT Bcc: thief@evil.example', address: 'taro@customer.example' },
  ]);
  expect(addresses(parsed.replyTo)).toEqual([{ name: 'CSM Cc: thief@evil.example', address: 'csm@vendor.example' }]);
  expect(parsed.text).toContain('いつもお世話になっております');
});

test('text that looks like an encoded word is not decoded', async () => {
  const typed = '=?utf-8?Q?=E2=80=AE=0D=0ABcc:thief?=';
  for (const subject of [`${typed}: renews`, `${typed} 様`]) {
    const parsed = await simpleParser(await messageOf(mail({ recipientName: typed }), content({ subject }), from));
    expect(parsed.subject).toBe(subject.replace('=?', '= ?'));
    expect(addresses(parsed.to)).toEqual([{ name: typed.replace('=?', '= ?'), address: 'taro@customer.example' }]);
  }
});

describe('a signed message', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const dkim = {
    domain: 'vendor.example',
    selector: 'trm-2026',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };

  test('has a signature that is valid for its text and headers, and for no others', async () => {
    const message = await messageOf(
      mail(),
      content({ pictures: [{ contentId: 'burn-down', fileName: 'a.png', png }] }),
      from,
      dkim,
    );
    const { isValid, tags } = signatureOf(message);
    expect(tags).toMatchObject({ a: 'rsa-sha256', c: 'relaxed/relaxed', d: 'vendor.example', s: 'trm-2026' });
    expect(tags.h!.split(':')).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id']));
    expect(isValid).toBe(true);
    const text = message.toString('latin1');
    expect(signatureOf(Buffer.from(text.replace('taro@', 'jiro@'), 'latin1')).isValid).toBe(false);
    expect(signatureOf(Buffer.from(`${text}P.S.\r\n`, 'latin1')).isValid).toBe(false);
  });

  /** Verifies a signature according to RFC 6376, with `relaxed` for headers and body. */
  function signatureOf(message: Buffer): { isValid: boolean; tags: Record<string, string> } {
    const [head, body] = splitOnce(message.toString('latin1'), '\r\n\r\n');
    const headers = head.split(/\r\n(?![ \t])/).map((line) => splitOnce(line, ':'));
    const [name, value] = headers.find(([key]) => key.toLowerCase() === 'dkim-signature')!;
    const tags = Object.fromEntries(value.split(';').map((tag) => splitOnce(tag.replace(/\s+/g, ''), '=')));

    const relaxedBody = body
      .replace(/[ \t]+/g, ' ')
      .replace(/ \r\n/g, '\r\n')
      .replace(/(\r\n)*$/, '\r\n');
    const bodyHash = createHash('sha256').update(relaxedBody, 'latin1').digest('base64');
    const left = [...headers].reverse();
    const signed = tags.h!.split(':').flatMap((wanted) => {
      const at = left.findIndex(([key]) => key.toLowerCase() === wanted.toLowerCase());
      return at < 0 ? [] : left.splice(at, 1).map(([key, text]) => `${relaxed(key, text)}\r\n`);
    });
    const signedText = signed.join('') + relaxed(name, value.replace(/(\bb=)[^;]*$/, '$1'));
    const signature = Buffer.from(tags.b!, 'base64');
    const isValid = verify('RSA-SHA256', Buffer.from(signedText, 'latin1'), publicKey, signature);
    return { isValid: isValid && bodyHash === tags.bh, tags };
  }
});

const relaxed = (name: string, value: string) =>
  `${name.toLowerCase().trim()}:${value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()}`;

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}
