import { addDays } from '../../src/domain/calendar.js';
import { api, type Api, type Json } from './client.js';
import { person, type Person } from './people.js';
import type { TestService } from './service.js';

// The portfolio of one CSM on 2026-12-02, with a subscription for each thing that can be wrong.

export const portfolioClock = '2026-12-02T03:00:00Z';
const today = '2026-12-02';

export interface CsmPortfolio {
  admin: Api;
  csm: Person;
  finance: Person;
  /** The ids of the subscriptions and the customers, by the name of the customer. */
  subscriptions: Readonly<Record<PortfolioCustomer, string>>;
  customers: Readonly<Record<PortfolioCustomer, string>>;
  consultantId: string;
  productLineId: string;
}

const contracts = {
  // The last day for a notice is 2026-12-30.
  'Acme KK': { package: 'premier', startsOn: '2026-03-01', contractNumber: 'TRM-2026-0031', used: 30, every: 9 },
  // Far behind plan.
  'Midori Bank': { package: 'enterprise', startsOn: '2026-04-01', contractNumber: 'TRM-2026-0044', used: 4, every: 7 },
  // The term ends on 2026-12-31 with hours left.
  'Northwind Ltd': { package: 'premier', startsOn: '2026-01-01', contractNumber: 'TRM-2025-0102', used: 20, every: 12 },
  // On pace.
  'Hikari Soft': { package: 'basic', startsOn: '2026-06-01', contractNumber: 'TRM-2026-0057', used: 30, every: 6 },
  // Without allocations.
  Aozora: { package: 'basic', startsOn: '2026-11-16', contractNumber: null, used: 0, every: 7 },
} as const;
export type PortfolioCustomer = keyof typeof contracts;

/** Enters the portfolio through the REST interface. */
export async function csmPortfolio(service: TestService): Promise<CsmPortfolio> {
  const admin = api(service.baseUrl, service.adminToken);
  const csm = await person(service, 'csm', undefined, { timeZone: 'Asia/Tokyo' });
  const finance = await person(service, 'finance');
  const consultantId = await id(admin.post('/v1/consultants', { name: 'Suzuki Ichiro', email: 'suzuki@trm.example' }));
  const productLineId = await id(admin.post('/v1/product-lines', { code: 'DB', name: 'Database' }));
  const subscriptions: Record<string, string> = {};
  const customers: Record<string, string> = {};
  for (const [name, { used, every, contractNumber, ...sold }] of Object.entries(contracts)) {
    const contact = { name: 'Sato Hanako', email: `sato@${name.split(' ')[0]!.toLowerCase()}.example` };
    const customerId = await id(
      csm.post('/v1/customers', {
        name,
        locale: name === 'Northwind Ltd' ? 'en' : 'ja',
        timeZone: 'Asia/Tokyo',
        country: 'JP',
        contacts: [{ ...contact, roles: ['renewal', 'usage'] }],
      }),
    );
    const body = { customerId, ...sold, productLineIds: [productLineId], ...(contractNumber && { contractNumber }) };
    const subscription = await id(csm.post('/v1/subscriptions', body));
    customers[name] = customerId;
    subscriptions[name] = subscription;
    if (used === 0) continue;
    const allocations = [{ consultantId, productLineId, minutes: 3_000 }];
    await csm.put(`/v1/subscriptions/${subscription}/allocations`, { allocations }, { 'if-match': '"0"' });
    const entries: object[] = [];
    for (let at = 0; at < used; at++) {
      const workDate = addDays(sold.startsOn, 5 + at * every);
      if (workDate > today) break;
      const work = { activity: 'technical-advice', delivery: 'remote', summary: 'Review of indexes' };
      const minutes = 60 + (at % 5) * 30;
      entries.push({ subscriptionId: subscription, workDate, minutes, consultantId, productLineId, ...work });
    }
    const { body: booked } = await csm.post('/v1/time-entries/batch', { atomic: true, entries });
    if (booked.refused !== 0) throw new Error(JSON.stringify(booked));
  }
  const plan = (name: PortfolioCustomer, plannedOn: string, minutes: number, summary: string) =>
    id(
      csm.post(`/v1/subscriptions/${subscriptions[name]!}/planned-sessions`, {
        plannedOn,
        minutes,
        consultantId,
        productLineId,
        activity: 'health-check',
        delivery: 'remote',
        summary,
      }),
    );
  await plan('Hikari Soft', today, 90, 'Health check of the primary cluster');
  await plan('Acme KK', '2026-12-04', 120, 'Plan the upgrade to version 9');
  await plan('Hikari Soft', '2026-12-08', 60, 'Questions of the new team');
  return {
    admin,
    csm,
    finance,
    subscriptions: subscriptions as CsmPortfolio['subscriptions'],
    customers: customers as CsmPortfolio['customers'],
    consultantId,
    productLineId,
  };
}

async function id(sent: Promise<{ status: number; body: Json }>): Promise<string> {
  const { status, body } = await sent;
  if (status !== 201) throw new Error(`The service did not create the record: ${JSON.stringify(body)}`);
  return (body as { id: string }).id;
}
