/** The kind of a reminder mail is this prefix and the days before the end of the term. */
export const reminderKindPrefix = 'renewal-reminder-';

/** The kind of the mail to the CSM instead of a reminder that has no recipient. */
export const contactMissingKind = 'renewal-contact-missing';

/** The kind of the mail that confirms the lock. */
export const lockKind = 'renewal-locked';

/** The kind of the mail that confirms a notice. */
export const noticeRecordedKind = 'notice-recorded';

/** The kinds of the mails about a change of what will renew. */
export const renewalChangedKind = 'renewal-changed';
export const nextPackageDroppedKind = 'next-package-dropped';

/** The kinds of the mail about the end of a term. */
export const rollOverKinds = { renewed: 'term-renewed', ended: 'term-ended' } as const;
