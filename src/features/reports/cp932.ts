import { decode, encode } from 'iconv-lite';

/** The mark that Japanese typesetters use for a missing character. */
const missing = '〓';

/**
 * Characters that Windows replaces by a look-alike, and how other systems write them. Without this table, every wave
 * dash from a Mac would be missing.
 */
const lookAlikes: Readonly<Record<string, string>> = {
  '\u301c': '\uff5e',
  '\u2212': '\uff0d',
  '\u2016': '\u2225',
  '\u2014': '\u2015',
  '\u00a2': '\uffe0',
  '\u00a3': '\uffe1',
  '\u00a5': '\uffe5',
  '\u00ac': '\uffe2',
  '\u00a6': '\uffe4',
  '\u00a0': ' ',
};

/** All characters that CP932 can encode besides ASCII. */
let known: ReadonlySet<string> | undefined;

/**
 * Converts text to characters that CP932 can encode: composes kana of two characters, replaces characters by their
 * look-alikes, and turns all others, such as emoji and letters with accents, into `〓`. iconv-lite alone writes `?` for all of these.
 */
export function inCp932(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  const characters = (known ??= charactersOfCp932());
  return text
    .normalize('NFC')
    .replaceAll(/[^\0-\x7f]/gu, (character) =>
      characters.has(character) ? character : (lookAlikes[character] ?? missing),
    );
}

function charactersOfCp932(): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (...bytes: number[]): void => {
    const character = decode(Uint8Array.from(bytes), 'cp932');
    // Skips unassigned bytes, and characters that are decoded but encoded differently.
    if (decode(encode(character, 'cp932'), 'cp932') === character) found.add(character);
  };
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    add(lead);
    for (let trail = 0x40; trail <= 0xfc; trail++) add(lead, trail);
  }
  return found;
}
