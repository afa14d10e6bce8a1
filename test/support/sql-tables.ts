import ts from 'typescript';

/** The tables that the SQL of one source file names. */
export interface TablesOfFile {
  reads: Set<string>;
  /** Tables whose rows the SQL inserts, copies, updates, deletes, truncates or locks. */
  writes: Set<string>;
  /** Names in the place of a table in SQL that are no known table. */
  unknown: Set<string>;
}

/**
 * Finds the tables in the SQL of a TypeScript file. It reads each string and template of the file separately. If a template inserts
 * the name of a table, strings of the same file that begin with a table's name count too. An `@Entity` counts as a write.
 */
export function tablesOf(path: string, text: string, isTable: (name: string) => boolean): TablesOfFile {
  const strings = stringsOf(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
    .filter((string) => !english.test(string))
    .map(tokensOf);
  const ownNames = new Set(strings.flatMap(namesDefinedIn));
  const found: TablesOfFile = { reads: new Set(), writes: new Set(), unknown: new Set() };
  const places = strings.map(placesOfTables);
  const readsInserted = places.some(({ read }) => read.includes(inserted));
  const writesInserted = places.some(({ written }) => written.includes(inserted));
  strings.forEach((tokens, at) => {
    const { read, written, locks } = places[at]!;
    const see = (name: string, tables: Set<string>): void => {
      if (isTable(name)) tables.add(name);
      else if (!ownNames.has(name) && !ofPostgres.test(name)) found.unknown.add(name);
    };
    const [first = '', second] = tokens;
    if (isTable(first) && (second === '(' || (writesInserted && second === undefined))) found.writes.add(first);
    if (locks && read.length + written.length === 0) found.unknown.add('a lock apart from its table');
    if (isTable(first) && readsInserted) found.reads.add(first);
    if (!looksLikeSql(tokens) && !(first === 'from' && isTable(second ?? ''))) return;
    for (const name of written) see(name, found.writes);
    for (const name of read) see(name, locks ? found.writes : found.reads);
  });
  for (const [, name] of text.matchAll(/@Entity\('(\w+)'\)/g)) found.writes.add(name!);
  return found;
}

/** In this project, sentences begin with a capital letter, and SQL does not. */
const english = /^[A-Z]/;
const inserted = '¤';
const ofPostgres = /^(pg_|information_schema\.|stdin$|¤)/;
const isName = (token: string | undefined): token is string => token !== undefined && /^[a-z_][\w.]*$/.test(token);

const isPlace = (token: string | undefined): token is string => isName(token) || token === inserted;

function stringsOf(node: ts.Node): string[] {
  const own = ts.isStringLiteralLike(node)
    ? [node.text]
    : ts.isTemplateExpression(node)
      ? [node.head.text + node.templateSpans.map(({ literal }) => ` ${inserted} ${literal.text}`).join('')]
      : [];
  const inner: string[] = [];
  ts.forEachChild(node, (child) => void inner.push(...stringsOf(child)));
  return [...own, ...inner];
}

function tokensOf(text: string): string[] {
  const withoutTexts = text.replace(/--.*$/gm, ' ').replace(/'[^']*'/g, " '' ");
  return withoutTexts.toLowerCase().match(/[a-z_][\w.]*|"[^"]*"|\$\d+|\d+|[^\s\w]/g) ?? [];
}

/** `from` and `update` alone do not prove that a string is SQL, as English uses these words too. */
function looksLikeSql(tokens: readonly string[]): boolean {
  const [first = '', second = ''] = tokens;
  return (
    ['select', 'insert', 'delete', 'join', 'where', 'truncate'].some((word) => tokens.includes(word)) ||
    (first === 'update' && tokens.includes('set')) ||
    (first === 'copy' && second !== '')
  );
}

/** Named queries (`name as (…)`), temporary tables and the transition tables of triggers. */
function namesDefinedIn(tokens: readonly string[]): string[] {
  return tokens.flatMap((token, at) => {
    if (token === 'temporary' && tokens[at + 1] === 'table') return [tokens[at + 2]!];
    if (token === 'new' && tokens[at + 1] === 'table') return [tokens[at + 3]!];
    if (!isName(token)) return [];
    let next = tokens[at + 1] === '(' ? closing(tokens, at + 1) + 1 : at + 1;
    if (tokens[next++] !== 'as') return [];
    while (['not', 'materialized'].includes(tokens[next]!)) next++;
    return tokens[next] === '(' ? [token] : [];
  });
}

/** Functions with the keyword `from` between their parentheses. */
const functionsWithFrom = ['extract', 'substring', 'trim', 'overlay'];

function placesOfTables(tokens: readonly string[]): { read: string[]; written: string[]; locks: boolean } {
  const read: string[] = [];
  const written: string[] = [];
  let locks = false;
  const open: string[] = [];
  tokens.forEach((token, at) => {
    const before = tokens[at - 1] ?? '';
    const after = tokens.slice(at + 1).filter((next) => !['only', 'table'].includes(next));
    if (token === '(') open.push(before);
    if (token === ')') open.pop();
    if (token === 'for') locks ||= /^((no )?key )?(update|share)\b/.test(tokens.slice(at + 1, at + 4).join(' '));
    if (token === 'insert' && after[0] === 'into') written.push(after[1]!);
    if (token === 'delete' && after[0] === 'from') written.push(after[1]!);
    if (token === 'truncate' || token === 'copy') written.push(after[0]!);
    if (token === 'update' && !['for', 'key', 'do', 'on'].includes(before)) written.push(after[0]!);
    const isFrom = token === 'from' && !['distinct', 'delete'].includes(before);
    if (isFrom && !functionsWithFrom.includes(open.at(-1) ?? '')) read.push(...tablesListed(tokens, at + 1));
    if (token === 'join' || token === 'using') read.push(...tablesListed(tokens, at + 1).slice(0, 1));
  });
  return { read, written: written.filter(isPlace).map(withoutSchema), locks };
}

const endOfItem = new Set(
  'on where group order left right inner full cross join set returning window limit for union having using natural'
    .concat(' offset except intersect do values select fetch with')
    .split(' '),
);

/** The tables of a list after `from`: `a x, lateral (…) y, unnest(…) as z (c), b`. */
function tablesListed(tokens: readonly string[], start: number): string[] {
  const names: string[] = [];
  let at = start;
  do {
    if (tokens[at] === ',') at++;
    while (['lateral', 'only'].includes(tokens[at]!)) at++;
    const item = tokens[at];
    if (item === '(') at = closing(tokens, at) + 1;
    else if (tokens[++at] === '(') at = closing(tokens, at) + 1;
    else if (isPlace(item)) names.push(withoutSchema(item));
    if (tokens[at] === 'with' && tokens[at + 1] === 'ordinality') at += 2;
    if (tokens[at] === 'as') at++;
    if (isName(tokens[at]) && !endOfItem.has(tokens[at]!)) at++;
    if (tokens[at] === '(') at = closing(tokens, at) + 1;
  } while (tokens[at] === ',');
  return names;
}

const withoutSchema = (name: string): string => name.replace(/^(public|pg_temp)\./, '');

function closing(tokens: readonly string[], opening: number): number {
  let depth = 0;
  for (let at = opening; at < tokens.length; at++) {
    if (tokens[at] === '(') depth++;
    if (tokens[at] === ')' && --depth === 0) return at;
  }
  return tokens.length;
}
