import { IsOptional } from 'class-validator';
import type { PackageCode, TravelExpenses } from '../../domain/package.js';
import { IsDay } from '../../platform/http/fields.js';

export class PackagesQuery {
  /** Show the versions that are offered on this day. Default: the newest versions. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export class OnsiteAnswer {
  included!: boolean;
  capPercent!: number;
  capMinutes!: number;
  /** 0 if onsite work is not included, `null` for any number. */
  maxVisits!: number | null;
}

/** One column of the published table (§1). */
export class PackageAnswer {
  code!: PackageCode;
  version!: string;
  name!: string;
  grantedMinutes!: number;
  onsite!: OnsiteAnswer;
  travelExpenses!: TravelExpenses;
  learningSeats!: number;
  maxConsultants!: number;
  maxProductLines!: number;
  termMonths!: number;
}

export class PackageList {
  data!: PackageAnswer[];
}
