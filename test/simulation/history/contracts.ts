import { api, type Answer } from '../../support/client.js';
import type { Agreement } from './history.js';

/** The days on which the writers book. April and May are closed. */
export const firstOpenDay = '2026-06-01';
export const openDays = Array.from({ length: 40 }, (_, at) => dayAfter(firstOpenDay, at));
export const closedDays = Array.from({ length: 31 }, (_, at) => dayAfter('2026-05-01', at));
/** So much work falls on these days that consultants reach the limit of a day. */
export const busyDays = openDays.slice(-2);

/** A subscription on which the writers book. */
export interface BookedSubscription extends Agreement {
  /** Undefined on a package without onsite work. */
  visitId: string | undefined;
}

export interface Contracts {
  subscriptions: readonly BookedSubscription[];
  users: readonly { userId: string; token: string }[];
}

type PairPlan = readonly [consultant: number, line: number, minutes: number];

/** The consultants work for several customers, so that the limit of a day connects the subscriptions. */
const plans: readonly { sell: string; onsiteCapMinutes: number; pairs: readonly PairPlan[] }[] = [
  { sell: 'basic', onsiteCapMinutes: 0, pairs: [[0, 0, 3_000]] },
  {
    sell: 'premier',
    onsiteCapMinutes: 2_880,
    pairs: [
      [0, 0, 4_000],
      [1, 0, 2_000],
      [1, 1, 0],
    ],
  },
  {
    sell: 'premier',
    onsiteCapMinutes: 2_880,
    pairs: [
      [1, 0, 6_000],
      [2, 1, 3_000],
    ],
  },
  {
    sell: 'enterprise',
    onsiteCapMinutes: 5_760,
    pairs: [
      [0, 0, 10_000],
      [2, 1, 5_000],
    ],
  },
  {
    sell: 'dedicated',
    onsiteCapMinutes: 24_000,
    pairs: [
      [0, 0, 20_000],
      [1, 1, 20_000],
      [2, 0, 20_000],
      [2, 1, 0],
    ],
  },
];

/** Enters the subscriptions and the users of a run. */
export async function enterContracts(url: string, adminToken: string, userCount: number): Promise<Contracts> {
  const admin = api(url, adminToken);
  const idOf = async (path: string, body: object): Promise<string> => (okay(await admin.post(path, body)) as Named).id;
  const several = (count: number, make: (at: number) => Promise<string>): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, at) => make(at)));

  const customer = { name: 'History KK', locale: 'ja', timeZone: 'Asia/Tokyo', contacts: [] };
  const customerId = await idOf('/v1/customers', customer);
  const consultantIds = await several(3, (at) =>
    idOf('/v1/consultants', { name: `Consultant ${at}`, email: `consultant-${at}@trm.example` }),
  );
  const lineIds = await several(2, (at) => idOf('/v1/product-lines', { code: `LINE-${at}`, name: `Line ${at}` }));
  const users = await Promise.all(
    Array.from({ length: userCount }, async (_, at) => {
      const userId = await idOf('/v1/users', { name: `User ${at}`, email: `user-${at}@trm.example`, role: 'admin' });
      const given = okay(await admin.post(`/v1/users/${userId}/tokens`, { name: 'history' })) as { token: string };
      return { userId, token: given.token };
    }),
  );

  const subscriptions: BookedSubscription[] = [];
  for (const { sell, onsiteCapMinutes, pairs } of plans) {
    const allocations = pairs.map(([consultant, line, minutes]) => ({
      consultantId: consultantIds[consultant]!,
      productLineId: lineIds[line]!,
      minutes,
    }));
    const productLineIds = [...new Set(allocations.map(({ productLineId }) => productLineId))];
    const wanted = { customerId, package: sell, startsOn: '2026-04-01', csmId: users[0]!.userId, productLineIds };
    const subscriptionId = await idOf('/v1/subscriptions', wanted);
    const path = `/v1/subscriptions/${subscriptionId}`;
    okay(await admin.put(`${path}/allocations`, { allocations }, { 'if-match': '"0"' }));
    const visit = { startsOn: firstOpenDay, endsOn: openDays.at(-1)!, place: 'Tokyo' };
    const workers = [...new Set(allocations.map(({ consultantId }) => consultantId))];
    const visitId =
      onsiteCapMinutes === 0 ? undefined : await idOf(`${path}/visits`, { ...visit, consultantIds: workers });
    subscriptions.push({ subscriptionId, onsiteCapMinutes, allocations, visitId });
  }
  okay(await admin.post('/v1/periods/2026-05/close'));
  return { subscriptions, users };
}

interface Named {
  id: string;
}

function okay({ status, body }: Answer): unknown {
  if (status >= 300) throw new Error(`Not entered: ${status} ${JSON.stringify(body)}`);
  return body;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
