import { IsOptional } from 'class-validator';
import type { PaceStatus } from '../../domain/pace.js';
import { IsDay } from '../../platform/http/fields.js';

export class BalanceQuery {
  /** The balance at the end of this day, of the term of this day. Default: today. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export class OnsiteBalance {
  capMinutes!: number;
  usedMinutes!: number;
  /** Never below 0. */
  remainingMinutes!: number;
  /** Onsite minutes above the cap of this day. They were logged late, under the higher cap of a later upgrade. */
  drawnAheadMinutes!: number;
  /** The number of planned and completed visits. */
  visitsUsed!: number;
  /** `null` for any number. */
  maxVisits!: number | null;
}

export class SeatBalance {
  used!: number;
  max!: number;
}

export class PaceAnswer {
  /** The minutes that the even plan allows by the end of the day. */
  plannedMinutes!: number;
  /** Used minutes minus planned minutes. */
  differenceMinutes!: number;
  status!: PaceStatus;
}

export class ForecastBasisAnswer {
  /** The days of the term that the forecast looks back on: at most the last 90. */
  days!: number;
  /** The minutes used in these days, net of reversals. */
  minutes!: number;
}

export class PlannedForecastAnswer {
  /** The minutes of the open planned sessions from today to the end of the term. */
  plannedMinutes!: number;
  /** The minutes left at the end of the term if just these sessions take place. */
  expiringMinutes!: number;
  /** The day of the planned session that takes the last minutes. `null` if minutes are left. */
  exhaustedOn!: string | null;
}

export class BalanceForecast {
  /** The day on which the hours run out at the recent rate of use. `null` if they last, or if the basis has less than 14 days. */
  exhaustedOn!: string | null;
  /** The minutes left at the end of the term at the recent rate of use. Uncertain if the basis is less than 14 days. */
  expiringMinutes!: number;
  /** The use on which the forecast is based. */
  basis!: ForecastBasisAnswer;
  /**
   * The second line: used so far and planned, without a trend. Only if planned sessions are to come, in the answers to `getBalance` for
   * today or a later day, and to `askWhatIf`.
   */
  planned?: PlannedForecastAnswer;
}

export class BalanceAnswer {
  termId!: string;
  /** The balance is valid at the end of this day. */
  asOf!: string;
  grantedMinutes!: number;
  /** Used minutes, after reversals. */
  usedMinutes!: number;
  expiredMinutes!: number;
  /** Granted minus used minus expired minutes, never below 0. */
  remainingMinutes!: number;
  /** Minutes used beyond what was granted on this day. They were logged late, after a later upgrade granted more. */
  drawnAheadMinutes!: number;
  /** Never below 0. */
  unallocatedMinutes!: number;
  onsite!: OnsiteBalance;
  seats!: SeatBalance;
  pace!: PaceAnswer;
  forecast!: BalanceForecast;
}
