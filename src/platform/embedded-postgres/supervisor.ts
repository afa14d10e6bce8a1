import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ServerUser } from './server-user.js';

/**
 * Runs the program in its arguments until the service ends. Standard input is a pipe whose other end only the service
 * holds. When the service ends, even by `kill -9`, the pipe closes, and the supervisor sends SIGINT, PostgreSQL's
 * fast shutdown. It ignores signals to the process group, because the service handles them and ends its requests
 * first.
 */
const script = `
trap '' TERM INT HUP
exec 3<&0
"$@" 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null &
watcher=$!
exec 3<&-
wait $server
code=$?
kill -KILL $watcher 2>/dev/null
exit $code
`;

/** A running server. Closing `stdin` stops it; `exit` resolves when it has ended. */
export function supervise(command: string, args: readonly string[], user: ServerUser, logFile: string): ChildProcess {
  const log = openSync(logFile, 'w', 0o600);
  try {
    const supervisor = spawn('/bin/sh', ['-c', script, 'trm-postgres', command, ...args], {
      ...user.spawnAs,
      cwd: '/',
      // A session of its own, so that Ctrl-C in the terminal reaches only the service.
      detached: true,
      stdio: ['pipe', log, log],
    });
    // The database must not keep alive a service that has nothing else to do.
    supervisor.unref();
    supervisor.stdin?.on('error', () => undefined);
    (supervisor.stdin as unknown as { unref(): void }).unref();
    return supervisor;
  } finally {
    closeSync(log);
  }
}
