/** What has a name that was asked for: none is left out, of several the first two. */
export interface NamedRow {
  name: string;
  ids: string[];
}

/**
 * A name without what differs by taste, in SQL: full and half width, capitals, and spaces, which Japanese names have or have
 * not. Both sides of a comparison are to be put through it, as no two programs agree on every capital.
 */
export const nameKey = (sql: string): string =>
  String.raw`lower(regexp_replace(normalize(${sql}, NFKC), '\s', '', 'g'))`;

/** The condition, in SQL, that a name contains a text. Every character of the text stands for itself, also `%` and `_`. */
export const nameContains = (name: string, text: string): string => `strpos(${nameKey(name)}, ${nameKey(text)}) > 0`;
