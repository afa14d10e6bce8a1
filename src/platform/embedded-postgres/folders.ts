import { chmodSync, mkdirSync } from 'node:fs';

/** Makes a folder, and those above it, with this mode whatever the process's umask is. */
export function makeFolder(folder: string, mode: number): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
}
