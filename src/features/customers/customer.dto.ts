import { ArrayMaxSize, ArrayUnique, IsIn, IsOptional } from 'class-validator';
import {
  IsCountry,
  IsEmailAddress,
  IsNullable,
  IsName,
  IsObjectOf,
  IsTimeZone,
  IsUniqueBy,
} from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { contactRoles, type ContactRole } from './contact.js';
import { locales, type Locale } from './customer.entity.js';

export class ContactGiven {
  @IsName({ max: 200 })
  name!: string;

  @IsEmailAddress()
  email!: string;

  @IsIn(contactRoles, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(contactRoles.length)
  roles!: ContactRole[];
}

/** One address gets one message for one reason, so it stands in the list once. */
const byEmail = ({ email }: ContactGiven) => email.toLowerCase();

export class NewCustomer {
  @IsName({ max: 200 })
  name!: string;

  /** The vendor's own number of this customer. Each customer has its own. */
  @IsOptional()
  @IsName({ max: 50 })
  code?: string;

  /** The language of its mails. */
  @IsIn(locales)
  locale!: Locale;

  /** IANA, e.g. `Asia/Tokyo`. */
  @IsTimeZone()
  timeZone!: string;

  /** ISO 3166, for public holidays. */
  @IsOptional()
  @IsCountry()
  country?: string;

  @IsOptional()
  @IsObjectOf(() => ContactGiven, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(100)
  contacts?: ContactGiven[];
}

export class CustomerChange {
  @IsOptional()
  @IsName({ max: 200 })
  name?: string;

  /** `null` takes the code away. */
  @IsOptional()
  @IsNullable()
  @IsName({ max: 50 })
  code?: string | null;

  @IsOptional()
  @IsIn(locales)
  locale?: Locale;

  /** What is still to come is computed anew in this zone. */
  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  @IsOptional()
  @IsNullable()
  @IsCountry()
  country?: string | null;

  /** All of them: the list is replaced. */
  @IsOptional()
  @IsObjectOf(() => ContactGiven, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(100)
  contacts?: ContactGiven[];
}

export class CustomersQuery extends PageQuery {
  /** A part of the name. Capitals, full and half width, and spaces make no difference. */
  @IsOptional()
  @IsName({ max: 200 })
  name?: string;
}

export class CustomerAnswer {
  id!: string;
  name!: string;
  code!: string | null;
  locale!: Locale;
  timeZone!: string;
  country!: string | null;
  contacts!: ContactGiven[];
  version!: number;
  createdAt!: Date;
}

export class CustomerList {
  data!: CustomerAnswer[];
  nextCursor!: string | null;
}
