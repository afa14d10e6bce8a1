import { createTransport } from 'nodemailer';
import type { Config } from '../settings/config.js';
import type { QueuedMail } from './mail.store.js';
import type { MailContent, Picture } from './mail-writer.js';
import type { Mailbox } from './mail-transport.js';

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The MIME of a mail: HTML, an equal text part, pictures and attachments. Signed with DKIM if there is a key. */
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
    // Suppresses out-of-office replies, which nobody would read: RFC 3834, and the header of Exchange.
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

/**
 * Removes characters that control a terminal or the text direction. Otherwise a name could hide the address beside
 * it.
 */
const steering = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]+/gu;

function asMailbox({ name, address }: Mailbox): Mailbox {
  return { name: asTyped(name.replace(steering, ' ').replace(/\s+/g, ' ').trim()), address };
}

/** A mail program must show the name as it was typed. It would decode an encoded word (RFC 2047) in it. */
function asTyped(text: string): string {
  return text.replaceAll('=?', '= ?');
}
