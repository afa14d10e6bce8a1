import { createTransport } from 'nodemailer';
import type { Config } from '../settings/config.js';
import type { QueuedMail } from './mail.store.js';
import type { MailContent, Picture } from './mail-writer.js';
import type { Mailbox } from './mail-transport.js';

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The MIME of a mail: its HTML part, an equal text part, its pictures and attachments; signed where there is a key. */
export async function messageOf(
  mail: Pick<QueuedMail, 'recipientName' | 'recipientAddress' | 'messageId' | 'leavesAt'>,
  content: MailContent,
  from: Mailbox,
  dkim?: Config['dkim'],
): Promise<Buffer> {
  const { message } = await composer.sendMail({
    from: asMailbox(from),
    to: [asMailbox({ name: mail.recipientName, address: mail.recipientAddress })],
    ...(content.replyTo && { replyTo: asMailbox(content.replyTo) }),
    messageId: `<${mail.messageId}>`,
    date: mail.leavesAt,
    subject: asTyped(content.subject),
    text: content.text,
    ...(content.html !== '' && { html: content.html }),
    textEncoding: 'quoted-printable',
    attachments: [
      ...(await Promise.all(content.pictures.map(drawn))),
      ...content.attachments.map(({ fileName, contentType, content: bytes }) => ({
        filename: fileName,
        contentType,
        content: bytes,
      })),
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
    // Nobody is at their desk to read an out-of-office answer to a machine: RFC 3834, and Exchange in its own way.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    ...(dkim && { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
  });
  return message as Buffer;
}

async function drawn({ contentId, fileName, png }: Picture) {
  return {
    cid: contentId,
    filename: fileName,
    contentType: 'image/png',
    contentDisposition: 'inline' as const,
    content: Buffer.isBuffer(png) ? png : await png(),
  };
}

/** What steers a terminal or the direction of the text around it: a name is shown beside its address, and must not reach it. */
const steering = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]+/gu;

function asMailbox({ name, address }: Mailbox): Mailbox {
  return { name: asTyped(name.replace(steering, ' ').replace(/\s+/g, ' ').trim()), address };
}

/** So that a mail program shows what was typed: an encoded word (RFC 2047) in it would be read as what it stands for. */
function asTyped(text: string): string {
  return text.replaceAll('=?', '= ?');
}
