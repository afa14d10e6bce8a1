export class MailAttemptAnswer {
  /** From 1. */
  number!: number;
  startedAt!: Date;
  /** Null while it is under way. */
  endedAt!: Date | null;
  /**
   * `accepted`: by the mail server; `filed`: it became a file and reached nobody; `refused`: for good; `failed`: for now;
   * `uncertain`: the message went out and no answer came. Null while it is under way.
   */
  outcome!: 'accepted' | 'filed' | 'refused' | 'failed' | 'uncertain' | null;
  /** What the mail server answered, or the error. */
  answer!: string | null;
}

/** How far a mail has come. */
export class MailProgressAnswer {
  status!: 'planned' | 'queued' | 'sending' | 'uncertain' | 'sent' | 'failed';
  /** Null until it has been written. */
  subject!: string | null;
  messageId!: string | null;
  /** When it is, or was, due. */
  plannedAt!: Date;
  nextAttemptAt!: Date | null;
  sentAt!: Date | null;
  /** Whether a mail server has taken the message. A mail that became a file is `sent`, but not delivered. */
  delivered!: boolean;
  /** What the mail server said when it took the message; of a mail that became a file, its name. */
  serverAnswer!: string | null;
  attempts!: number;
  lastError!: string | null;
  /** Each attempt, the first one first. */
  attemptLog!: MailAttemptAnswer[];
}
