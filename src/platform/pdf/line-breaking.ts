/** Characters that must not begin a line: closing marks, small kana, repetition marks (kinsoku rules, JIS X 4051). */
const notFirst = new Set(
  '、。，．・：；！？）］｝」』】〉》〕〗〙”’々〻ー゛゜ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ％‰℃…‥〜～｡､｣･ｰﾞﾟ,.:;!?)]}%»',
);

/** Characters that must not end a line: opening marks, and signs that belong to the amount after them. */
const notLast = new Set('（［｛「『【〈《〔〖〘“‘｢([{«￥＄¥$£€#');

/** A Latin word may be broken after these. */
const hyphens = new Set('-–—/\\_&=?');

/** Scripts without spaces: a line may break between two of their characters. */
const unspaced = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;

/**
 * Breaks a text into lines of at most a width, in the unit of `widthOf`. Breaks at spaces, after hyphens, and between
 * Japanese characters by their rules. A word longer than a line is broken where the line is full. Spaces at breaks
 * are dropped. A blank text has no lines.
 *
 * The package linebreak, which pdfkit uses, splits `e-mail` after its hyphen and never splits `a_b`.
 */
export function brokenLines(text: string, width: number, widthOf: (letter: string) => number): string[] {
  const lines: string[] = [];
  const letters = [...text.trim()];
  let start = 0;
  // The last place where the line could end, and the width from the start of the line to the current character.
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
    // A space that does not fit is invisible past the edge. The text after the break may be too wide in its turn.
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

/** `e-mail` stays whole: a single letter and its hyphen must not stand alone at the end of a line. */
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
