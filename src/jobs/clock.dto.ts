import { IsInstant } from '../platform/http/fields.js';

export class ClockAdvance {
  /** Where to go; never backwards. */
  @IsInstant()
  to!: string;
}

export class ClockAnswer {
  now!: Date;
  simulated!: boolean;
}

export class Advanced extends ClockAnswer {
  /** How many jobs ran on the way. */
  runs!: number;
}
