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

  /** The customer of a user with the role `customer`. */
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

  /** The customer of a user with the role `customer`. Any other role removes it. */
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

/** The user behind the token of the request. */
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
