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

export class CustomerContact {
  @IsName({ max: 200 })
  name!: string;

  @IsEmailAddress()
  email!: string;

  @IsIn(contactRoles, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(contactRoles.length)
  roles!: ContactRole[];
}

/** An address gets each mail once, so it may occur only once in the list. */
const byEmail = ({ email }: CustomerContact) => email.toLowerCase();

export class NewCustomer {
  @IsName({ max: 200 })
  name!: string;

  /** The vendor's own number for this customer. It is unique. */
  @IsOptional()
  @IsName({ max: 50 })
  code?: string;

  /** The language of mails to this customer. */
  @IsIn(locales)
  locale!: Locale;

  /** An IANA time zone, for example `Asia/Tokyo`. */
  @IsTimeZone()
  timeZone!: string;

  /** An ISO 3166 country code. Reminders use its public holidays. */
  @IsOptional()
  @IsCountry()
  country?: string;

  @IsOptional()
  @IsObjectOf(() => CustomerContact, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(100)
  contacts?: CustomerContact[];
}

export class CustomerChange {
  @IsOptional()
  @IsName({ max: 200 })
  name?: string;

  /** `null` removes the code. */
  @IsOptional()
  @IsNullable()
  @IsName({ max: 50 })
  code?: string | null;

  @IsOptional()
  @IsIn(locales)
  locale?: Locale;

  /** An IANA time zone. The service computes future deadlines and mails again in this zone. */
  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  @IsOptional()
  @IsNullable()
  @IsCountry()
  country?: string | null;

  /** The complete new list of contacts. */
  @IsOptional()
  @IsObjectOf(() => CustomerContact, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(100)
  contacts?: CustomerContact[];
}

export class CustomersQuery extends PageQuery {
  /** A part of the name. Case, full or half width, and spaces are ignored. */
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
  contacts!: CustomerContact[];
  version!: number;
  createdAt!: Date;
}

export class CustomerList {
  data!: CustomerAnswer[];
  nextCursor!: string | null;
}
