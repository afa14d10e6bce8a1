import type { PackageCode } from '../../src/domain/package.js';
import { api, type Answer, type Api, type Json } from './client.js';
import { person, type Person } from './people.js';
import { startService, type TestService } from './service.js';

// A small vendor before the closing of June 2026: April is closed and got an adjustment; in June one customer has no entry, and
// in July a session is planned.

export interface FinanceStory {
  service: TestService;
  admin: Api;
  finance: Person;
  /** An administrator with a session of their own. */
  chief: Person;
  hana: Person;
  ken: Person;
  acme: StoryContract;
  aoi: StoryContract;
  birch: StoryContract;
}

export interface StoryContract {
  id: string;
  customerId: string;
  customer: string;
  consultantId: string;
  productLineId: string;
  csm: Person;
}

export async function financeStory(): Promise<FinanceStory> {
  const service = await startService({ clock: '2026-07-06T03:00:00Z' });
  const admin = api(service.baseUrl, service.adminToken);
  const [finance, chief] = [await person(service, 'finance'), await person(service, 'admin')];
  const [hana, ken] = [await person(service, 'csm'), await person(service, 'csm')];
  await rename(admin, hana, 'Tanaka Hana');
  await rename(admin, ken, 'Ken Baker');
  await rename(admin, finance, 'Mori Aki');
  await rename(admin, chief, 'Abe Sora');
  const consultantId = (
    await made(admin.post('/v1/consultants', { name: 'Suzuki Ichiro', email: 'suzuki@vendor.example' }))
  ).id as string;
  const line = await made(admin.post('/v1/product-lines', { code: 'DB', name: 'Database' }));
  const sell = async (csm: Person, customer: string, sold: PackageCode, startsOn: string): Promise<StoryContract> => {
    const about = { name: customer, locale: 'ja', timeZone: 'Asia/Tokyo' };
    const customerId = (await made(csm.post('/v1/customers', about))).id as string;
    const productLineIds = [line.id as string];
    const { id } = await made(csm.post('/v1/subscriptions', { customerId, package: sold, startsOn, productLineIds }));
    const allocations = [{ consultantId, productLineId: line.id as string, minutes: 0 }];
    await made(csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': '"0"' }));
    return { id, customerId, customer, consultantId, productLineId: line.id as string, csm };
  };
  const acme = await sell(hana, 'Acme KK', 'premier', '2026-04-01');
  const aoi = await sell(hana, 'あおい銀行', 'enterprise', '2026-04-01');
  const birch = await sell(ken, 'Birch & Sons <Ltd>', 'basic', '2025-10-10');
  await log(acme, '2026-04-10', 90);
  await log(acme, '2026-04-24', 120);
  await log(aoi, '2026-04-15', 245);
  await log(birch, '2026-04-21', 60);
  const wrong = await log(acme, '2026-04-28', 45);
  await made(finance.post('/v1/periods/2026-04/close'));
  await made(hana.post(`/v1/time-entries/${wrong.entry.id}/reversal`, { reason: 'Booked for the wrong customer' }));
  await made(
    finance.post('/v1/periods/2026-04/adjustments', {
      ...workOf(aoi, '2026-04-30', 75),
      subscriptionId: aoi.id,
      reason: 'The consultant was ill at the end of April',
    }),
  );
  await log(acme, '2026-05-12', 180);
  await log(aoi, '2026-05-20', 300);
  await log(birch, '2026-05-21', 30);
  await log(acme, '2026-06-09', 95);
  await log(aoi, '2026-06-17', 150);
  await log(acme, '2026-07-02', 60);
  const { workDate: _, ...session } = workOf(aoi, '', 120);
  await made(hana.post(`/v1/subscriptions/${aoi.id}/planned-sessions`, { ...session, plannedOn: '2026-07-20' }));
  return { service, admin, finance, chief, hana, ken, acme, aoi, birch };
}

/** What an entry of the story contains. */
export const workOf = ({ consultantId, productLineId }: StoryContract, workDate: string, minutes: number): Json => ({
  ...{ workDate, minutes, consultantId, productLineId },
  activity: 'health-check',
  delivery: 'remote',
  summary: 'Health check of the primary cluster',
});

async function log(contract: StoryContract, workDate: string, minutes: number): Promise<Json> {
  return made(contract.csm.post(`/v1/subscriptions/${contract.id}/time-entries`, workOf(contract, workDate, minutes)));
}

async function rename(admin: Api, { id }: Person, name: string): Promise<void> {
  const { headers } = await admin.get(`/v1/users/${id}`);
  await made(admin.patch(`/v1/users/${id}`, { name }, { 'if-match': headers.get('etag')! }));
}

async function made(answer: Promise<Answer>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
