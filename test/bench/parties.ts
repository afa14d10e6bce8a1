import type { Bench } from './service.js';

const consultants = 50;

/** A subscription of the bench: three of the consultants are allocated to it, on one product line. */
export interface Target {
  subscriptionId: string;
  consultantIds: string[];
  productLineId: string;
}

/** A customer, consultants and a product line; then subscriptions with three consultants each. */
export async function parties({ call }: Pick<Bench, 'call'>): Promise<(count: number) => Promise<Target[]>> {
  const { id: customerId } = await call<{ id: string }>('POST', '/v1/customers', {
    name: 'Bench',
    locale: 'en',
    timeZone: 'Asia/Tokyo',
    contacts: [],
  });
  const { id: productLineId } = await call<{ id: string }>('POST', '/v1/product-lines', {
    code: 'db',
    name: 'Database',
  });
  const consultantIds: string[] = [];
  for (let index = 0; index < consultants; index++) {
    const body = { name: `Consultant ${index}`, email: `consultant-${index}@example.test` };
    consultantIds.push((await call<{ id: string }>('POST', '/v1/consultants', body)).id);
  }
  const { id: csmId } = await call<{ id: string }>('POST', '/v1/users', {
    name: 'CSM',
    email: 'csm@example.test',
    role: 'csm',
  });
  return async (count) => {
    const entered: Target[] = [];
    for (let index = 0; index < count; index++) {
      const productLineIds = [productLineId];
      const body = { customerId, package: 'dedicated', startsOn: '2026-04-01', csmId, productLineIds };
      const { id } = await call<{ id: string }>('POST', '/v1/subscriptions', body);
      const three = [0, 1, 2].map((offset) => consultantIds[(index * 3 + offset) % consultants]!);
      const allocations = three.map((consultantId) => ({ consultantId, productLineId, minutes: 30_000 }));
      await call('PUT', `/v1/subscriptions/${id}/allocations`, { allocations }, { 'If-Match': '"0"' });
      entered.push({ subscriptionId: id, consultantIds: three, productLineId });
    }
    return entered;
  };
}
