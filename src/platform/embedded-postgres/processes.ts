import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended stays listed as a zombie until its parent asks for its exit code. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** After the name in brackets, which may hold anything, the state comes first: Z and X are dead. */
const isZombie = (pid: number): boolean => /^[ZX]/.test(fieldsOf(pid)?.[0] ?? ps(pid, 'stat'));

/** When a process began, as some text: with the number it names the process, as numbers are used again. */
export function startOf(pid: number): string {
  // The 20th field after the name in brackets.
  return fieldsOf(pid)?.[19] ?? ps(pid, 'lstart').replaceAll(' ', '-');
}

/** Of `/proc/<pid>/stat` what follows the name; undefined where there is no /proc. */
const fieldsOf = (pid: number): string[] | undefined => procFile(pid, 'stat')?.split(') ').at(-1)?.split(' ');

/** The command line of a process; empty where there is none. */
export const commandOf = (pid: number): string => procFile(pid, 'cmdline')?.replaceAll('\0', ' ') ?? ps(pid, 'command');

function procFile(pid: number, name: string): string | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** Where there is no /proc (macOS). */
function ps(pid: number, column: string): string {
  return spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}
