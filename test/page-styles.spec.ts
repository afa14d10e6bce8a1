import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../src/platform/project-root.js';

// All pages share one style sheet, so a class of one page can change another page by accident. A class that a page's own sheet styles
// wherever it stands must therefore belong to that page alone. Shared classes stand in the look of all pages.

const consoleFolder = projectPath('src', 'console');
const lookFolder = projectPath('src', 'platform', 'pages', 'look');

/** Folders whose sheets are for all pages. */
const shared = new Set(['frame', 'parts']);

interface PageFile {
  page: string;
  text: string;
}

const filesOf = (ending: string): PageFile[] =>
  readdirSync(consoleFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && name.includes('/'))
    .map((name) => ({ page: name.split('/')[0]!, text: readFileSync(join(consoleFolder, name), 'utf8') }));

/** The selectors of a sheet, without the conditions of `@media`. */
const selectorsOf = (css: string): string[] =>
  [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{/g)]
    .flatMap(([, one]) => one!.split(','))
    .map((one) => one.trim())
    .filter((one) => !one.startsWith('@'));

/**
 * The classes that begin a selector alone: `.week-strip` of `.week-strip li`, but not `.today` of `table.week .today` or `.number.today`.
 */
const ownClasses = (css: string): string[] =>
  selectorsOf(css).flatMap((selector) => /^\.([\w-]+)(?=[\s>+~:]|$)/.exec(selector)?.[1] ?? []);

/** The classes in the markup of a page, in plain attributes and in expressions. */
const classesIn = (tsx: string): string[] =>
  [...tsx.matchAll(/\bclass=(?:"([^"]*)"|\{([^}]*)\})/g)].flatMap(([, plain, expression]) =>
    plain === undefined
      ? [...expression!.matchAll(/['"`]([^'"`]*)['"`]/g)].flatMap(([, words]) => words!.split(/\s+/))
      : plain.split(/\s+/),
  );

/** `known` are the classes of all pages, whose rules a page may refine within its own elements. */
function clashes(sheets: readonly PageFile[], pages: readonly PageFile[], known: ReadonlySet<string>): string[] {
  const owners = new Map<string, Set<string>>();
  for (const { page, text } of sheets)
    for (const name of ownClasses(text).filter((one) => !known.has(one)))
      owners.set(name, (owners.get(name) ?? new Set()).add(page));
  const twice = [...owners].filter(([, own]) => own.size > 1).map(([name, own]) => `${name}: ${[...own].join(', ')}`);
  const abroad = pages.flatMap(({ page, text }) =>
    classesIn(text).flatMap((name) => {
      const own = owners.get(name);
      return own && !own.has(page) ? [`${name} of ${[...own].join(', ')} in ${page}`] : [];
    }),
  );
  return [...new Set([...twice, ...abroad])].sort();
}

test('finds a class that two pages style, and one that another page uses', () => {
  const sheets = [
    { page: 'today', text: '.today { display: grid; } .list li {}' },
    { page: 'week', text: 'table.week .today { color: red; } @media print { .list, .week-days {} }' },
  ];
  const pages = [
    { page: 'week', text: `<th class={isToday ? 'today' : undefined}>` },
    { page: 'today', text: '<div class="today row">' },
  ];
  expect(clashes(sheets, pages, new Set(['row']))).toEqual(['list: today, week', 'today of today in week']);
});

test('the sheet of a page styles no element of other pages', () => {
  const everywhere = filesOf('.css').flatMap(({ page, text }) =>
    shared.has(page)
      ? []
      : selectorsOf(text)
          .filter((selector) => /^[a-z]+\d?(?=[\s>+~]|$)/.test(selector))
          .map((one) => `${page}: ${one}`),
  );
  expect(everywhere).toEqual([]);
});

test('a class of one page is used by no other page', () => {
  const sheets = filesOf('.css').filter(({ page }) => !shared.has(page));
  const look = [
    readFileSync(join(lookFolder, '30-parts.css'), 'utf8'),
    ...filesOf('.css').flatMap(({ page, text }) => (shared.has(page) ? [text] : [])),
  ].join('\n');
  expect(sheets.length).toBeGreaterThan(5);
  expect(clashes(sheets, filesOf('.tsx'), new Set(ownClasses(look)))).toEqual([]);
});
