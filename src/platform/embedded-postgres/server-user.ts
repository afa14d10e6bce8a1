import { readFileSync } from 'node:fs';
import { makeFolder } from './folders.js';

/** The user that runs the database server: PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** Whether this is the user of the service. */
  readonly isSelf: boolean;
  /** Options for `spawn`; empty if the user stays the same. */
  readonly spawnAs: { readonly uid?: number; readonly gid?: number };
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The user of this process. */
export function self(): ServerUser {
  const uid = process.getuid?.() ?? -1;
  return { uid, gid: process.getgid?.() ?? -1, name: String(uid), isSelf: true, spawnAs: {} };
}

/** Another user, as whom root runs the server. */
export const other = (uid: number, gid: number, name = String(uid)): ServerUser => ({
  uid,
  gid,
  name,
  isSelf: false,
  spawnAs: { uid, gid },
});

/** The user `nobody`; 65534 if the system does not list it. */
export function nobody(): ServerUser {
  const [, uid = 65_534, gid = 65_534] =
    /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))?.map(Number) ?? [];
  return other(uid, gid, 'nobody');
}

/** A folder for root that the server's user can reach, for when the folders of the service are closed to that user. */
export function homeOfRoot(): string {
  const home = '/var/lib/trm-service';
  makeFolder(home, 0o711);
  return home;
}
