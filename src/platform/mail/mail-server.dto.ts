export class MailServerAnswer {
  /** `false` after repeated failures. Then mails wait, and the service tries the mail server with one mail at a time. */
  answering!: boolean;
  /** The number of failed connections since the last answer. */
  failures!: number;
  failingSince!: Date | null;
  lastError!: string | null;
  /** When the service tries again. `null` while the server answers. Running the job `mail-delivery` tries at once. */
  tryAgainAt!: Date | null;
}
