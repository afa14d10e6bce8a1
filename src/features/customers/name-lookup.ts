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
