import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './folders.js';
import { homeOfRoot, isRoot, nobody, other, self, type ServerUser } from './server-user.js';
import { StartError } from '../settings/start-error.js';

export interface DataFolder {
  /** Contains the cluster in `data`, the `password` and the `server.log`. */
  readonly folder: string;
  readonly user: ServerUser;
}

/**
 * The location of the embedded database and the user that its server runs as. The location is `postgres` in the data
 * folder. As root, the server runs as another user. If that user cannot reach the data folder, the database is in
 * another folder, and a note in the data folder names it for later starts.
 * @throws StartError that says how to correct the problem, if the folder belongs to another user
 */
export function dataFolderOf(dataDir: string, tell: (message: string) => void): DataFolder {
  const folder = placeOf(dataDir);
  if (existsSync(folder)) {
    const place = existing(folder);
    chmodSync(folder, 0o700);
    return place;
  }

  const user = isRoot() ? nobody() : self();
  makeFolderOf(user, folder);
  if (canReach(user, folder)) return { folder, user };

  rmdirSync(folder);
  const elsewhere = join(homeOfRoot(), createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  makeFolderOf(user, elsewhere);
  if (!canReach(user, elsewhere))
    throw new StartError(`The user ${user.name} can reach neither ${folder} nor ${elsewhere}`);
  writeFileSync(noteIn(dataDir), `${elsewhere}\n`, { mode: 0o600 });
  tell(`The database server runs as ${user.name}, who cannot reach ${folder}. Its data is in ${elsewhere}.`);
  return { folder: elsewhere, user };
}

const noteIn = (dataDir: string): string => join(dataDir, 'postgres.location');

function placeOf(dataDir: string): string {
  const note = noteIn(dataDir);
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : join(dataDir, 'postgres');
}

function existing(folder: string): DataFolder {
  const { uid, gid } = statSync(folder);
  if (isRoot()) {
    if (uid === 0)
      throw new StartError(`${folder} belongs to root, but PostgreSQL does not run as root: chown -R nobody ${folder}`);
    const user = uid === nobody().uid ? nobody() : other(uid, gid);
    if (canReach(user, folder)) return { folder, user };
    throw new StartError(
      `${folder} belongs to the user ${uid}, who cannot get there: open the folders above it (chmod o+x)`,
    );
  }
  if (uid === self().uid) return { folder, user: self() };
  throw new StartError(
    `The database in ${folder} belongs to another user (${uid}), it was probably made as root. To go on with it: sudo chown -R ${self().uid}:${self().gid} ${folder}`,
  );
}

function makeFolderOf(user: ServerUser, folder: string): void {
  makeFolder(folder, 0o700);
  if (!user.isSelf) chownSync(folder, user.uid, user.gid);
}

const canReach = (user: ServerUser, folder: string): boolean =>
  user.isSelf || spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user.spawnAs, cwd: '/' }).status === 0;
