import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
    chmodSync(dataDir, closedMode());
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** Root's can be passed through, as the server of the embedded database runs as another user. */
const closedMode = (): number => (process.getuid?.() === 0 ? 0o711 : 0o700);

/** What the service keeps in its data folder. */
const ours = new Set(['postgres', 'postgres.location', 'secret-key', 'service.lock', 'mailbox']);

/**
 * Closes a data folder that was made earlier, its mailbox and the mails in it to other users. A folder that is shared (/tmp),
 * belongs to another user, or holds nothing of ours is left alone. Throws, saying how to mend it, where it cannot be closed.
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
    // Another instance may be renaming a mail that it has just written.
    if (entry.isFile() && entry.name.endsWith('.eml')) chmodSync(join(mailbox, entry.name), 0o600);
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
