const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export type SignInLinkKind = 'sign-in' | 'invitation';

/** How long a link works. Nobody waits for an invitation, so it lasts longer. */
export const linkLifeMs: Readonly<Record<SignInLinkKind, number>> = { 'sign-in': 15 * minuteMs, invitation: 7 * dayMs };

/** A user gets at most this many links to sign in within `linkWindowMs`, so that nobody can flood a mailbox. */
export const mostLinks = 5;
export const linkWindowMs = 15 * minuteMs;

/** Whether a user who got links at these moments may get another one. */
export const mayGetLink = (sentAt: readonly Date[], now: Date): boolean =>
  sentAt.filter((at) => now.getTime() - at.getTime() < linkWindowMs).length < mostLinks;

/** The facts that decide whether a link signs in. */
export interface LinkFacts {
  expiresAt: Date;
  usedAt: Date | null;
  /** Whether this browser asked for the link. Always true for an invitation, which opens in any browser. */
  isSameBrowser: boolean;
}

/** Why a link does not sign in. */
export type LinkFault = 'used' | 'expired' | 'other-browser';

/** Undefined if the link signs in. */
export function linkFault({ expiresAt, usedAt, isSameBrowser }: LinkFacts, now: Date): LinkFault | undefined {
  if (usedAt !== null) return 'used';
  if (now >= expiresAt) return 'expired';
  return isSameBrowser ? undefined : 'other-browser';
}
