import { ArrayMaxSize } from 'class-validator';
import { IsDay, IsId, IsObjectOf } from '../../platform/http/fields.js';

export class NewDeputy {
  /** A user with the role `csm`. */
  @IsId()
  userId!: string;

  /** The first day, in the time zone of the CSM. */
  @IsDay()
  from!: string;

  /** The last day, in the time zone of the CSM. */
  @IsDay()
  to!: string;
}

export class NewDeputies {
  /** The whole list. A deputy who is left out stands in no longer. */
  @IsObjectOf(() => NewDeputy, { each: true })
  @ArrayMaxSize(50)
  deputies!: NewDeputy[];
}

/** Another user, and the days of the deputy in the time zone of the CSM, both included. */
export class DeputyAnswer {
  userId!: string;
  name!: string;
  from!: string;
  to!: string;
}

export class DeputiesAnswer {
  /** The zone of the days: that of the CSM. */
  timeZone!: string;
  /** The deputies of today and of coming days, by their first day. */
  deputies!: DeputyAnswer[];
  version!: number;
}
