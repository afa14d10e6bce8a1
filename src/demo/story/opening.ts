import type { Identified, Subscription, Term } from '../answers.js';
import {
  consultants,
  csms,
  customer,
  customerKeys,
  customers,
  productLines,
  type DemoCustomer,
  type CustomerKey,
  type Share,
} from '../cast.js';
import { Client } from '../client.js';
import { counted, duration, heading, say, table } from '../printer.js';
import { path, type DemoContract, type World } from '../world.js';

interface Package {
  name: string;
  grantedMinutes: number;
  onsite: { included: boolean; capMinutes: number; maxVisits: number | null };
  learningSeats: number;
  maxConsultants: number;
  maxProductLines: number;
}

/** The world before the first customer is entered. */
type House = Omit<World, 'contracts' | 'olivia'>;

/** Shows the packages, then enters the staff, the consultants, the product lines and the customers. */
export async function opening(url: string, adminToken: string): Promise<World> {
  const admin = new Client(url, adminToken);
  await showPackages(admin);

  heading('The vendor', 'staff, consultants and product lines');
  const csmIds = await entered(csms, ({ region: _, ...csm }) => idOf(admin.post('/v1/users', { ...csm, role: 'csm' })));
  const csmClients = await entered(csmIds, (id) => clientOf(admin, id));
  const finance = await user(admin, { name: 'Ryo Hayashi', email: 'ryo.hayashi@trm.example', role: 'finance' });
  const consultantIds = await entered(consultants, (one) => idOf(admin.post('/v1/consultants', one)));
  const lineIds = await entered(productLines, (name, code) => idOf(admin.post('/v1/product-lines', { code, name })));
  for (const { name, region } of Object.values(csms)) say(`${name} is the CSM for ${region}.`);
  say(`${counted(Object.keys(consultants).length, 'consultant')} serve ${Object.values(productLines).join(', ')}.`);

  const visitIds = new Map<string, string>();
  const house = { url, admin, finance, csms: csmClients, csmIds, consultantIds, lineIds, visitIds };

  heading('The customers', 'some are new; others already have a contract, which is entered with its past terms');
  const contracts = await entered<CustomerKey, DemoCustomer, DemoContract>(customers, (one) => sell(house, one));
  const { name, email } = customers.harbour.contact;
  const { customerId } = contracts.harbour;
  const olivia = await user(admin, { name, email, role: 'customer', customerId });
  const world = { ...house, contracts, olivia };
  await showContracts(world);
  return world;
}

/** The allocations of a customer's term. The consultant named first is the primary consultant. */
export function allocationsOf({ consultantIds, lineIds }: House, shares: Share[]) {
  return {
    allocations: shares.map(({ consultant, line, minutes }) => ({
      consultantId: consultantIds[consultant],
      productLineId: lineIds[line],
      minutes,
    })),
  };
}

export const linesOf = (shares: Share[]) => [...new Set(shares.map(({ line }) => line))];

async function sell(house: House, one: DemoCustomer): Promise<DemoContract> {
  const csm = house.csms[one.csm];
  const { name, locale, timeZone, country, contact, startsOn, pacePolicy } = one;
  const contacts = [{ ...contact, roles: ['renewal', 'usage', 'billing'] }];
  const { id: customerId } = await csm.post<Identified>('/v1/customers', { name, locale, timeZone, country, contacts });
  const productLineIds = linesOf(one.shares).map((line) => house.lineIds[line]);
  const { id } = await csm.post<Subscription>('/v1/subscriptions', {
    customerId,
    package: one.package,
    startsOn,
    productLineIds,
    pacePolicy,
  });
  await csm.put(`/v1/subscriptions/${id}/allocations`, allocationsOf(house, one.shares));
  return { id, customerId, csm };
}

async function showPackages(admin: Client): Promise<void> {
  heading('The packages', 'the published table, GET /v1/packages');
  const { data } = await admin.get<{ data: Package[] }>('/v1/packages');
  table(
    ['package', 'hours a term', 'onsite', 'visits', 'seats', 'consultants', 'product lines'],
    data.map(({ name, grantedMinutes, onsite, learningSeats, maxConsultants, maxProductLines }) => [
      name,
      duration(grantedMinutes),
      onsite.included ? `up to ${duration(onsite.capMinutes)}` : 'not included',
      onsite.maxVisits === null ? 'any number' : String(onsite.maxVisits),
      learningSeats,
      maxConsultants,
      maxProductLines,
    ]),
  );
}

async function showContracts(world: World): Promise<void> {
  const rows = await Promise.all(
    customerKeys.map(async (key) => {
      const { name, timeZone } = customer(key);
      const terms = await world.admin.list<Term>(path(world, key, '/terms'));
      const { package: bought, startsOn, endsOn, noticeDeadline } = terms.at(-1)!;
      return [name, timeZone, bought, terms.length, startsOn, endsOn, noticeDeadline];
    }),
  );
  table(['customer', 'time zone', 'package', 'terms', 'first day', 'last day', 'last day for a notice'], rows);
  say('Spreewerk bought on a leap day, 2024-02-29: its terms begin on 28 February, but on the 29th in a leap year.');
}

/** Creates a user and a token. */
async function user(admin: Client, given: object): Promise<Client> {
  return clientOf(admin, await idOf(admin.post('/v1/users', given)));
}

async function clientOf(admin: Client, id: string): Promise<Client> {
  const { token } = await admin.post<{ token: string }>(`/v1/users/${id}/tokens`, { name: 'demo' });
  return admin.as(token);
}

/** Posts the items one after the other and returns each answer under its key. */
async function entered<Key extends string, Given, Result>(
  given: Record<Key, Given>,
  enter: (one: Given, key: Key) => Promise<Result>,
): Promise<Record<Key, Result>> {
  const results: [Key, Result][] = [];
  for (const [key, one] of Object.entries(given) as [Key, Given][]) results.push([key, await enter(one, key)]);
  return Object.fromEntries(results) as Record<Key, Result>;
}

async function idOf(answer: Promise<Identified>): Promise<string> {
  return (await answer).id;
}
