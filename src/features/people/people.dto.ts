import { PickType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { roles, type Role } from '../../domain/access.js';
import { languages, type Language } from '../../domain/language.js';
import { IsDay, IsEmailAddress, IsId, IsNullable, IsName, IsTimeZone } from '../../platform/http/fields.js';
import { DeputyAnswer } from './deputy.dto.js';

export class NewUser {
  @IsName({ max: 200 })
  name!: string;

  @IsEmailAddress()
  email!: string;

  @IsIn(roles)
  role!: Role;

  /** The customer of a user with the role `customer`. */
  @IsOptional()
  @IsId()
  customerId?: string;

  /** The language of mails to this user. Default: that of the customer that a mail is about. */
  @IsOptional()
  @IsIn(languages)
  locale?: Language;

  /** The time zone of the user's days and mails (IANA). Default: `houseTimeZone` of the service. */
  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  /** Whether the user gets nudge mails. Default: yes. */
  @IsOptional()
  @IsBoolean()
  nudges?: boolean;
}

export class UserChange {
  @IsOptional()
  @IsName({ max: 200 })
  name?: string;

  @IsOptional()
  @IsEmailAddress()
  email?: string;

  @IsOptional()
  @IsIn(roles)
  role?: Role;

  /** The customer of a user with the role `customer`. Any other role removes it. */
  @IsOptional()
  @IsNullable()
  @IsId()
  customerId?: string | null;

  /** The language of mails to this user. Null: that of the customer that a mail is about. */
  @IsOptional()
  @IsNullable()
  @IsIn(languages)
  locale?: Language | null;

  /** The time zone of the user's days and mails (IANA). Null: `houseTimeZone` of the service. */
  @IsOptional()
  @IsNullable()
  @IsTimeZone()
  timeZone?: string | null;

  /** Whether the user gets nudge mails. */
  @IsOptional()
  @IsBoolean()
  nudges?: boolean;

  /** Whether single keys are shortcuts in the console. */
  @IsOptional()
  @IsBoolean()
  shortcuts?: boolean;

  /** `false` deactivates the user: all tokens and sessions of the user end at once, on every instance, and stay revoked. */
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

export class UserAnswer {
  id!: string;
  name!: string;
  email!: string;
  role!: Role;
  customerId!: string | null;
  locale!: Language | null;
  timeZone!: string | null;
  nudges!: boolean;
  shortcuts!: boolean;
  active!: boolean;
  version!: number;
  createdAt!: Date;
}

export class UserList {
  data!: UserAnswer[];
  nextCursor!: string | null;
}

/** The settings that every user changes for themselves. */
export class OwnChange extends PickType(UserChange, ['locale', 'timeZone', 'nudges', 'shortcuts']) {}

/** The user behind the token of the request. */
export class MeAnswer {
  id!: string;
  name!: string;
  email!: string;
  role!: Role;
  customerId!: string | null;
  locale!: Language | null;
  timeZone!: string | null;
  nudges!: boolean;
  /** Whether single keys are shortcuts in the console. */
  shortcuts!: boolean;
  /** The version of your user, for `If-Match`. */
  version!: number;
  /** Your deputies of today and of coming days, in your time zone. */
  deputies!: DeputyAnswer[];
  /** The CSMs whose deputy you are today or on coming days, in the time zone of each CSM. */
  deputyFor!: DeputyAnswer[];
}

export class NewToken {
  @IsName({ max: 200 })
  name!: string;

  /** The last day in UTC on which the token works. Default: no end. */
  @IsOptional()
  @IsDay()
  expiresOn?: string;
}

export class TokenAnswer {
  id!: string;
  name!: string;
  expiresOn!: string | null;
  createdAt!: Date;
}

export class CreatedToken extends TokenAnswer {
  /** The token. It is in this answer only. */
  token!: string;
}

export class TokenList {
  data!: TokenAnswer[];
  nextCursor!: string | null;
}
