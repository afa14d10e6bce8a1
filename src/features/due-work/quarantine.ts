/** A subscription for which a job failed, and the time of its next retry. */
export interface QuarantinedTerm {
  job: string;
  subscriptionId: string;
  /** The term that was due. */
  termId: string;
  error: string;
  /** The time of the first failure. */
  since: Date;
  lastTriedAt: Date;
  tries: number;
  tryAgainAt: Date;
}

const firstPauseMinutes = 10;
const longestPauseMinutes = 24 * 60;

/** The time of the next retry after `tries` failures: 10 minutes, then 20, 40 … up to a day. */
export function tryAgainAt(tries: number, now: Date): Date {
  const minutes = Math.min(longestPauseMinutes, firstPauseMinutes * 2 ** (tries - 1));
  return new Date(now.getTime() + minutes * 60_000);
}
