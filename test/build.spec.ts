import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectPath } from '../src/platform/project-root.js';

// The demo, the tests and the service share one checkout, so a build must not break a running program.

jest.setTimeout(240_000);

describe('a build', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trm-build-'));
    const output = { outDir: 'dist', rootDir: '.', module: 'commonjs', target: 'es2022', sourceMap: true };
    // Without the types of the browser, the compiler is three times as fast.
    const compilerOptions = { ...output, types: [], lib: ['es2022'], skipLibCheck: true };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
    write('src/main.ts', mainProgram);
    write('src/late.ts', `export const text = 'first';`);
    write('src/old.ts', `export const text = 'old';`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const place = (path: string): string => join(folder, path);

  function write(path: string, text: string): void {
    mkdirSync(join(place(path), '..'), { recursive: true });
    writeFileSync(place(path), text);
  }

  async function build(): Promise<number> {
    const compiler = spawn(process.execPath, [projectPath('config', 'build.mjs'), 'tsconfig.json'], { cwd: folder });
    const [code] = (await once(compiler, 'exit')) as [number];
    return code;
  }

  const inodeOf = (path: string): number => statSync(place(path)).ino;

  it('keeps unchanged files, replaces changed ones, and removes files without a source', async () => {
    expect(await build()).toBe(0);
    const before = ['dist/src/main.js', 'dist/src/late.js'].map(inodeOf);
    write('src/late.ts', `export const text = 'second';`);
    rmSync(place('src/old.ts'));
    write('src/new/deep.ts', 'export const text = 1;');
    expect(await build()).toBe(0);
    const after = ['dist/src/main.js', 'dist/src/late.js'].map(inodeOf);
    expect([after[0] === before[0], after[1] === before[1]]).toEqual([true, false]);
    expect(readFileSync(place('dist/src/late.js'), 'utf8')).toContain('second');
    expect(readFileSync(place('dist/src/late.js.map'), 'utf8')).toContain('"../../src/late.ts"');
    expect([existsSync(place('dist/src/old.js')), existsSync(place('dist/src/new/deep.js'))]).toEqual([false, true]);
    expect(readdirSync(folder).sort()).toEqual(['dist', 'src', 'tsconfig.json']);
  });

  it('does not break a running program that loads a file later', async () => {
    await build();
    const running = program();
    try {
      expect(await running.asked('first')).toBe('first');
      let building = true;
      const built = Promise.all([build(), build()]).finally(() => (building = false));
      const answers = new Set<string>();
      while (building) answers.add(await running.asked('first'));
      expect(await built).toEqual([0, 0]);
      expect([...answers]).toEqual(['first']);
      write('src/late.ts', `export const text = 'second';`);
      await build();
      expect(await running.asked('second')).toBe('second');
    } finally {
      running.child.kill('SIGKILL');
    }
  });

  it('creates its output folder, even a nested one', async () => {
    const { compilerOptions } = JSON.parse(readFileSync(place('tsconfig.json'), 'utf8')) as { compilerOptions: object };
    const nested = { ...compilerOptions, outDir: 'dist/nested', rootDir: 'src' };
    write('tsconfig.json', JSON.stringify({ compilerOptions: nested, include: ['src'] }));
    expect(await build()).toBe(0);
    expect(readFileSync(place('dist/nested/late.js'), 'utf8')).toContain('first');
  });

  it('changes nothing if it fails', async () => {
    await build();
    write('src/late.ts', `export const text: number = 'second';`);
    rmSync(place('src/old.ts'));
    expect(await build()).not.toBe(0);
    expect(readFileSync(place('dist/src/late.js'), 'utf8')).toContain('first');
    expect(existsSync(place('dist/src/old.js'))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['dist', 'src', 'tsconfig.json']);
  });

  /** A program that answers each line with the text of a newly loaded module, or with the error. */
  function program(): { child: ChildProcess; asked: (what: string) => Promise<string> } {
    const child = spawn(process.execPath, ['dist/src/main.js'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      child,
      asked: async (what) => {
        child.stdin.write(`${what}\n`);
        return (await lines.next()).value as string;
      },
    };
  }
});

const mainProgram = `
declare const require: ((path: string) => { text: string }) & { cache: Record<string, unknown>; resolve(path: string): string };
declare const process: { stdin: { on(event: string, heard: () => void): void }; stdout: { write(text: string): void } };
process.stdin.on('data', () => {
  let text: string;
  try {
    delete require.cache[require.resolve('./late.js')];
    text = require('./late.js').text;
  } catch (error) {
    text = String(error);
  }
  process.stdout.write(text.split('\\n')[0] + '\\n');
});
`;

describe('the commands of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  it('compile only through config/build.mjs, and empty no output folder', () => {
    const direct = Object.entries(scripts).filter(([, command]) => /\bnest build\b|\btsc (?!--noEmit)/.test(command));
    expect(direct).toEqual([]);
    expect(readFileSync(projectPath('nest-cli.json'), 'utf8')).not.toContain('deleteOutDir');
  });

  it.each([
    ['--help', 0, /^npm run demo \[-- options\]\n[^]*--exit {3}ends when the year is played/],
    ['-h', 0, /^npm run demo/],
    ['--exti', 2, /^Unknown option '--exti'\.?[^]*--exit {3}ends/],
    ['now', 2, /^Unexpected argument 'now'/],
  ])('let the demo end on %s with exit code %i, before it builds or starts anything', async (option, code, text) => {
    const [node, ...args] = [...scripts['demo']!.split(' '), option];
    expect(node).toBe('node');
    const folder = mkdtempSync(join(tmpdir(), 'trm-demo-'));
    const child = spawn(process.execPath, [projectPath(args[0]!), ...args.slice(1)], { cwd: folder });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (printed += String(bytes)));
    const [ended] = (await once(child, 'close')) as [number];
    expect([ended, readdirSync(folder)]).toEqual([code, []]);
    expect(printed).toMatch(text);
    rmSync(folder, { recursive: true });
  });
});
