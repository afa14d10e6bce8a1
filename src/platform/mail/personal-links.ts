import { createHash } from 'node:crypto';

/**
 * The paths of personal links, with the length of their tokens. The holder of a link acts as its recipient, so nobody
 * else may see it.
 */
const links = { decline: 80, reports: 72, 'console/sign-in': 64 } as const;

/** A line break of the transport encoding: quoted-printable, or the folding of calendar files and headers. */
const lineBreak = '(?:=\\r?\\n|\\r?\\n[ \\t])?';

const sign = '[A-Za-z0-9_-]';

/** A path and its token; a line break may stand between any two characters. */
const patterns = Object.entries(links).map(([path, length]) => {
  const start = [...`/${path}/`].join(lineBreak) + lineBreak;
  const token = Array<string>(length).fill(sign).join(lineBreak);
  return new RegExp(`(${start})(${token})(?!${sign})`, 'g');
});

const lineBreaks = new RegExp(lineBreak.replace(/\?$/, ''), 'g');

/**
 * Masks every personal link in a text, without changing its length. A mask contains the SHA-256 of the token. With
 * it, a recipient can recognise the link, and the record of a notice given with it refers to the same link.
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

/** Masks every personal link in all parts of a MIME message. Nothing else changes, and the length stays. */
export function withMaskedLinks(message: Buffer): Buffer {
  const masked = maskedLinks(message.toString('latin1')).replace(base64Part, (_, header: string, encoded: string) => {
    const content = Buffer.from(encoded, 'base64').toString('latin1');
    const maskedContent = maskedLinks(content);
    if (maskedContent === content) return header + encoded;
    return header + respelt(encoded, /\s+/g, Buffer.from(maskedContent, 'latin1').toString('base64'));
  });
  return Buffer.from(masked, 'latin1');
}

/** The header that names the transfer encoding of a part. */
const base64Part = /(content-transfer-encoding:[ \t]*base64[^]*?\r?\n\r?\n)([A-Za-z0-9+/=\s]+)/gi;

/** A mask, as long as the token. */
function maskOf(token: string): string {
  const sha256 = createHash('sha256').update(token).digest('hex');
  return `masked--${sha256}--masked`.slice(0, token.length);
}

/** Breaks the lines of `content` where those of `spelt` are broken; without breaks, both have the same length. */
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
