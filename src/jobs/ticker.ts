import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Clock, SimulatedClock } from '../platform/clock.js';
import { Config } from '../platform/settings/config.js';
import { JobRunner } from './runner.js';
import type { Job } from './job.js';
import { JobStore } from './job.store.js';
import { Schedule } from './schedule.js';

/**
 * Looks for due jobs every minute, and once at the start. The database stores what is due, so a tick that is late, doubled or
 * missed does no harm. A simulated clock does not tick: it moves only when it is advanced. Mails are sent in a separate loop,
 * so that a mail server that hangs delays no other job. Only the tick comes from @nestjs/schedule: its cron knows no other instance,
 * and runs a job of a local time twice when the clocks go back.
 */
@Injectable()
export class Ticker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Jobs');
  readonly #jobs = new Loop();
  readonly #mails = new Loop();

  constructor(
    private readonly runner: JobRunner,
    private readonly schedule: Schedule,
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.store.register();
    if (this.config.jobs) this.#tick('start');
  }

  @Cron('0 * * * * *', { name: 'tick', timeZone: 'UTC' })
  everyMinute(): void {
    if (this.config.jobs && !(this.clock instanceof SimulatedClock)) this.#tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.stop();
    await Promise.all([this.#jobs.ended, this.#mails.ended]);
  }

  #tick(at?: 'start'): void {
    const { allButMailDelivery, mailDelivery } = this.schedule;
    const deliver = (): void => this.#mails.begin(() => this.#runDue([mailDelivery]));
    deliver();
    this.#jobs.begin(async () => {
      if (at === 'start') await this.#looking((now) => this.runner.runAtStart(now));
      await this.#runDue(allButMailDelivery);
      // Sends the mails that the jobs have queued.
      deliver();
    });
  }

  #runDue(jobs: readonly Job[]): Promise<void> {
    return this.#looking(async (now) => {
      await this.runner.runDue(now, await this.runner.dueTimes(now, jobs), 'leave', jobs);
    });
  }

  async #looking(work: (now: Date) => Promise<void>): Promise<void> {
    if (this.runner.stopping) return;
    try {
      await work(this.clock.now());
    } catch (error) {
      this.#logger.error('The jobs could not be looked at', error instanceof Error ? error.stack : error);
    }
  }
}

/** If the work takes longer than a minute, the next tick does not start it again. */
class Loop {
  #running: Promise<void> | undefined;

  get ended(): Promise<void> | undefined {
    return this.#running;
  }

  begin(work: () => Promise<void>): void {
    this.#running ??= work().finally(() => (this.#running = undefined));
  }
}
