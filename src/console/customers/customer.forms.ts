import { IsIn, IsOptional } from 'class-validator';
import { Refusal } from '../../domain/refusal.js';
import { IsDay, IsId, IsName } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { check, type DtoClass } from '../../platform/http/validation.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { pacePolicies, type PacePolicy } from '../../domain/contract.js';
import { contactRoles, type Contact } from '../../features/customers/contact.js';
import type { CustomerAnswer } from '../../features/customers/customer.dto.js';

export class CustomersPageQuery extends PageQuery {
  /** A part of the name or of the code. */
  @IsOptional()
  @IsName({ max: 200 })
  search?: string;
}

/** The fields as a browser sends them. Those of contacts are repeated for each line; roles name the number of the line. */
export class CustomerForm {
  @IsOptional()
  name?: unknown;

  @IsOptional()
  code?: unknown;

  @IsOptional()
  locale?: unknown;

  @IsOptional()
  timeZone?: unknown;

  @IsOptional()
  country?: unknown;

  @IsOptional()
  contactName?: unknown;

  @IsOptional()
  contactEmail?: unknown;

  @IsOptional()
  renewal?: unknown;

  @IsOptional()
  usage?: unknown;

  @IsOptional()
  billing?: unknown;

  /** The version that the page showed. */
  @IsOptional()
  version?: unknown;

  /** The customer as the page showed it, to tell what somebody else has changed. */
  @IsOptional()
  before?: unknown;
}

/** A customer as it is edited: texts, and one line for each contact. */
export interface EditedCustomer {
  name: string;
  code: string;
  locale: string;
  timeZone: string;
  country: string;
  contacts: Contact[];
}

/** What was typed, with all lines of contacts that are not empty. */
export function typedCustomer(form: CustomerForm): EditedCustomer {
  const names = listOf(form.contactName);
  const emails = listOf(form.contactEmail);
  const lines = Array.from({ length: Math.max(names.length, emails.length) }, (_, at): Contact => {
    const roles = contactRoles.filter((role) => listOf(form[role]).includes(String(at)));
    return { name: names[at]?.trim() ?? '', email: emails[at]?.trim() ?? '', roles };
  });
  return {
    name: textOf(form.name),
    code: textOf(form.code),
    locale: textOf(form.locale),
    timeZone: textOf(form.timeZone),
    country: textOf(form.country).toUpperCase(),
    contacts: lines.filter(({ name, email }) => name !== '' || email !== ''),
  };
}

export function editedCustomer({ name, code, locale, timeZone, country, contacts }: CustomerAnswer): EditedCustomer {
  return { name, code: code ?? '', locale, timeZone, country: country ?? '', contacts };
}

/**
 * The edited customer as a body of the service. `empty` stands for a field without text: left out of a new customer, removed by a change.
 * @throws Refusal `malformed-body` with the faults of the fields
 */
export function bodyOf<Body extends object>(
  dto: DtoClass<Body>,
  { code, country, ...customer }: EditedCustomer,
  empty: null | undefined,
): Body {
  const optional = { code: code === '' ? empty : code, country: country === '' ? empty : country };
  const given = Object.entries({ ...customer, ...optional }).filter(([, value]) => value !== undefined && value !== '');
  const checked = check(dto, Object.fromEntries(given));
  if ('errors' in checked) throw new Refusal('malformed-body', {}, checked);
  return checked.value;
}

const listOf = (value: unknown): string[] => [value].flat().filter((one) => typeof one === 'string');

const textOf = (value: unknown): string => listOf(value)[0]?.trim() ?? '';

export class NewSubscriptionForm {
  @IsIn(packageCodes)
  package!: PackageCode;

  @IsDay()
  startsOn!: string;

  @IsOptional()
  @IsId()
  csmId?: string;

  /** One id, or a list of ids. */
  @IsOptional()
  productLineIds?: unknown;

  @IsOptional()
  @IsIn(pacePolicies)
  pacePolicy?: PacePolicy;

  @IsOptional()
  @IsName({ max: 50 })
  contractNumber?: string;

  @IsOptional()
  @IsName({ max: 50 })
  purchaseOrder?: string;

  /** `preview` shows the first term, and enters nothing. */
  @IsIn(['preview', 'enter'])
  step!: 'preview' | 'enter';
}

/** The ids that were ticked. The service refuses ids that do not exist. */
export const tickedIds = (value: unknown): string[] => listOf(value);
