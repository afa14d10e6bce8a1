import { IsInstant } from '../platform/http/fields.js';

export class ClockAdvance {
  /** The new time. It cannot lie before the present time. */
  @IsInstant()
  to!: string;
}

export class ClockAnswer {
  now!: Date;
  simulated!: boolean;
}

export class ClockAdvanceAnswer extends ClockAnswer {
  /** The number of jobs that ran on the way. */
  runs!: number;
}
