import type { ParsedMail } from 'mailparser';
import { api, type Answer, type Json } from './client.js';
import { person, type Person } from './people.js';
import { allMails } from './renewal.js';
import type { TestService } from './service.js';

export interface UsedContract {
  id: string;
  customerId: string;
  csm: Person;
  /** The addresses of the usage contacts. */
  usage: string[];
  consultantId: string;
  productLineIds: string[];
}

let contracts = 0;

/** Enters a subscription with a consultant who may work on all its product lines, and contacts of every role. */
export async function usedContract(
  service: TestService,
  wanted: {
    startsOn?: string;
    timeZone?: string;
    country?: string;
    locale?: 'ja' | 'en';
    usageContacts?: number;
    package?: string;
    /** Default: a new one, without nudges. */
    csm?: Person;
  } = {},
): Promise<UsedContract> {
  const {
    startsOn,
    country,
    timeZone = 'Asia/Tokyo',
    locale = 'en',
    usageContacts = 1,
    package: sold = 'basic',
  } = wanted;
  const number = ++contracts;
  const admin = api(service.baseUrl, service.adminToken);
  const csm = wanted.csm ?? (await person(service, 'csm'));
  const usage = Array.from({ length: usageContacts }, (_, at) => ({
    name: locale === 'ja' ? `佐藤 花子${at + 1}` : `User ${at + 1}`,
    email: `usage-${number}-${at + 1}@customer.example`,
    roles: ['usage'],
  }));
  const others = ['renewal', 'billing'].map((role) => ({
    name: `For ${role}`,
    email: `${role}-${number}@customer.example`,
    roles: [role],
  }));
  const name = locale === 'ja' ? `株式会社みどり${number}` : `Midori ${number} Ltd.`;
  const customer = await must(
    csm.post('/v1/customers', { name, locale, timeZone, country, contacts: [...usage, ...others] }),
  );
  const consultant = { name: 'Suzuki Ichiro', email: `suzuki-${number}@vendor.example` };
  const consultantId = (await must(admin.post('/v1/consultants', consultant))).id as string;
  const productLineIds: string[] = [];
  for (const line of sold === 'basic' ? ['Database'] : ['Database', 'Storage']) {
    const productLine = { code: `${line}-${number}`, name: line };
    productLineIds.push((await must(admin.post('/v1/product-lines', productLine))).id as string);
  }
  const subscription = { customerId: customer.id as string, package: sold, startsOn, productLineIds };
  const { id } = await must(csm.post('/v1/subscriptions', subscription));
  const customerId = customer.id as string;
  const contract = {
    id: id as string,
    customerId,
    csm,
    usage: usage.map(({ email }) => email),
    consultantId,
    productLineIds,
  };
  await assignToAll(contract);
  return contract;
}

/** Logs a time entry. */
export async function use(
  { id, csm, consultantId, productLineIds }: UsedContract,
  workDate: string,
  minutes: number,
  change: object = {},
): Promise<Json> {
  const entry = {
    workDate,
    minutes,
    consultantId,
    productLineId: productLineIds[0],
    activity: 'health-check',
    delivery: 'remote',
    summary: 'Health check of the cluster',
    ...change,
  };
  return (await must(csm.post(`/v1/subscriptions/${id}/time-entries`, entry))).entry;
}

/** The alerts of the current term; an alert without a mail is followed by `(not mailed)`. */
export async function alertsOf({ id, csm }: UsedContract): Promise<string[]> {
  const { alerts } = await must(csm.get(`/v1/subscriptions/${id}/alerts`));
  return (alerts as Json[]).map(({ alert, mailed }) => (mailed ? alert : `${alert} (not mailed)`) as string);
}

/** The sent mails about usage, each as `kind role`, in the order in which they were queued. */
export async function usageMailsOf({ id, csm }: UsedContract, kind: 'alert' | 'statement'): Promise<string[]> {
  const { data } = await must(csm.get(`/v1/subscriptions/${id}/reminders?limit=200`));
  return (data as Json[])
    .filter((mail) => (mail.kind as string).startsWith(`usage-${kind}-`) && mail.status === 'sent')
    .map((mail) => `${(mail.kind as string).slice(`usage-${kind}-`.length)} ${mail.recipient.role}`);
}

/** The messages in the mailbox folder that contain the id of the subscription. */
export async function messagesAbout(service: TestService, { id }: UsedContract): Promise<ParsedMail[]> {
  return (await allMails(service)).filter(({ text }) => text!.includes(id));
}

async function assignToAll({ id, csm, consultantId, productLineIds }: UsedContract): Promise<void> {
  const path = `/v1/subscriptions/${id}/allocations`;
  const { headers } = await csm.get(path);
  const allocations = productLineIds.map((productLineId) => ({ consultantId, productLineId, minutes: 0 }));
  await must(csm.put(path, { allocations }, { 'if-match': headers.get('etag')! }));
}

async function must(request: Promise<Answer>): Promise<Json> {
  const { status, body } = await request;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
