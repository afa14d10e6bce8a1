/** These do not begin a line: what closes, small kana, marks of repetition (kinsoku, as JIS X 4051 has them). */
const notFirst = new Set(
  '、。，．・：；！？）］｝」』】〉》〕〗〙”’々〻ー゛゜ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ％‰℃…‥〜～｡､｣･ｰﾞﾟ,.:;!?)]}%»',
);

/** These do not end a line: what opens, and signs that belong to the amount after them. */
const notLast = new Set('（［｛「『【〈《〔〖〘“‘｢([{«￥＄¥$£€#');

/** A word of Latin letters may be broken after these. */
const hyphens = new Set('-–—/\\_&=?');

/** Scripts that are written without spaces: between two of their letters there may be a break. */
const unspaced = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;

/**
 * Breaks a text into lines of at most a width, in the unit of `widthOf` a letter: at spaces, after hyphens, and between
 * Japanese letters by the rules for them. What is too long for a line by itself is broken where the line is full. Spaces at
 * breaks are left out. A text of blanks has no line.
 */
export function brokenLines(text: string, width: number, widthOf: (letter: string) => number): string[] {
  const lines: string[] = [];
  const letters = [...text.trim()];
  let start = 0;
  // Where the line could end, and how wide it is from its start to the letter that is looked at.
  let breakAt = 0;
  let wide = 0;
  let wideFromBreak = 0;
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at]!;
    const letterWidth = widthOf(letter);
    if (at > start && mayBreak(letters[at - 1]!, letter) && !isAfterOneLetter(letters, at)) {
      breakAt = at;
      wideFromBreak = 0;
    }
    wide += letterWidth;
    wideFromBreak += letterWidth;
    // A space that does not fit hangs over the edge, unseen. What follows the break may be too wide in its turn.
    while (wide > width && at > start && letter !== ' ') {
      const end = breakAt > start ? breakAt : at;
      lines.push(letters.slice(start, end).join('').trimEnd());
      wide = end === at ? letterWidth : wideFromBreak;
      start = breakAt = end;
    }
  }
  if (start < letters.length) lines.push(letters.slice(start).join(''));
  return lines;
}

/** `e-mail` stays whole: a single letter and its hyphen do not stand alone at the end of a line. */
function isAfterOneLetter(letters: readonly string[], at: number): boolean {
  const [before = ' ', letter = '', hyphen] = [letters[at - 3], letters[at - 2], letters[at - 1]];
  return hyphen === '-' && /[a-z]/i.test(letter) && !/[\p{L}\p{N}]/u.test(before);
}

function mayBreak(before: string, after: string): boolean {
  if (after === ' ') return false;
  if (before === ' ') return true;
  if (notFirst.has(after) || notLast.has(before)) return false;
  if (hyphens.has(before)) return /\p{L}/u.test(after);
  return unspaced.test(before) || unspaced.test(after);
}
