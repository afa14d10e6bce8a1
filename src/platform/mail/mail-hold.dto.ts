export class MailHoldAnswer {
  /** Whether mails wait until an administrator releases them. */
  held!: boolean;
  /** `null` if mails are not held, or only because of `MAIL_HOLD`. */
  since!: Date | null;
  /**
   * `setting` means `MAIL_HOLD=on`, `administrator` that an administrator holds the mails. All other reasons mean that the database
   * looks like a copy.
   */
  reasons!: ('setting' | 'administrator' | 'other-cluster' | 'other-database' | 'other-address' | 'other-folder')[];
}
