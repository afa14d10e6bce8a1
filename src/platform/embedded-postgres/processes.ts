import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, as some text: with the number it names the process, as numbers are used again. */
export function startOf(pid: number): string {
  // After the name in brackets, which may hold anything, the start is the 20th field.
  const field = procFile(pid, 'stat')?.split(') ').at(-1)?.split(' ')[19];
  return field ?? ps(pid, 'lstart').replaceAll(' ', '-');
}

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
