import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDir, unusable } from './data-dir.js';

/**
 * The key that signs personal links if SECRET_KEY is not set. It is made once and stored in the data folder, readable only by its owner.
 * @throws StartError that says how to correct a problem with the folder
 */
export function keptSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret-key');
  makeDataDir(dataDir);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(dataDir, error);
  }
  try {
    writeOnce(file, `${randomBytes(32).toString('base64url')}\n`);
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** If two processes start at once, the first file wins, and both use its key. */
function writeOnce(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
