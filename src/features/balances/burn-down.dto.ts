export class BurnDownMonthAnswer {
  /** The number of the service month in the term, from 0. */
  month!: number;
  startsOn!: string;
  endsOn!: string;
  plannedMinutes!: number;
  /** Used minutes, after reversals. */
  usedMinutes!: number;
  cumulativePlannedMinutes!: number;
  cumulativeUsedMinutes!: number;
}

export class BurnDownAnswer {
  termId!: string;
  months!: BurnDownMonthAnswer[];
}
