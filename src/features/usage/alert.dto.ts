export class AlertAnswer {
  /** `used-80` (percent of the granted minutes), `ahead`, `behind` or `expiring`. */
  alert!: string;
  givenAt!: Date;
  /** `false` if a higher percentage was reached at the same time. Then only the higher one was mailed. */
  mailed!: boolean;
  /** This and the following amounts are those at the time of the alert. */
  grantedMinutes!: number;
  usedMinutes!: number;
  plannedMinutes!: number;
  expiringMinutes!: number;
}

export class AlertList {
  termId!: string;
  /** In order of time. */
  alerts!: AlertAnswer[];
}
