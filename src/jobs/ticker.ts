import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Clock, SimulatedClock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { JobRunner } from './runner.js';
import { JobStore } from './job.store.js';

/**
 * Asks every minute, and once at the start, what is due. It only asks: what is due stands in the database, so that a tick
 * that is late, doubled or left out changes nothing. Simulated time passes when it is advanced, and not by the minute.
 */
@Injectable()
export class Ticker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Jobs');
  #inHand: Promise<void> | undefined;

  constructor(
    private readonly runner: JobRunner,
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.store.register();
    if (this.config.jobs) this.#tick();
  }

  @Cron('0 * * * * *', { name: 'tick', timeZone: 'UTC' })
  everyMinute(): void {
    if (this.config.jobs && !(this.clock instanceof SimulatedClock)) this.#tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.stop();
    await this.#inHand;
  }

  /** A tick that takes longer than a minute is not joined by the next one. */
  #tick(): void {
    if (this.#inHand || this.runner.stopping) return;
    this.#inHand = this.#runDue()
      .catch((error: unknown) =>
        this.#logger.error('The jobs could not be looked at', error instanceof Error ? error.stack : error),
      )
      .finally(() => (this.#inHand = undefined));
  }

  async #runDue(): Promise<void> {
    const now = this.clock.now();
    await this.runner.runDue(now, await this.runner.outlook(now), 'leave');
  }
}
