import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ServerUser } from './server-user.js';

/**
 * Runs the program given as its arguments until the service ends. The standard input is a pipe whose other end only the service
 * holds: however the service ends, also by `kill -9`, the pipe closes, and the server is told to shut down at once (SIGINT is
 * PostgreSQL's fast shutdown). Signals to the whole group are the service's to handle, which first ends its requests.
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

/** A running server: to close `stdin` stops it, `exit` tells that it has ended. */
export function supervise(command: string, args: readonly string[], user: ServerUser, logFile: string): ChildProcess {
  const log = openSync(logFile, 'w', 0o600);
  try {
    const supervisor = spawn('/bin/sh', ['-c', script, 'trm-postgres', command, ...args], {
      ...user.spawnAs,
      cwd: '/',
      // A session of its own: Ctrl-C in the terminal reaches the service alone.
      detached: true,
      stdio: ['pipe', log, log],
    });
    // Waiting for the database must not keep a service alive that has nothing else to do.
    supervisor.unref();
    supervisor.stdin?.on('error', () => undefined);
    (supervisor.stdin as unknown as { unref(): void }).unref();
    return supervisor;
  } finally {
    closeSync(log);
  }
}
