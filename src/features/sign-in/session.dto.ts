/** A live session of the console. */
export class SessionAnswer {
  id!: string;
  /** How the session began. */
  openedWith!: 'link' | 'invitation' | 'token';
  createdAt!: Date;
  /** Accurate to five minutes. */
  lastSeenAt!: Date;
  /** The session ends then at the latest. */
  endsAt!: Date;
  /** The address from which the session began. */
  address!: string;
  /** The browser's name for itself. */
  userAgent!: string | null;
}
