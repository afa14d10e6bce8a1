import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { reports } from '../src/features/reports/reports.js';
import { projectPath } from '../src/platform/project-root.js';
import { itWithCurl } from './support/curl.js';
import { testDatabase } from './support/database.js';
import { ServiceProcess } from './support/process.js';

// Everything that the documentation names must exist, and the commands that it shows must work.

const written = /^(README\.md|(\.github|src|test|config|migrations)\/.*\.md)$/;
const texts = new Map(
  readdirSync(projectPath(), { recursive: true, encoding: 'utf8' })
    .filter((path) => written.test(path))
    .map((path) => [path, readFileSync(projectPath(path), 'utf8')]),
);
const named = [...texts].map(([path, text]) => ({ path, text }));

const { scripts, version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  version: string;
};

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** The anchors that GitHub gives the headings of a text. */
const anchorsIn = (text: string): string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(named)('$path', ({ path, text }) => {
  it('links only to files and headings that exist', () => {
    const links = [...withoutCode(text.replaceAll(/\[`([^`]*)`\]/g, '[$1]')).matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, link]) => link!,
    );
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return !URL.canParse(link);
      const [file, anchor] = link.split('#') as [string, string?];
      const target = file === '' ? projectPath(path) : resolve(projectPath(dirname(path)), decodeURIComponent(file));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsIn(readFileSync(target, 'utf8')).includes(decodeURIComponent(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names only files and folders of the project that exist', () => {
    const paths = [...text.matchAll(/`((?:src|test|config|migrations|\.github)\/[\w./-]*)`/g)].map(([, one]) => one!);
    expect(paths.filter((one) => !existsSync(projectPath(one)))).toEqual([]);
  });

  it('names only commands that exist', () => {
    const commands = [...text.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)].map(([, name]) => name!);
    expect(commands.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = texts.get('README.md')!;

  it('has at most 150 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('links to the README of every room, here or in the contribution guide', () => {
    const rooms = [...texts.keys()].filter((path) => /^src\/features\/[^/]+\/README\.md$/.test(path));
    const guide = texts.get('.github/CONTRIBUTING.md')!;
    expect(rooms.filter((path) => !`${readme}${guide}`.includes(path))).toEqual([]);
  });

  describe('under "First booking"', () => {
    const run = promisify(execFile);
    const blocks = [
      ...readme
        .split('\n## First booking\n')[1]!
        .split('\n## ')[0]!
        .matchAll(/^```sh\n([\s\S]*?)^```/gm),
    ];
    const [start, book, exceed] = blocks.map(([, block]) => block!);
    const folder = mkdtempSync(join(tmpdir(), 'trm-readme-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('starts the service as the tests do', () => {
      expect(start).toContain('npm start');
      expect(scripts.start).toBe('node dist/src/main.js');
    });

    itWithCurl('books 90 minutes once, even if pasted twice, and shows a refusal of too many minutes', async () => {
      const database = await testDatabase();
      const ADMIN_TOKEN = /ADMIN_TOKEN=(\S+)/.exec(start!)![1]!;
      const service = new ServiceProcess({
        DATABASE_URL: database.url,
        DATA_DIR: folder,
        SECRET_KEY: 'secret-key-of-the-tests-0123456789',
        ADMIN_TOKEN,
      });
      try {
        const url = await service.ready();
        expect(book).toContain('http://localhost:3000/v1');
        const typed = book!.replace('http://localhost:3000', url);
        const answers = async (lines: string): Promise<Record<string, unknown>[]> => {
          const { stdout } = await run('bash', ['-c', lines], { env: { PATH: process.env.PATH } });
          return stdout
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>);
        };
        const first = await answers(typed);
        expect(first.at(-1)).toMatchObject({ usedMinutes: 90, remainingMinutes: 11_430 });
        // The allocations have a new version; the booking and the balance are the same.
        expect((await answers(typed)).slice(-2)).toEqual(first.slice(-2));
        expect((await answers(`${typed}${exceed}`)).at(-1)).toMatchObject({
          status: 422,
          code: 'rules-violated',
          maxAcceptableMinutes: 1_350,
        });
      } finally {
        service.signal('SIGTERM');
        await service.ended;
        await database.drop();
      }
    });
  });
});

describe('src/features/reports/README.md', () => {
  const units = { day: 'day', month: 'month', instant: 'instant', minutes: 'min', hours: 'h', number: 'number' };
  const text = texts.get('src/features/reports/README.md')!;

  it.each(Object.values(reports))('names every column of $name in order, with its unit', ({ name, columns }) => {
    const wanted = columns.map((column) => {
      const unit =
        column.type === 'amount' ? `in \`${column.currencyIn}\`` : (units as Record<string, string>)[column.type];
      return `\`${column.name}\`${unit === undefined ? '' : ` (${unit})`}`;
    });
    const [line = ''] = new RegExp(`^- \\*\\*${name}\\*\\*: (.+\n)+?(?=- |\n)`, 'm').exec(text) ?? [];
    const printed = line.replaceAll(/\s+/g, ' ').trim();
    const list = `: ${wanted.join(', ')}.`;
    expect(printed.slice(-list.length)).toBe(list);
  });
});

describe('.github/CONTRIBUTING.md', () => {
  it('explains every command of package.json', () => {
    const text = texts.get('.github/CONTRIBUTING.md')!;
    const parts = /^(check:.*|mails:.*)$/;
    const names = Object.keys(scripts).filter((name) => !parts.test(name));
    expect(names.filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(text))).toEqual([]);
  });
});

describe('.github/CHANGELOG.md', () => {
  it('has the notes of the version in package.json', () => {
    expect(texts.get('.github/CHANGELOG.md')).toContain(`\n## ${version}`);
  });
});
