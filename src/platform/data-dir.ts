import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from './start-error.js';

/**
 * Makes the data folder where there is none. For root it can be passed through, as the database server runs as another user there; what lies
 * in it stays closed. Throws, saying how to mend it, where that cannot be.
 */
export function makeDataDir(dataDir: string): void {
  try {
    if (existsSync(dataDir)) {
      if (!statSync(dataDir).isDirectory()) throw new StartError(`${dataDir} is not a folder.`);
      return;
    }
    makeWithParents(dataDir);
    chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** One by one: `recursive` tries for ever where a file system has a folder but makes none in it, such as /proc. */
function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  makeWithParents(dirname(folder));
  mkdirSync(folder);
}

/** The error to show for what went wrong in the data folder. */
export function unusable(dataDir: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new StartError(`${dataDir} cannot be made (${code}).`);
  if (code !== 'EACCES' && code !== 'EPERM') return error as Error;
  const me = `${process.getuid?.()}:${process.getgid?.()}`;
  return new StartError(
    `${dataDir} cannot be used by this user (${code}). If another one made it: sudo chown -R ${me} ${dataDir}`,
  );
}
