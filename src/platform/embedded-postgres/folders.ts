import { chmodSync, mkdirSync } from 'node:fs';

/** Creates a folder and its missing parents with this mode, whatever the umask of the process is. */
export function makeFolder(folder: string, mode: number): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
}
