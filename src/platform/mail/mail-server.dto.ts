export class MailServerAnswer {
  /** False where connections have failed again and again: mails wait, and one at a time tries whether the server answers. */
  answering!: boolean;
  /** Connections that failed since it last answered. */
  failures!: number;
  failingSince!: Date | null;
  lastError!: string | null;
  /** When it is tried again; null while it is answering. A run of `mail-delivery` that a person asks for tries at once. */
  tryAgainAt!: Date | null;
}
