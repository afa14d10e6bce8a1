import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { api, type Api, type Json } from './client.js';
import { person, type Person } from './people.js';
import type { TestService } from './service.js';

export interface RenewingContract {
  id: string;
  customerId: string;
  admin: Api;
  csm: Person;
  customer: Person;
  /** The addresses of the renewal contacts. */
  contacts: string[];
}

let contracts = 0;

/** Enters a subscription of a new customer with renewal contacts. */
export async function renewingContract(
  service: TestService,
  wanted: { startsOn?: string; timeZone?: string; locale?: 'ja' | 'en'; contacts?: number; package?: string } = {},
): Promise<RenewingContract> {
  const { startsOn, timeZone = 'Asia/Tokyo', locale = 'ja', contacts: count = 1, package: sold = 'basic' } = wanted;
  const number = ++contracts;
  const admin = api(service.baseUrl, service.adminToken);
  const csm = await person(service, 'csm');
  const contacts = Array.from({ length: count }, (_, at) => ({
    name: locale === 'ja' ? `山田 太郎${at + 1}` : `Contact ${at + 1}`,
    email: `renewal-${number}-${at + 1}@customer.example`,
    roles: ['renewal'],
  }));
  const others = [{ name: 'Bills', email: `billing-${number}@customer.example`, roles: ['billing'] }];
  const name = locale === 'ja' ? `株式会社あおい${number}` : `Aoi ${number} Ltd.`;
  const customer = { name, locale, timeZone, contacts: [...contacts, ...others] };
  const customerId = (await must(csm.post('/v1/customers', customer))).id as string;
  const subscription = await must(csm.post('/v1/subscriptions', { customerId, package: sold, startsOn }));
  return {
    id: subscription.id,
    customerId,
    admin,
    csm,
    customer: await person(service, 'customer', customerId),
    contacts: contacts.map(({ email }) => email),
  };
}

/** Advances the clock, and returns the number of job runs. */
export async function advance(service: TestService, to: string): Promise<number> {
  const { runs } = await must(api(service.baseUrl, service.adminToken).post('/v1/clock/advance', { to }));
  return runs as number;
}

/** The messages in the mailbox folder, except those about usage, in the order in which they were written. */
export async function mailbox(service: TestService): Promise<ParsedMail[]> {
  return messages(service, (file) => !/-usage-(alert|statement|top-up)-/.test(file));
}

/** All messages in the mailbox folder. */
export async function allMails(service: TestService): Promise<ParsedMail[]> {
  return messages(service, () => true);
}

async function messages(service: TestService, isWanted: (file: string) => boolean): Promise<ParsedMail[]> {
  const folder = join(service.dataDir, 'mailbox');
  // A mail that is still being written has another ending.
  const isFinished = (file: string): boolean => file.endsWith('.eml');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => isFinished(file) && isWanted(file)) : [];
  files.sort();
  return Promise.all(files.map((file) => simpleParser(readFileSync(join(folder, file)))));
}

/** The listed mails of a subscription, except those about usage, as `kind role status`. */
export async function mailsOf({ id, csm }: RenewingContract): Promise<string[]> {
  const { data } = await must(csm.get(`/v1/subscriptions/${id}/reminders?limit=200`));
  return (data as Json[])
    .filter(({ kind }) => !(kind as string).startsWith('usage-'))
    .map(({ kind, recipient, status }) => `${kind} ${recipient.role} ${status}`);
}

/** The renewal states of the subscription's terms, in the order of the terms. */
export async function renewalStates({ id, csm }: RenewingContract): Promise<string[]> {
  const { data } = await must(csm.get(`/v1/subscriptions/${id}/terms`));
  return (data as Json[]).map(({ renewalState }) => renewalState as string);
}

async function must(request: ReturnType<Api['get']>): Promise<Json> {
  const { status, body } = await request;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
