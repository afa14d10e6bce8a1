import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { simpleParser } from 'mailparser';
import { maskedLinks, withMaskedLinks } from './personal-links.js';

const token = 'AaC1wn0-fxCaSwAAAAAAA1LXk2B32N7hRSiG7Q5QbEZnsP8ctXgsdq_Ij2oGQ1DPbNwkidHKkxyVFGvn';
const reportToken = token.slice(0, 72);
const link = `https://trm.vendor.example/some/path/decline/${token}`;
const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const mask = `masked--${sumOf(token)}--masked`;

/** A long line as calendar files fold it. */
const folded = (line: string): string => line.replace(/(.{60})/g, '$1\r\n ');

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

async function message(encoding: 'quoted-printable' | 'base64', words: string): Promise<Buffer> {
  const { message: bytes } = await composer.sendMail({
    from: 'a@trm.example',
    to: 'b@customer.example',
    subject: 'x',
    text: `${words} ${link}\r\n`,
    html: `<p>${words}</p><a href="${link}?lang=ja">${link}</a>`,
    textEncoding: encoding,
    attachments: [
      { filename: 'a.ics', contentType: 'text/calendar', content: folded(`DESCRIPTION:${link}`) },
      { filename: 'a.txt', contentType: 'text/plain', content: `Open ${link}`, contentTransferEncoding: '7bit' },
    ],
  });
  return bytes as Buffer;
}

test.each([
  ['quoted-printable', '更新のご案内'],
  ['quoted-printable', 'Renewal'],
  ['base64', '更新のご案内'],
  ['base64', 'Renewal'],
] as const)('a message in %s (%s) has its links masked, and nothing else changes', async (encoding, words) => {
  const sent = await message(encoding, words);
  const masked = withMaskedLinks(sent);
  expect(masked.length).toBe(sent.length);
  const parts = async (bytes: Buffer): Promise<string[]> => {
    const { text, html, attachments } = await simpleParser(bytes);
    return [text!, String(html), ...attachments.map(({ content }) => content.toString().replaceAll('\r\n ', ''))];
  };
  const before = await parts(sent);
  expect(before.every((part) => part.includes(token))).toBe(true);
  expect(await parts(masked)).toEqual(before.map((part) => part.replaceAll(token, mask)));
});

test('a link to a report is masked too, and other paths stay', () => {
  const text = `550 /reports/${reportToken} and /v1/reports/usage-lines, /decline/short, /decline/${token}more`;
  expect(maskedLinks(text)).toBe(text.replace(reportToken, `masked--${sumOf(reportToken)}`));
});
