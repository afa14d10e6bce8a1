const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A session ends after this time without a request. */
export const sessionIdleMs = 12 * hourMs;

/** The longest life of a session, whether it is used or not. */
export const sessionLifeMs = 14 * dayMs;

/** A request is noted at most once in this time, so that reading pages writes little. */
export const sessionNoteMs = 5 * minuteMs;

/** The times of a session. */
export interface SessionTimes {
  createdAt: Date;
  lastSeenAt: Date;
  endedAt: Date | null;
}

/** Whether a session still acts for its user. */
export const isLive = ({ createdAt, lastSeenAt, endedAt }: SessionTimes, now: Date): boolean =>
  endedAt === null && msBetween(lastSeenAt, now) < sessionIdleMs && msBetween(createdAt, now) < sessionLifeMs;

/** Whether a request at this moment is noted. */
export const isNoted = ({ lastSeenAt }: Pick<SessionTimes, 'lastSeenAt'>, now: Date): boolean =>
  msBetween(lastSeenAt, now) >= sessionNoteMs;

const msBetween = (from: Date, to: Date): number => to.getTime() - from.getTime();
