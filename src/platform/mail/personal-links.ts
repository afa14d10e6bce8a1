import { createHash } from 'node:crypto';

/**
 * The paths of personal links, and how many characters the token behind each has. The holder of such a link acts as the person
 * to whom it was mailed, so it is shown to nobody else.
 */
const links = { decline: 80, reports: 72 } as const;

/** A line that is broken for transport: by quoted-printable, or folded as calendar files and headers are. */
const lineBreak = '(?:=\\r?\\n|\\r?\\n[ \\t])?';

const sign = '[A-Za-z0-9_-]';

/** A path, and the token behind it, each wherever its line is broken. */
const patterns = Object.entries(links).map(([path, length]) => {
  const start = [...`/${path}/`].join(lineBreak) + lineBreak;
  const token = Array<string>(length).fill(sign).join(lineBreak);
  return new RegExp(`(${start})(${token})(?!${sign})`, 'g');
});

const lineBreaks = new RegExp(lineBreak.replace(/\?$/, ''), 'g');

/**
 * A text with every personal link masked, at its full length. A mask holds the SHA-256 of the token, by which the link is
 * recognised by those who have it, and by the record of a notice that was given with it.
 */
export function maskedLinks(text: string): string {
  return patterns.reduce(
    (masked, pattern) =>
      masked.replace(pattern, (_, start: string, spelt: string) => {
        const mask = maskOf(spelt.replace(lineBreaks, ''));
        return start + respelt(spelt, lineBreaks, mask);
      }),
    text,
  );
}

/** A MIME message with every personal link masked, in all of its parts. Nothing else changes, not even its length. */
export function withMaskedLinks(message: Buffer): Buffer {
  const masked = maskedLinks(message.toString('latin1')).replace(base64Part, (_, header: string, encoded: string) => {
    const content = Buffer.from(encoded, 'base64').toString('latin1');
    const maskedContent = maskedLinks(content);
    if (maskedContent === content) return header + encoded;
    return header + respelt(encoded, /\s+/g, Buffer.from(maskedContent, 'latin1').toString('base64'));
  });
  return Buffer.from(masked, 'latin1');
}

/** The header of a part says how the part is written. */
const base64Part = /(content-transfer-encoding:[ \t]*base64[^]*?\r?\n\r?\n)([A-Za-z0-9+/=\s]+)/gi;

/** As long as the token. */
function maskOf(token: string): string {
  const sha256 = createHash('sha256').update(token).digest('hex');
  return `masked--${sha256}--masked`.slice(0, token.length);
}

/** `content` with its lines broken where they are in `spelt`; both have the same length without the breaks. */
function respelt(spelt: string, breaks: RegExp, content: string): string {
  let at = 0;
  let ended = 0;
  let result = '';
  for (const { index, 0: lineEnd } of spelt.matchAll(breaks)) {
    const signs = index - ended;
    result += content.slice(at, at + signs) + lineEnd;
    at += signs;
    ended = index + lineEnd.length;
  }
  return result + content.slice(at);
}
