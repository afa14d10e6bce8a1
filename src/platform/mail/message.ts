import { createTransport } from 'nodemailer';
import type { QueuedMail } from './mail.store.js';
import type { MailContent } from './mail-writer.js';
import type { Mailbox } from './mailer.js';

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The MIME of a mail: its HTML part, an equal text part, its pictures and attachments. */
export async function messageOf(mail: QueuedMail, content: MailContent, from: Mailbox): Promise<Buffer> {
  const { message } = await composer.sendMail({
    from,
    to: [{ name: mail.recipientName.replace(/\s+/g, ' '), address: mail.recipientAddress }],
    ...(content.replyTo && { replyTo: content.replyTo }),
    messageId: `<${mail.messageId}>`,
    date: mail.queuedAt,
    subject: content.subject,
    text: content.text,
    ...(content.html !== '' && { html: content.html }),
    textEncoding: 'quoted-printable',
    attachments: [
      ...content.pictures.map(({ contentId, fileName, png }) => ({
        cid: contentId,
        filename: fileName,
        contentType: 'image/png',
        contentDisposition: 'inline' as const,
        content: png,
      })),
      ...content.attachments.map(({ fileName, contentType, content: text }) => ({
        filename: fileName,
        contentType,
        content: text,
      })),
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
    // Nobody is at their desk to read an out-of-office answer to a machine (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
  return message as Buffer;
}
