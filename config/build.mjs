/**
 * Compiles a project: `node config/build.mjs [tsconfig]`; default: the service. The compiler writes to a draft folder, and each
 * changed file is then moved to its place. So a program that runs from an earlier build never misses a file, and two simultaneous
 * builds both leave a complete result.
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
import { writeBrowserFiles } from './browser-files.mjs';

const service = 'tsconfig.build.json';
const { resolve: packageFile } = createRequire(import.meta.url);

/**
 * Builds the project of `tsconfig`, a path relative to the current folder.
 * @returns the exit code of the compiler; if it is not 0, no file was changed
 */
export function build(tsconfig = service) {
  const startedAtMs = Date.now();
  const outDir = outDirOf(tsconfig);
  const [top, ...below] = outDir.split(sep);
  // The draft folder is as deep as the output folder, because source maps contain relative paths.
  const draft = mkdtempSync('.build-');
  const compiled = join(draft, ...below);
  const settings = join(draft, 'tsconfig.json');
  // A signal stops the compiler. This process then removes the draft and exits.
  const stay = () => undefined;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stay);
  try {
    writeFileSync(
      settings,
      JSON.stringify({ extends: resolve(tsconfig), compilerOptions: { outDir: resolve(compiled) } }),
    );
    const compiler = spawnSync(process.execPath, [...compilerOf(tsconfig), '-p', settings], { stdio: 'inherit' });
    let status = compiler.status;
    if (status === 0 && tsconfig === service) {
      writeFileSync(join(compiled, 'build.json'), JSON.stringify({ commit: commit() }));
      status = writeBrowserFiles(join(compiled, 'browser'));
    }
    if (status === 0) {
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

/** The output folder of `tsconfig`, relative to the current folder. */
function outDirOf(tsconfig) {
  const { config, error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return relative('.', ts.parseJsonConfigFileContent(config, ts.sys, resolve(dirname(tsconfig))).options.outDir);
}

/**
 * The commit of the build, which `GET /health/live` shows: `GIT_COMMIT`, or the commit of this folder in Git. Null if neither exists,
 * for example in a source archive, even if it was unpacked inside another repository.
 */
function commit() {
  if (process.env.GIT_COMMIT) return process.env.GIT_COMMIT;
  const git = (...args) => spawnSync('git', args, { encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--show-cdup');
  if (status !== 0 || stdout.trim() !== '') return null;
  return git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*').stdout.trim() || null;
}

/** Nest's compiler adds the descriptions for the OpenAPI document. Other projects do not need them. */
const compilerOf = (tsconfig) =>
  tsconfig === service
    ? [join(dirname(packageFile('@nestjs/cli/package.json')), 'bin', 'nest.js'), 'build']
    : [packageFile('typescript/bin/tsc')];

/** Moves new files first, then deletes files whose source is gone. Files that a later build has written stay. */
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

/** Renames the file, so a reader sees the old file or the new one, never half a file. */
function publishFile(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
  renameSync(from, to);
}

if (process.argv[1] === import.meta.filename) process.exitCode = build(process.argv[2]);
