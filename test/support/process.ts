import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asService } from './database.js';
import { projectPath } from '../../src/platform/project-root.js';

interface ProcessOptions {
  /** The folder with the build: the checkout or a copy. */
  folder?: string;
  cwd?: string;
  uid?: number;
  roles?: boolean;
}

/** The service in a process of its own: `node dist/src/main.js`, as an operator starts it. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;
  output = '';

  /**
   * By default the service uses its own role on the test server, and a superuser migrates; `roles: false` keeps the addresses of
   * `env`. The working directory is not the checkout, so that a developer's `.env` does not change the tests.
   */
  constructor(
    env: NodeJS.ProcessEnv,
    { folder = projectPath(), cwd = tmpdir(), uid, roles = true }: ProcessOptions = {},
  ) {
    const identity = uid === undefined ? {} : { uid, gid: uid };
    this.#child = spawn(process.execPath, [join(folder, 'dist', 'src', 'main.js')], {
      cwd,
      env: { PATH: process.env.PATH, PORT: '0', ...env, ...(roles && rolesOf(env)) },
      ...identity,
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
  }

  /** Waits until the service logs that it is ready, and returns its address. */
  async ready(): Promise<string> {
    for (;;) {
      const url = /is ready: (\S+)/.exec(this.output)?.[1];
      if (url) return url;
      if (this.#child.exitCode !== null)
        throw new Error(`The service ended with ${this.#child.exitCode}:\n${this.output}`);
      await pause(20);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

function rolesOf({ DATABASE_URL: url, DATABASE_OWNER_URL: owner }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (url === undefined || owner !== undefined || asService(url) === url) return {};
  return { DATABASE_URL: asService(url), DATABASE_OWNER_URL: url };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
