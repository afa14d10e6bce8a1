import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceProcess } from '../../support/process.js';
import type { Random } from '../random.js';

export const adminToken = 'admin-token-of-the-tests-0123456789';

interface Instance {
  folder: string;
  process: ServiceProcess;
  /** Undefined while it does not run. */
  url: string | undefined;
}

/** Several processes of the service on one database. */
export class Instances {
  #all: Instance[] = [];

  constructor(private readonly databaseUrl: string) {}

  async start(count: number, folder: string): Promise<void> {
    this.#all = Array.from({ length: count }, (_, number) => {
      const own = join(folder, `instance-${number}`);
      mkdirSync(own);
      return { folder: own, process: this.#process(own), url: undefined };
    });
    for (const instance of this.#all) instance.url = await instance.process.ready();
  }

  /** The address of an instance that runs. */
  oneOf(random: Random): string {
    return random.oneOf(this.#running()).url!;
  }

  async killAndRestart(random: Random): Promise<void> {
    const instance = random.oneOf(this.#running());
    instance.url = undefined;
    instance.process.signal('SIGKILL');
    await instance.process.ended;
    instance.process = this.#process(instance.folder);
    instance.url = await instance.process.ready();
  }

  /** Ends all instances; returns their exit codes. */
  async stop(): Promise<(number | null)[]> {
    for (const { process } of this.#all) process.signal('SIGTERM');
    return Promise.all(this.#all.map(({ process }) => process.ended));
  }

  /** Leaves no process behind, also after a failure. */
  end(): void {
    for (const { process } of this.#all) process.signal('SIGKILL');
  }

  #running(): Instance[] {
    return this.#all.filter(({ url }) => url !== undefined);
  }

  #process(folder: string): ServiceProcess {
    return new ServiceProcess({
      DATABASE_URL: this.databaseUrl,
      DATA_DIR: folder,
      SECRET_KEY: 'secret-key-of-the-tests-0123456789',
      ADMIN_TOKEN: adminToken,
      CLOCK: 'simulated:2026-07-10T03:00:00Z',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
      JOBS: 'off',
    });
  }
}
