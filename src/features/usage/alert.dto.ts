import { IsOptional } from 'class-validator';
import { IsId } from '../../platform/http/fields.js';

export class AlertsQuery {
  /** Without it, the current term. */
  @IsOptional()
  @IsId()
  termId?: string;
}

export class AlertAnswer {
  /** `used-80` (percent of what is granted), `ahead`, `behind` or `expiring`. */
  alert!: string;
  givenAt!: Date;
  /** False where a higher share was reached with it, and that one was mailed. */
  mailed!: boolean;
  /** What was so when it was given, here and below. */
  grantedMinutes!: number;
  usedMinutes!: number;
  plannedMinutes!: number;
  expiringMinutes!: number;
}

export class AlertList {
  termId!: string;
  /** In the order in which they were given. */
  alerts!: AlertAnswer[];
}
