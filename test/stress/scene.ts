import { startServer, startService, type Server, type Service } from '../bench/service.js';
import type { Call } from './others.js';

const clock = 'simulated:2026-07-10T12:00:00Z';
const days = Array.from({ length: 14 }, (_, ago) => `2026-07-${String(10 - (ago % 10)).padStart(2, '0')}`);

/** A CSM with subscriptions, each with its own consultant. */
export interface Portfolio {
  token: string;
  customerId: string;
  targets: readonly { subscriptionId: string; consultantId: string; productLineId: string }[];
}

/** The database of all attacks, with two portfolios, and a way to start services on it. */
export interface Scene {
  databaseUrl: string;
  adminToken: string;
  /** The portfolio of the user who attacks. */
  attacker: Portfolio;
  /** The portfolio of the other users, whom the attack should not affect. */
  neighbour: Portfolio;
  financeToken: string;
  /** Starts an instance of the service on the database. */
  start: (settings?: NodeJS.ProcessEnv) => Promise<Service>;
  close: () => Promise<void>;
}

/** How long a stop of the service may take here. The default of `HTTP_LIMITS` is 25 seconds. */
export const stopSeconds = 10;

const subscriptionsEach = 30;
const rowsOfTheAttacker = 40_000;

/** Creates a database, and fills it through the service. */
export async function openScene(): Promise<Scene> {
  const server = await startServer();
  try {
    return await fill(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function fill(server: Server): Promise<Scene> {
  const name = `trm_stress_${process.pid}`;
  await server.run(`create database ${name}`);
  const databaseUrl = server.urlOf(name);
  // Stops must be short, as each attack ends with one and the whole run has five minutes.
  const start: Scene['start'] = (settings = {}) =>
    startService(databaseUrl, { CLOCK: clock, HTTP_LIMITS: `stop=${stopSeconds}`, ...settings });
  const service = await start();
  try {
    const { id: productLineId } = await service.call<{ id: string }>('POST', '/v1/product-lines', {
      code: 'db',
      name: 'Database',
    });
    const attacker = await portfolio(service, 'attacker', productLineId);
    const neighbour = await portfolio(service, 'neighbour', productLineId);
    const financeToken = await tokenOf(service, { name: 'Finance', email: 'finance@example.test', role: 'finance' });
    await service.call('POST', '/v1/time-entries/import', csvOf(attacker.targets, rowsOfTheAttacker), {
      'content-type': 'text/csv',
    });
    return {
      databaseUrl,
      adminToken: service.token,
      attacker,
      neighbour,
      financeToken,
      start,
      close: () => server.stop(),
    };
  } finally {
    await service.stop();
  }
}

/** A file of hours for these subscriptions. Files with different markers have different rows. */
export function csvOf(targets: Portfolio['targets'], rows: number, marker = 'Imported'): string {
  const lines = ['subscriptionId,workDate,minutes,consultantId,productLineId,activity,delivery,summary'];
  for (let row = 0; row < rows; row++) {
    const { subscriptionId, consultantId, productLineId } = targets[row % targets.length]!;
    const day = days[Math.floor(row / targets.length) % days.length]!;
    lines.push(`${subscriptionId},${day},1,${consultantId},${productLineId},enablement,remote,${marker} ${row}`);
  }
  return lines.join('\n');
}

/** A request that books one minute on a subscription of the portfolio. */
export function bookingOn({ targets }: Portfolio, index: number): { path: string; body: Record<string, unknown> } {
  const { subscriptionId, consultantId, productLineId } = targets[index % targets.length]!;
  return {
    path: `/v1/subscriptions/${subscriptionId}/time-entries`,
    body: {
      workDate: days[index % days.length]!,
      minutes: 1,
      consultantId,
      productLineId,
      activity: 'technical-advice',
      delivery: 'remote',
      summary: `Advice ${index}`,
    },
  };
}

/** The usual requests of the other users: six of ten are bookings, the others read health, balances, lists and reports. */
export function usualRequests({ neighbour, financeToken }: Scene): Call[] {
  const { token, customerId, targets } = neighbour;
  return Array.from({ length: 400 }, (_, index): Call => {
    const { subscriptionId } = targets[index % targets.length]!;
    if (index % 10 < 6) return { name: 'bookings', method: 'POST', token, ...bookingOn(neighbour, index) };
    if (index % 10 === 6) return { name: 'health', method: 'GET', path: '/health/ready' };
    if (index % 10 === 7) {
      return { name: 'balances', method: 'GET', token, path: `/v1/subscriptions/${subscriptionId}/balance` };
    }
    if (index % 10 === 8) {
      return { name: 'lists', method: 'GET', token, path: `/v1/subscriptions/${subscriptionId}/time-entries?limit=20` };
    }
    const days = 'from=2026-07-01&to=2026-07-31&format=json';
    const path = `/v1/reports/usage-summary?${days}&customerId=${customerId}`;
    return { name: 'reports', method: 'GET', token: financeToken, path };
  });
}

/** @throws Error if a ledger does not add up */
export async function everyLedgerAddsUp(scene: Scene): Promise<void> {
  const service = await scene.start();
  try {
    for (const { subscriptionId } of [...scene.attacker.targets, ...scene.neighbour.targets]) {
      const { consistent } = await service.call<{ consistent: boolean }>(
        'POST',
        `/v1/subscriptions/${subscriptionId}/verify`,
      );
      if (!consistent) throw new Error(`The ledger of ${subscriptionId} does not add up`);
    }
  } finally {
    await service.stop();
  }
}

async function portfolio(service: Service, name: string, productLineId: string): Promise<Portfolio> {
  const { id: customerId } = await service.call<{ id: string }>('POST', '/v1/customers', {
    name: `Customer of the ${name}`,
    locale: 'en',
    timeZone: 'Asia/Tokyo',
    contacts: [{ name: 'Contact', email: `${name}-contact@example.test`, roles: ['renewal', 'usage'] }],
  });
  const user = { name: `The ${name}`, email: `${name}@example.test`, role: 'csm' };
  const { id: csmId } = await service.call<{ id: string }>('POST', '/v1/users', user);
  const targets: { subscriptionId: string; consultantId: string; productLineId: string }[] = [];
  for (let index = 0; index < subscriptionsEach; index++) {
    const consultant = { name: `Consultant ${index} of the ${name}`, email: `${name}-${index}@example.test` };
    const { id: consultantId } = await service.call<{ id: string }>('POST', '/v1/consultants', consultant);
    const productLineIds = [productLineId];
    const contract = { customerId, package: 'dedicated', startsOn: '2026-04-01', csmId, productLineIds };
    const { id: subscriptionId } = await service.call<{ id: string }>('POST', '/v1/subscriptions', contract);
    const allocations = [{ consultantId, productLineId, minutes: 60_000 }];
    await service.call(
      'PUT',
      `/v1/subscriptions/${subscriptionId}/allocations`,
      { allocations },
      { 'If-Match': '"0"' },
    );
    targets.push({ subscriptionId, consultantId, productLineId });
  }
  return { token: await tokenFor(service, csmId), customerId, targets };
}

async function tokenOf(service: Service, user: Record<string, string>): Promise<string> {
  const { id } = await service.call<{ id: string }>('POST', '/v1/users', user);
  return tokenFor(service, id);
}

async function tokenFor(service: Service, userId: string): Promise<string> {
  const { token } = await service.call<{ token: string }>('POST', `/v1/users/${userId}/tokens`, { name: 'stress' });
  return token;
}
