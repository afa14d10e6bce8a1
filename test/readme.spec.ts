import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { reports } from '../src/features/reports/reports.js';
import { projectPath } from '../src/platform/project-root.js';

// The map of the project names columns, files and commands: it must not outlive them.

const readme = readFileSync(projectPath('README.md'), 'utf8');

describe('README.md', () => {
  const units = { day: 'day', month: 'month', instant: 'instant', minutes: 'min', hours: 'h', number: 'number' };

  it.each(Object.values(reports))('names every column of $name in its order, with its unit', ({ name, columns }) => {
    const named = columns.map((column) => {
      const unit =
        column.type === 'amount' ? `in \`${column.currencyIn}\`` : (units as Record<string, string>)[column.type];
      return `\`${column.name}\`${unit === undefined ? '' : ` (${unit})`}`;
    });
    const [line = ''] = new RegExp(`^- \\*\\*${name}\\*\\*, (.+\n)+?(?=- |\n)`, 'm').exec(readme) ?? [];
    const said = line.replaceAll(/\s+/g, ' ').trim();
    const list = `: ${named.join(', ')}.`;
    expect(said.slice(-list.length)).toBe(list);
  });

  it('shows where things are that are there', () => {
    const table = readme.split('## Where is rule X?')[1]!.split('\n## ')[0]!;
    const rows = table.split('\n').filter((line) => line.startsWith('| '));
    const named = rows.flatMap((row) => {
      const paths = [...row.split('|')[2]!.matchAll(/`([^`\s]+\.(?:ts|tsx|yaml|mjml|md))`/g)].map(([, path]) => path!);
      const [first] = paths;
      // What follows in a row without a folder lies beside the first.
      return paths.map((path) => (path.includes('/') ? path : `${dirname(first!)}/${path}`));
    });
    expect(named.length).toBeGreaterThan(20);
    const isThere = (path: string): boolean =>
      path.includes('/*')
        ? readdirSync(projectPath(dirname(path))).some((file) => file.endsWith(basename(path).slice(1)))
        : existsSync(projectPath(path));
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  it('names commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(Object.keys(scripts).filter((name) => name.startsWith('bench:') && !named.includes(name))).toEqual([]);
  });
});
