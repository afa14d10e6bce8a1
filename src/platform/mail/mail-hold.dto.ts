export class MailHoldAnswer {
  /** Whether mails wait until an administrator releases them. */
  held!: boolean;
  /** Null where they are not held, or by `MAIL_HOLD` alone. */
  since!: Date | null;
  /** `setting`: `MAIL_HOLD=on`. All others: the database looks like a copy. */
  reasons!: ('setting' | 'other-cluster' | 'other-database' | 'other-address' | 'other-folder')[];
}
