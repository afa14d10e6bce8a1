/**
 * Writes the files that browsers load: one style sheet, joined from all `.css` files of `src`; the scripts of `src/console/browser`; and
 * the library that they import. Each file is also written compressed, because it is compressed once here and sent many times.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import ts from 'typescript';

const { resolve: packageFile } = createRequire(import.meta.url);

const scripts = join('src', 'console', 'browser', 'tsconfig.json');

/**
 * Writes all files into `folder`.
 * @returns the exit code of the compiler
 */
export function writeBrowserFiles(folder) {
  mkdirSync(folder, { recursive: true });
  const compiler = packageFile('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', scripts, '--outDir', folder], { stdio: 'inherit' });
  if (status !== 0) return status ?? 1;
  writeFileSync(join(folder, 'turbo.js'), turbo());
  copyFileSync(join('src', 'console', 'browser', 'icon.svg'), join(folder, 'icon.svg'));
  writeFileSync(join(folder, 'trm.css'), styleSheet());
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
  return 0;
}

/**
 * The library without the style element of its progress bar, which the content security policy forbids. The style sheet of the pages has
 * these rules. Without its comments, it is a fifth smaller compressed.
 */
function turbo() {
  const text = readFileSync(packageFile('@hotwired/turbo/dist/turbo.es2017-esm.js'), 'utf8');
  const pieces = text.split('this.installStylesheetElement();');
  if (pieces.length !== 2) throw new Error('Turbo no longer installs its style element in one place');
  return ts.transpileModule(pieces.join(''), {
    compilerOptions: { target: 'es2022', module: 'es2022', removeComments: true },
  }).outputText;
}

/** The look of all pages comes first, so that the sheet of one page can refine it. */
function styleSheet() {
  const look = cssFilesOf(join('src', 'platform', 'pages', 'look'));
  const pages = cssFilesOf(join('src', 'console'));
  return [...look, ...pages].map((file) => readFileSync(file, 'utf8')).join('\n');
}

const cssFilesOf = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.css'))
    .sort()
    .map((name) => join(folder, name));
