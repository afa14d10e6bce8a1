import { api, type Answer, type Json } from './client.js';
import { person, type Person } from './people.js';
import { advance } from './renewal.js';
import type { TestService } from './service.js';

/** A subscription in its tenth month, as a CSM meets one every day: work, plans, a visit, a top-up, mails. */
export interface BusySubscription {
  id: string;
  customerId: string;
  admin: Person;
  csm: Person;
  finance: Person;
  customer: Person;
  consultantIds: string[];
  productLineIds: string[];
  /** From the oldest work day. */
  entryIds: string[];
  visitId: string;
}

let made = 0;

const storyEndsAt = '2027-01-05T02:00:00Z';

/**
 * The service's clock must stand at 2026-12-28, or at the end of an earlier call. It is 2027-01-05 afterwards, and the first reminder has
 * been sent.
 */
export async function busySubscription(service: TestService): Promise<BusySubscription> {
  const number = ++made;
  const root = api(service.baseUrl, service.adminToken);
  const [admin, csm, finance] = [
    await person(service, 'admin'),
    await person(service, 'csm'),
    await person(service, 'finance'),
  ];
  const consultantIds = await ids(
    root,
    '/v1/consultants',
    ['鈴木 一郎', 'Ellen Moreau'].map((name, at) => ({ name, email: `c${number}-${at}@vendor.example` })),
  );
  const productLineIds = await ids(
    root,
    '/v1/product-lines',
    ['Database', 'Network'].map((name) => ({ code: `${name.toUpperCase().slice(0, 3)}-${number}`, name })),
  );
  const contacts = [{ name: '佐藤 花子', email: `sato-${number}@aoi.example`, roles: ['renewal', 'usage'] }];
  const of = { name: `Aoi Kaihatsu ${number}`, locale: 'ja', timeZone: 'Asia/Tokyo', country: 'JP', contacts };
  const [customerId] = await ids(csm, '/v1/customers', [of]);
  const sold = {
    customerId,
    package: 'premier',
    startsOn: '2026-04-01',
    productLineIds,
    contractNumber: `C-10${number}`,
  };
  const [id] = await ids(csm, '/v1/subscriptions', [sold]);
  const base = `/v1/subscriptions/${id}`;
  const allocations = [
    { consultantId: consultantIds[0], productLineId: productLineIds[0], minutes: 6_000, primary: true },
    { consultantId: consultantIds[1], productLineId: productLineIds[1], minutes: 3_000 },
  ];
  must(await csm.put(`${base}/allocations`, { allocations }, { 'if-match': '"0"' }));
  const visit = {
    startsOn: '2026-10-06',
    endsOn: '2026-10-07',
    place: 'Osaka office',
    consultantIds: [consultantIds[0]],
  };
  const [visitId] = await ids(csm, `${base}/visits`, [visit]);

  const entryIds: string[] = [];
  for (const [at, [workDate, minutes, activity, summary]] of work.entries()) {
    const isOnsite = workDate === visit.startsOn;
    // The last entry equals the one before it.
    const nth = Math.min(at, work.length - 2);
    const who = isOnsite ? 0 : nth % 2;
    const { entry } = must(
      await csm.post(`${base}/time-entries`, {
        workDate,
        minutes,
        consultantId: consultantIds[who],
        productLineId: productLineIds[who],
        activity,
        delivery: isOnsite ? 'onsite' : 'remote',
        ...(isOnsite && { visitId }),
        summary,
        ...(nth % 3 === 0 && { reference: `CASE-${1_000 + nth}` }),
      }),
    ) as { entry: { id: string } };
    entryIds.push(entry.id);
  }
  must(
    await csm.post(`${base}/top-ups`, {
      kind: 'supplement',
      minutes: 1_200,
      effectiveOn: '2026-11-02',
      orderNumber: 'PO-778',
    }),
  );
  for (const plannedOn of ['2027-01-14', '2027-02-11']) {
    must(
      await csm.post(`${base}/planned-sessions`, {
        plannedOn,
        minutes: 240,
        consultantId: consultantIds[0],
        productLineId: productLineIds[0],
        activity: 'health-check',
        delivery: 'remote',
        summary: 'Quarterly health check of the primary cluster',
      }),
    );
  }
  must(await csm.post(`${base}/seats`, { learnerName: '山田 太郎', learnerEmail: `yamada-${number}@aoi.example` }));
  const outlook = {
    expectation: 'unsure',
    reason: 'New head of IT',
    nextStep: 'Call Ms Sato',
    nextStepOn: '2027-01-12',
  };
  must(await csm.put(`${base}/outlook`, outlook, { 'if-match': '"0"' }));
  if (service.clock.now() < new Date(storyEndsAt)) await advance(service, storyEndsAt);
  const customer = await person(service, 'customer', customerId);
  return {
    id: id!,
    customerId: customerId!,
    admin,
    csm,
    finance,
    customer,
    consultantIds,
    productLineIds,
    entryIds,
    visitId: visitId!,
  };
}

const work: readonly [workDate: string, minutes: number, activity: string, summary: string][] = [
  ['2026-04-14', 300, 'health-check', 'Health check of the primary cluster'],
  ['2026-05-12', 420, 'best-practice', 'Backup strategy, with a plan for restores'],
  ['2026-06-16', 360, 'technical-advice', 'Sizing of the new reporting database'],
  ['2026-07-07', 600, 'upgrade', 'Upgrade rehearsal in the test environment'],
  ['2026-08-18', 240, 'technical-advice', 'Slow queries after the release'],
  ['2026-09-15', 480, 'gap-analysis', 'Gap analysis of monitoring'],
  ['2026-10-06', 480, 'enablement', 'Workshop for operators'],
  ['2026-11-10', 360, 'feature-adoption', 'Partitioning of the archive'],
  ['2026-12-08', 420, 'health-check', 'Health check before the holidays'],
  ['2026-12-08', 420, 'health-check', 'Health check before the holidays'],
];

function must({ status, body }: Answer): Json {
  if (status >= 300) throw new Error(`The service refused: ${JSON.stringify(body)}`);
  return body;
}

async function ids(
  client: Person | ReturnType<typeof api>,
  path: string,
  bodies: readonly object[],
): Promise<string[]> {
  const made: string[] = [];
  for (const body of bodies) made.push((must(await client.post(path, body)) as { id: string }).id);
  return made;
}
