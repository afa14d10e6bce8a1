import type { HttpLimits } from '../settings/http-limits.js';

/** The minimum rate of a transfer, and how long a stalled transfer may wait. */
export type LeastPace = Pick<HttpLimits, 'leastBytesPerSecond' | 'patienceMs'>;

/**
 * Limits how long the service waits for the other end of a transfer. Waiting uses up patience. Every byte that moves restores
 * the time that it may take at the minimum rate, up to `patienceMs`. So a stalled peer is cut off after `patienceMs`, a slow one
 * somewhat later, and one at the minimum rate never. Only time in which the other end must act counts, so a slow database or
 * disk of ours costs it nothing.
 * Socket time-outs of Node measure silence only: a peer that sends a byte now and then is never cut off.
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

  /** From now on the other end must act. */
  wait(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.lost, this.#leftMs).unref();
  }

  /** The other end has moved this number of bytes. The service no longer waits for it. */
  moved(bytes: number): void {
    clearTimeout(this.#timer);
    if (this.#since === undefined) return;
    const waitedMs = performance.now() - this.#since;
    const earnedMs = (bytes / this.pace.leastBytesPerSecond) * 1000;
    this.#leftMs = Math.min(this.pace.patienceMs, Math.max(0, this.#leftMs - waitedMs) + earnedMs);
    this.#since = undefined;
  }
}
