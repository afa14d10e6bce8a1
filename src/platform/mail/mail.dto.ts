export class MailAttemptAnswer {
  /** From 1. */
  number!: number;
  startedAt!: Date;
  /** `null` while the attempt runs. */
  endedAt!: Date | null;
  /**
   * `accepted`: the mail server took the mail. `filed`: written to a file, so nobody has received it. `refused`: a
   * permanent refusal. `failed`: a temporary failure. `uncertain`: the mail was sent, but no answer came. `null` while
   * the attempt runs.
   */
  outcome!: 'accepted' | 'filed' | 'refused' | 'failed' | 'uncertain' | null;
  /** The answer of the mail server, or the error. */
  answer!: string | null;
}

/** The progress of a mail. */
export class MailProgressAnswer {
  status!: 'planned' | 'queued' | 'sending' | 'uncertain' | 'sent' | 'failed';
  /** `null` until the mail is written. */
  subject!: string | null;
  messageId!: string | null;
  /** When the mail is or was due. */
  plannedAt!: Date;
  nextAttemptAt!: Date | null;
  sentAt!: Date | null;
  /** Whether a mail server has accepted the mail. A mail that is written to a file is `sent` but not delivered. */
  delivered!: boolean;
  /** The answer of the mail server that accepted the mail, or the name of the file. */
  serverAnswer!: string | null;
  attempts!: number;
  lastError!: string | null;
  /** All attempts, oldest first. */
  attemptLog!: MailAttemptAnswer[];
}
