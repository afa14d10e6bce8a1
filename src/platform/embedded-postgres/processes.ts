import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Whether a process runs. A zombie has ended, although it stays listed until its parent reads its exit code. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM: the process runs and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The state comes after the name in brackets, which may contain any character. Z and X mean ended. */
const isZombie = (pid: number): boolean => /^[ZX]/.test(fieldsOf(pid)?.[0] ?? ps(pid, 'stat'));

/** When a process started, as text. With the process number it identifies the process, because numbers are reused. */
export function startOf(pid: number): string {
  // The 20th field after the name in brackets.
  return fieldsOf(pid)?.[19] ?? ps(pid, 'lstart').replaceAll(' ', '-');
}

/** The part of `/proc/<pid>/stat` after the name; undefined if there is no /proc. */
const fieldsOf = (pid: number): string[] | undefined => procFile(pid, 'stat')?.split(') ').at(-1)?.split(' ');

/** The command line of a process; empty if there is none. */
export const commandOf = (pid: number): string => procFile(pid, 'cmdline')?.replaceAll('\0', ' ') ?? ps(pid, 'command');

function procFile(pid: number, name: string): string | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** For systems without /proc (macOS). */
function ps(pid: number, column: string): string {
  return spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}
