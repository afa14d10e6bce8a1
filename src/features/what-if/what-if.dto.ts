import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import type { IneffectiveReason } from '../../domain/notice.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import { IsDay, IsObjectOf } from '../../platform/http/fields.js';
import { BalanceAnswer } from '../ledger/balance.dto.js';
import { NextTermAnswer } from '../renewals/renewal.dto.js';
import { UpgradeChangeAnswer } from '../subscriptions/subscription.dto.js';

export class ConsideredUpgrade {
  @IsIn(packageCodes)
  package!: PackageCode;

  /** The first day of the new package: any day of the current term. */
  @IsDay()
  on!: string;
}

export class ConsideredTopUp {
  /** Whole minutes. At most ten times the minutes of the package in force. */
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  minutes!: number;

  /** The first day on which the minutes count: any day of the current term. */
  @IsDay()
  on!: string;
}

/** The changes to consider. Without any, the answer shows the present figures. */
export class WhatIfQuestion {
  @IsOptional()
  @IsObjectOf(() => ConsideredUpgrade)
  upgrade?: ConsideredUpgrade;

  /** A supplement: minutes that the customer buys. */
  @IsOptional()
  @IsObjectOf(() => ConsideredTopUp)
  topUp?: ConsideredTopUp;

  /** The use in each service month that the forecast assumes. Default: the use of the last 90 days goes on. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  monthlyMinutes?: number;

  /** The day on which the customer gives notice: any day of the current term. */
  @IsOptional()
  @IsDay()
  noticeOn?: string;
}

export class WhatIfDeadline {
  /** The last day on which a notice is in time. */
  noticeDeadline!: Day;
  /** The first instant at which a notice is late. */
  passesAt!: Date;
  /** The zone in which the last day ends. */
  timeZone!: string;
}

export class WhatIfNotice {
  /** Whether the notice would decline the renewal. */
  effective!: boolean;
  reason!: IneffectiveReason | null;
}

export class WhatIfRenewal {
  /** The state of the renewal after the last change. */
  renewalState!: RenewalState;
  renews!: boolean;
  /** The next term. `null` if the subscription ends. */
  next!: NextTermAnswer | null;
}

export class WhatIfExpiry {
  /** The last day of the term. */
  on!: Day;
  /** The minutes that the forecast leaves on that day. */
  minutes!: number;
  /** The seats in use. They expire with the term. */
  seats!: number;
}

export class WhatIfMail {
  kind!: string;
  /** When the mail leaves. */
  at!: Date;
  /** The day of that, in the customer's time zone. */
  on!: Day;
  /** The role of each recipient. */
  recipients!: ('customer' | 'csm' | 'operator')[];
}

export class WhatIfAnswer {
  termId!: string;
  /** The package of the term after the change. */
  package!: PackageCode;
  /** What the upgrade changes. `null` without one. */
  change!: UpgradeChangeAnswer | null;
  /** The effect of the notice. `null` without one. */
  notice!: WhatIfNotice | null;
  /** Today's balance, pace and forecast. They count the changes as if their days had come. */
  balance!: BalanceAnswer;
  deadline!: WhatIfDeadline;
  renewal!: WhatIfRenewal;
  expiry!: WhatIfExpiry;
  /** The mails about the renewal that will follow, in the order of time, until the term ends. */
  mails!: WhatIfMail[];
}
