import { IsIn, IsOptional } from 'class-validator';
import { roles, type Role } from '../../domain/access.js';
import { IsDay, IsEmailAddress, IsId, IsNullable, IsName } from '../../platform/http/fields.js';

export class NewUser {
  @IsName({ max: 200 })
  name!: string;

  @IsEmailAddress()
  email!: string;

  @IsIn(roles)
  role!: Role;

  /** The customer that a user with the role `customer` belongs to. */
  @IsOptional()
  @IsId()
  customerId?: string;
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

  /** Leaves by itself with the role `customer`. */
  @IsOptional()
  @IsNullable()
  @IsId()
  customerId?: string | null;
}

export class UserAnswer {
  id!: string;
  name!: string;
  email!: string;
  role!: Role;
  customerId!: string | null;
  version!: number;
  createdAt!: Date;
}

export class UserList {
  data!: UserAnswer[];
  nextCursor!: string | null;
}

/** One's own profile. */
export class MeAnswer {
  id!: string;
  name!: string;
  email!: string;
  role!: Role;
  customerId!: string | null;
}

export class NewToken {
  @IsName({ max: 200 })
  name!: string;

  /** The last day, in UTC, on which the token is good; without it for ever. */
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

export class TokenGiven extends TokenAnswer {
  /** Shown this once. */
  token!: string;
}

export class TokenList {
  data!: TokenAnswer[];
  nextCursor!: string | null;
}
