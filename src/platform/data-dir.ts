import { chmodSync, mkdirSync } from 'node:fs';
import { StartError } from './start-error.js';

/**
 * Makes the data folder where there is none. For root it can be passed through, as the database server runs as another user there; what lies
 * in it stays closed. Throws, saying how to mend it, where that cannot be.
 */
export function makeDataDir(dataDir: string): void {
  try {
    if (mkdirSync(dataDir, { recursive: true }) === undefined) return;
    chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** The error to show for what went wrong in the data folder. */
export function unusable(dataDir: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM') return error as Error;
  const me = `${process.getuid?.()}:${process.getgid?.()}`;
  return new StartError(
    `${dataDir} cannot be used by this user (${code}). If another one made it: sudo chown -R ${me} ${dataDir}`,
  );
}
