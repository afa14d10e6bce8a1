export class LiveAnswer {
  status!: 'live';
  /** The version of the service. */
  version!: string;
  /** The Git commit that was built; `null` if the build did not know it. */
  commit!: string | null;
}

export class ReadyAnswer {
  status!: 'ready';
  /** `held`: mails wait until an administrator releases them. `unreachable`: mails wait for the mail server. */
  mail?: 'held' | 'unreachable';
}
