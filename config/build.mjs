/**
 * Compiles a project: `node config/build.mjs [tsconfig]`, by default the service. The result is compiled beside its place and moved
 * there file by file, and a file that has not changed is left alone. So a demo, a service or a test that runs from an earlier build
 * never misses a file, and two builds at once end with a whole result.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const service = 'tsconfig.build.json';
const { resolve: packageFile } = createRequire(import.meta.url);

/**
 * Builds the project of `tsconfig`, a path from the current folder.
 * @returns the exit code of the compiler; where it is not 0, nothing has changed
 */
export function build(tsconfig = service) {
  const startedAtMs = Date.now();
  const outDir = outDirOf(tsconfig);
  const [top, ...below] = outDir.split(sep);
  // As deep as the folder of all builds, as source maps hold relative paths.
  const draft = mkdtempSync('.build-');
  const compiled = join(draft, ...below);
  const settings = join(draft, 'tsconfig.json');
  // A stop ends the compiler, and this process when the draft is removed.
  const stay = () => undefined;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stay);
  try {
    writeFileSync(
      settings,
      JSON.stringify({ extends: resolve(tsconfig), compilerOptions: { outDir: resolve(compiled) } }),
    );
    const { status } = spawnSync(process.execPath, [...compilerOf(tsconfig), '-p', settings], { stdio: 'inherit' });
    if (status === 0) {
      if (tsconfig === service) writeFileSync(join(compiled, 'build.json'), JSON.stringify({ commit: commit() }));
      mkdirSync(join(top, ...below), { recursive: true });
      for (const part of readdirSync(compiled, { withFileTypes: true })) {
        if (join(compiled, part.name) === settings) continue;
        if (part.isDirectory()) publishFolder(join(compiled, part.name), join(top, ...below, part.name), startedAtMs);
        else publishFile(join(compiled, part.name), join(top, ...below, part.name));
      }
    }
    return status ?? 1;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    for (const signal of signals) process.off(signal, stay);
  }
}

/** Where `tsconfig` writes to, from the current folder. */
function outDirOf(tsconfig) {
  const { config, error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return relative('.', ts.parseJsonConfigFileContent(config, ts.sys, resolve(dirname(tsconfig))).options.outDir);
}

/**
 * The commit that is built, which `GET /health/live` names: `GIT_COMMIT`, or what Git says of this folder. Null where neither is there, as
 * in an archive of the sources, also if it was unpacked inside another repository.
 */
function commit() {
  if (process.env.GIT_COMMIT) return process.env.GIT_COMMIT;
  const git = (...args) => spawnSync('git', args, { encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--show-cdup');
  if (status !== 0 || stdout.trim() !== '') return null;
  return git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*').stdout.trim() || null;
}

/** Nest's compiler adds the descriptions of the interface; the rest needs none. */
const compilerOf = (tsconfig) =>
  tsconfig === service
    ? [join(dirname(packageFile('@nestjs/cli/package.json')), 'bin', 'nest.js'), 'build']
    : [packageFile('typescript/bin/tsc')];

/** New files come first, then the old ones that no source has any more go. What a later build has put there stays. */
function publishFolder(from, to, startedAtMs) {
  mkdirSync(to, { recursive: true });
  const parts = readdirSync(from, { withFileTypes: true });
  for (const part of parts) {
    if (part.isDirectory()) publishFolder(join(from, part.name), join(to, part.name), startedAtMs);
    else publishFile(join(from, part.name), join(to, part.name));
  }
  const made = new Set(parts.map(({ name }) => name));
  for (const name of readdirSync(to).filter((one) => !made.has(one))) {
    const modified = statSync(join(to, name), { throwIfNoEntry: false });
    if (modified && modified.mtimeMs < startedAtMs) rmSync(join(to, name), { recursive: true, force: true });
  }
}

/** By renaming, so that a reader has the old file or the new one, never half of it. */
function publishFile(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
  renameSync(from, to);
}

if (process.argv[1] === import.meta.filename) process.exitCode = build(process.argv[2]);
