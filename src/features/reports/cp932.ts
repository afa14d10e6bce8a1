import { decode, encode } from 'iconv-lite';

/** What printers of Japanese set for a character that they do not have. */
const missing = '〓';

/**
 * Signs for which Windows has a look-alike, where other systems write the one on the left: without this every wave dash of a
 * Mac would be missing.
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

/** All that CP932 can write besides ASCII. */
let known: ReadonlySet<string> | undefined;

/**
 * The text as CP932 can write it: kana that come as two characters are composed, signs are replaced by their look-alikes, and
 * whatever it lacks, such as an emoji or a letter with an accent, becomes `〓`.
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
    // Bytes that nothing stands for, and characters that are read but written otherwise.
    if (decode(encode(character, 'cp932'), 'cp932') === character) found.add(character);
  };
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    add(lead);
    for (let trail = 0x40; trail <= 0xfc; trail++) add(lead, trail);
  }
  return found;
}
