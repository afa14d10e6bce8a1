import { IsOptional } from 'class-validator';
import type { PaceStatus } from '../../domain/pace.js';
import { IsDay } from '../../platform/http/fields.js';

export class BalanceQuery {
  /** The balance of the term of that day, with everything effective up to the end of the day; without it, today's. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export class OnsiteBalance {
  capMinutes!: number;
  usedMinutes!: number;
  /** Never below 0. */
  remainingMinutes!: number;
  /** Onsite work up to the day above the cap of that day: it was logged late, under the cap of a later upgrade. */
  drawnAheadMinutes!: number;
  /** Planned and done visits. */
  visitsUsed!: number;
  /** Null for any number. */
  maxVisits!: number | null;
}

export class SeatBalance {
  used!: number;
  max!: number;
}

export class PaceAnswer {
  /** What the straight plan has released by the end of the day. */
  plannedMinutes!: number;
  /** Used less planned. */
  differenceMinutes!: number;
  status!: PaceStatus;
}

export class ForecastBasisAnswer {
  /** The days of the term that the forecast looks back on: at most the last 90. */
  days!: number;
  /** The minutes used in these days, net of reversals. */
  minutes!: number;
}

export class BalanceForecast {
  /** The day on which the hours run out at the recent rate of use. Null if they last, or if the basis is less than 14 days. */
  exhaustedOn!: string | null;
  /** The minutes left at the end of the term at the recent rate of use. Uncertain if the basis is less than 14 days. */
  expiringMinutes!: number;
  /** What the forecast rests on. */
  basis!: ForecastBasisAnswer;
}

export class BalanceAnswer {
  termId!: string;
  /** The day at whose end the balance is so. */
  asOf!: string;
  grantedMinutes!: number;
  /** Net of reversals. */
  usedMinutes!: number;
  expiredMinutes!: number;
  /** Granted less used and expired; never below 0. */
  remainingMinutes!: number;
  /** Work up to the day that was logged late and drawn from minutes which an upgrade granted after the day. Then nothing remains. */
  drawnAheadMinutes!: number;
  /** Never below 0. */
  unallocatedMinutes!: number;
  onsite!: OnsiteBalance;
  seats!: SeatBalance;
  pace!: PaceAnswer;
  forecast!: BalanceForecast;
}
