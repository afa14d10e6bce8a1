import { readFileSync } from 'node:fs';
import { makeFolder } from './folders.js';

/** Whom the database server runs as: PostgreSQL refuses to be run by root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** Whether that is who runs the service. */
  readonly isSelf: boolean;
  /** Options for `spawn`; empty where nothing is to be changed. */
  readonly spawnAs: { readonly uid?: number; readonly gid?: number };
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The user of this process. */
export function self(): ServerUser {
  const uid = process.getuid?.() ?? -1;
  return { uid, gid: process.getgid?.() ?? -1, name: String(uid), isSelf: true, spawnAs: {} };
}

/** Another user, for root to run the server as. */
export const other = (uid: number, gid: number, name = String(uid)): ServerUser => ({
  uid,
  gid,
  name,
  isSelf: false,
  spawnAs: { uid, gid },
});

/** The user who owns nothing; 65534 where the system does not list one. */
export function nobody(): ServerUser {
  const [, uid = 65_534, gid = 65_534] =
    /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))?.map(Number) ?? [];
  return other(uid, gid, 'nobody');
}

/** Where root keeps what another user must reach when the folders of the service are closed to that user. */
export function homeOfRoot(): string {
  const home = '/var/lib/trm-service';
  makeFolder(home, 0o711);
  return home;
}
