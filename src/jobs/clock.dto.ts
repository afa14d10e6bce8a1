import { IsInstant } from '../platform/http/fields.js';

export class ClockAdvance {
  /** Where to go; never backwards. */
  @IsInstant()
  to!: string;
}

export class ClockShown {
  now!: Date;
  simulated!: boolean;
}

export class Advanced extends ClockShown {
  /** How many jobs ran on the way. */
  runs!: number;
}
