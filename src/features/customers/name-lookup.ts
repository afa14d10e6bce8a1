/** The matches of a name: at most two, enough to see that it is ambiguous. */
export interface NamedRow {
  name: string;
  ids: string[];
}

/**
 * SQL that normalises a name: width, case and spaces, which Japanese names may or may not have. Apply it to both sides of a
 * comparison, as programs differ in how they convert capitals.
 */
export const nameKey = (sql: string): string =>
  String.raw`lower(regexp_replace(normalize(${sql}, NFKC), '\s', '', 'g'))`;

/** An SQL condition that a name contains a text. `%` and `_` in the text stand for themselves. */
export const nameContains = (name: string, text: string): string => `strpos(${nameKey(name)}, ${nameKey(text)}) > 0`;

const kana = Array.from({ length: 0x3096 - 0x3041 + 1 }, (_, at) => 0x3041 + at);
const hiragana = String.fromCodePoint(...kana);
const katakana = String.fromCodePoint(...kana.map((code) => code + 0x60));

/**
 * SQL that normalises a text for the finder: as `nameKey`, and hiragana becomes katakana. Apply it to both sides of a comparison. Most
 * texts need only a part of the work: an ASCII text takes 1 µs instead of 10.
 */
export const findKey = (sql: string): string =>
  `case when octet_length(${sql}) = length(${sql}) then lower(replace(${sql}, ' ', ''))
     when ${sql} ~ '[ぁ-ゖ]' then translate(${nameKey(sql)}, '${hiragana}', '${katakana}') else ${nameKey(sql)} end`;

/** SQL of how well a key matches: 0 is the whole text, 1 its beginning, 2 any part of it; null is no match. */
export const matchOf = (key: string, asked: string): string =>
  `case when ${key} = ${asked} then 0 when starts_with(${key}, ${asked}) then 1 when strpos(${key}, ${asked}) > 0 then 2 end`;
