/**
 * `npm run dev`: runs the service, and restarts it after each change in `src`, `config` or `migrations`.
 *
 * swc compiles a changed file in milliseconds; the compiler of `config/build.mjs` takes about twenty seconds for all files. swc does
 * not check types, and adds no descriptions to /docs: use `npm run check:types` and `npm run build` for these. With `--debug`, a
 * debugger can attach to port 9229.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { transformFile } from '@swc/core';
import { writeBrowserFiles } from './browser-files.mjs';
import jest from './jest.config.mjs';

const folder = join('dist', 'dev');
const ofBrowser = join('src', 'console', 'browser');
const isSource = (path) => /(?<!\.spec|\.d)\.tsx?$/.test(path) && !path.startsWith(ofBrowser);
const isForBrowser = (path) => path.startsWith(ofBrowser) || path.endsWith('.css');
const compiledPath = (path) => join(folder, path.replace(/\.tsx?$/, '.js'));

/** The same settings as for the tests, which run the same output. */
const settings = Object.entries(jest.transform)
  .map(([pattern, [, options]]) => ({ pattern: new RegExp(pattern), options }))
  .filter(({ pattern }) => pattern.test('a.ts') || pattern.test('a.tsx'));

async function compile(path) {
  const { options } = settings.find(({ pattern }) => pattern.test(path));
  const target = compiledPath(path);
  const { code, map } = await transformFile(path, { ...options, sourceMaps: true });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.map`, map);
  writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
}

const program = resolve(compiledPath('src/main.ts'));
const debug = process.argv.includes('--debug');
const prepare = () => fork('config/dev-process.cjs', { execArgv: ['--enable-source-maps'] });

let service;
let next;

function start() {
  service = next ?? prepare();
  next = undefined;
  service.send({ program, debug });
  // After a delay, so that it does not slow down the service that is starting.
  setTimeout(() => (next ??= prepare()), 3_000).unref();
}

async function stop(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const changed = new Set();
let working = false;

/** Compiles the files that changed since the last call. If a file does not compile, the service keeps running with the old one. */
async function restart() {
  if (working || changed.size === 0) return;
  working = true;
  const startedAtMs = performance.now();
  const paths = [...changed];
  changed.clear();
  try {
    for (const path of paths.filter(isSource)) {
      await compile(path).catch((error) => {
        if (error.code !== 'ENOENT' && !/No such file/.test(error.message)) throw error;
        rmSync(compiledPath(path), { force: true });
      });
    }
    if (paths.some(isForBrowser)) writeBrowserFiles(join('dist', 'browser'));
    await stop(service);
    start();
    console.log(
      `\nRestarted for ${paths.join(', ')} (compiled and stopped in ${Math.round(performance.now() - startedAtMs)} ms).`,
    );
  } catch (error) {
    console.error(error.message);
  }
  working = false;
  await restart();
}

rmSync(folder, { recursive: true, force: true });
const sources = readdirSync('src', { recursive: true }).map((path) => join('src', path));
await Promise.all(sources.filter(isSource).map(compile));
if (writeBrowserFiles(join('dist', 'browser')) !== 0) process.exit(1);
start();

// An editor may write a file in several steps; they count as one change.
let pause;
for (const top of ['src', 'config', 'migrations']) {
  watch(top, { recursive: true }, (_, name) => {
    const path = join(top, name);
    if (!isSource(path) && !isForBrowser(path) && !/\.(yaml|sql|html)$/.test(path)) return;
    changed.add(path);
    clearTimeout(pause);
    pause = setTimeout(restart, 50);
  });
}

// Ctrl-C also reaches the service. This process exits after it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => void Promise.all([service, next].map(stop)).then(() => process.exit()));
}
