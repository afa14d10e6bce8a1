import type { Answer } from './client.js';
import { soldContract, type ContractWanted, type SoldContract } from './contract.js';
import type { TestService } from './service.js';

/** Sells a subscription, and assigns all its consultants to its first product line. */
export async function contractToBookOn(
  service: TestService,
  wanted: Partial<ContractWanted> = {},
): Promise<SoldContract> {
  const sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', ...wanted });
  const path = `/v1/subscriptions/${sold.id}/allocations`;
  const { headers } = await sold.csm.get(path);
  const allocations = sold.consultantIds.map((consultantId) => ({
    consultantId,
    productLineId: sold.productLineIds[0],
    minutes: 0,
  }));
  const set = await sold.csm.put(path, { allocations }, { 'if-match': headers.get('etag')! });
  if (set.status !== 200) throw new Error(JSON.stringify(set.body));
  return sold;
}

/** The body of a time entry: one minute of remote work. */
export const entryOf = (sold: SoldContract, workDate: string, change: object = {}) => ({
  workDate,
  minutes: 1,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: 'Health check',
  ...change,
});

/** Logs one minute of remote work. */
export const logOn = (sold: SoldContract, workDate: string, change: object = {}): Promise<Answer> =>
  sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries`, entryOf(sold, workDate, change));

/** A CSV file for an import, with one minute of work on each subscription, in this order. */
export function fileOf(contracts: readonly SoldContract[], workDate: string): string {
  const columns = ['workDate', 'minutes', 'consultantId', 'productLineId', 'activity', 'delivery', 'summary'] as const;
  const rows = contracts.map((sold) => {
    const entry = entryOf(sold, workDate);
    return [sold.id, ...columns.map((column) => entry[column])].join(',');
  });
  return [`subscriptionId,${columns.join(',')}`, ...rows, ''].join('\n');
}
