import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, startOf } from './processes.js';
import { StartError } from '../settings/start-error.js';

/** Long enough for another process that found the same stale lock to take it or lose it. */
const settleMs = 50;

/**
 * Allows one service per data folder. The lock is a file with the process number and the start time of the process,
 * so that it becomes invalid when its owner ends in any way. proper-lockfile would take the lock from a process that was only paused
 * for ten seconds. Returns the function that releases it.
 * @throws StartError if another service holds it
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
  const file = join(dataDir, 'service.lock');
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  if (!created(file, mine)) {
    refuseIfHeld(file, dataDir);
    rmSync(file, { force: true });
    if (!created(file, mine)) refuseIfHeld(file, dataDir);
    await pause(settleMs);
    if (contentOf(file) !== mine) refuseIfHeld(file, dataDir);
  }
  return () => {
    if (contentOf(file) === mine) rmSync(file, { force: true });
  };
}

function refuseIfHeld(file: string, dataDir: string): void {
  const [pid, start] = contentOf(file).trim().split(' ');
  const owner = Number(pid);
  if (owner > 0 && isAlive(owner) && startOf(owner) === start) {
    throw new StartError(
      `Another service (process ${owner}) uses ${dataDir}: stop it, or give this one a DATA_DIR of its own, or both the same DATABASE_URL`,
    );
  }
}

/** Creates the file by a hard link, so that it has its content from the first moment. */
function created(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}
