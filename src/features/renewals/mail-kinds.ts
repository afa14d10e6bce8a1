/** The kind of a reminder mail is this prefix and the days before the end of the term. */
export const reminderKindPrefix = 'renewal-reminder-';

/** The kind of the mail that confirms the lock. */
export const lockKind = 'renewal-locked';
