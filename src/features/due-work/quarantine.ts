/** A subscription that a job could not deal with, and when it will be tried again. */
export interface QuarantinedTerm {
  job: string;
  subscriptionId: string;
  /** The term that was due. */
  termId: string;
  error: string;
  /** When it failed first. */
  since: Date;
  lastTriedAt: Date;
  tries: number;
  tryAgainAt: Date;
}

const firstPauseMinutes = 10;
const longestPauseMinutes = 24 * 60;

/** When to try again what has failed so many times: each pause is twice as long as the one before, up to a day. */
export function tryAgainAt(tries: number, now: Date): Date {
  const minutes = Math.min(longestPauseMinutes, firstPauseMinutes * 2 ** (tries - 1));
  return new Date(now.getTime() + minutes * 60_000);
}
