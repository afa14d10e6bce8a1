import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from './start-error.js';

/**
 * Creates the data folder if it does not exist. A folder of root has the mode 0711, because the embedded database runs as another
 * user; the files in it stay private.
 * @throws StartError that says how to correct the problem
 */
export function makeDataDir(dataDir: string): void {
  try {
    if (existsSync(dataDir)) {
      if (!statSync(dataDir).isDirectory()) throw new StartError(`${dataDir} is not a folder.`);
      return;
    }
    makeWithParents(dataDir);
    chmodSync(dataDir, closedMode());
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** For root, other users may traverse the folder, because the embedded database runs as another user. */
const closedMode = (): number => (process.getuid?.() === 0 ? 0o711 : 0o700);

/** The files and folders that the service creates in its data folder. */
const ours = new Set(['postgres', 'postgres.location', 'secret-key', 'service.lock', 'mailbox']);

/**
 * Makes an existing data folder, its mailbox and its mails private. Leaves a folder alone that is shared (/tmp), belongs to another
 * user, or contains no files of the service.
 * @throws StartError that says how to correct the problem
 */
export function closeDataDir(dataDir: string): void {
  const folder = statSync(dataDir, { throwIfNoEntry: false });
  if (!folder?.isDirectory() || folder.uid !== process.getuid?.()) return;
  try {
    const names = readdirSync(dataDir).filter((name) => ours.has(name));
    const isShared = (folder.mode & 0o1000) !== 0;
    if (names.length > 0 && !isShared) chmodSync(dataDir, folder.mode & closedMode());
    if (names.includes('mailbox')) closeMailbox(join(dataDir, 'mailbox'));
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

function closeMailbox(mailbox: string): void {
  if (statSync(mailbox).uid !== process.getuid?.()) return;
  chmodSync(mailbox, 0o700);
  for (const entry of readdirSync(mailbox, { withFileTypes: true })) {
    // Another instance may be renaming a new mail at this moment.
    if (entry.isFile() && entry.name.endsWith('.eml')) chmodSync(join(mailbox, entry.name), 0o600);
  }
}

/** Creates folders one by one: `recursive` never ends on a file system that refuses new folders, such as /proc. */
function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  makeWithParents(dirname(folder));
  mkdirSync(folder);
}

/** The error to show for a problem with the data folder. */
export function unusable(dataDir: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new StartError(`${dataDir} cannot be created (${code}).`);
  if (code !== 'EACCES' && code !== 'EPERM') return error as Error;
  const me = `${process.getuid?.()}:${process.getgid?.()}`;
  return new StartError(
    `${dataDir} cannot be used by this user (${code}). If another one made it: sudo chown -R ${me} ${dataDir}`,
  );
}
