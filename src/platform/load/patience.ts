import type { HttpLimits } from '../settings/http-limits.js';

/** The least rate of a transfer, and for how long a transfer that stands still is waited for. */
export type LeastPace = Pick<HttpLimits, 'leastBytesPerSecond' | 'patienceMs'>;

/**
 * How long the other end of a transfer is waited for. Waiting uses patience up, and every byte that moves gives as much back as
 * it may take at the least rate, up to the whole. So an end that stands still is given up after `patienceMs`, one that drips
 * somewhat later, and one that keeps the least rate never; a short break is made up for. Only the time in which the other end
 * has to act counts: a slow database or disk of ours costs it nothing.
 *
 * The time-outs of Node's sockets measure silence only: a peer that sends a byte now and then is never cut off.
 */
export class Patience {
  #leftMs: number;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param lost is called once, when the patience is used up */
  constructor(
    private readonly pace: LeastPace,
    private readonly lost: () => void,
  ) {
    this.#leftMs = pace.patienceMs;
  }

  /** From now on the other end has to act. */
  wait(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.lost, this.#leftMs).unref();
  }

  /** The other end has moved this number of bytes; nobody waits for it now. */
  moved(bytes: number): void {
    clearTimeout(this.#timer);
    if (this.#since === undefined) return;
    const waitedMs = performance.now() - this.#since;
    const earnedMs = (bytes / this.pace.leastBytesPerSecond) * 1000;
    this.#leftMs = Math.min(this.pace.patienceMs, Math.max(0, this.#leftMs - waitedMs) + earnedMs);
    this.#since = undefined;
  }
}
