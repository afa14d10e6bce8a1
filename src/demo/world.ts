import type { Subscription } from './answers.js';
import { customer, type ConsultantKey, type CsmKey, type CustomerKey, type LineCode } from './cast.js';
import type { Client } from './client.js';

/** A contract of the story: its ids, and the client of its CSM. */
export interface DemoContract {
  id: string;
  customerId: string;
  /** Changes when the contract is handed over. */
  csm: Client;
}

/** The clients of the service, and the ids that the service gave to what the story names. */
export interface World {
  url: string;
  admin: Client;
  finance: Client;
  csms: Record<CsmKey, Client>;
  csmIds: Record<CsmKey, string>;
  /** Olivia Harris of Harbour Mining: a customer's user with a token of her own. */
  olivia: Client;
  consultantIds: Record<ConsultantKey, string>;
  lineIds: Record<LineCode, string>;
  contracts: Record<CustomerKey, DemoContract>;
  /** By visit name, as in the time entries: `東京本店 2026-05-18`. */
  visitIds: Map<string, string>;
}

/** A piece of work, with the story's names instead of ids. */
export interface Work {
  workDate: string;
  minutes: number;
  consultant: ConsultantKey;
  line: LineCode;
  activity: string;
  summary: string;
  delivery?: 'remote' | 'onsite';
  visitId?: string;
  /** The planned session that the work fulfils. */
  plannedSessionId?: string;
}

/** Work that is agreed for a day. */
export type DemoPlannedWork = Omit<Work, 'workDate' | 'plannedSessionId'> & { plannedOn: string };

/** The work as a request body, with ids. */
export function entryOf(
  { consultantIds, lineIds }: World,
  { consultant, line, ...work }: Work | DemoPlannedWork,
): object {
  return { delivery: 'remote', ...work, consultantId: consultantIds[consultant], productLineId: lineIds[line] };
}

export const path = ({ contracts }: World, key: CustomerKey, rest = ''): string =>
  `/v1/subscriptions/${contracts[key].id}${rest}`;

export function subscriptionOf(world: World, key: CustomerKey): Promise<Subscription> {
  return world.contracts[key].csm.get(path(world, key));
}

export const nameOf = (key: CustomerKey): string => customer(key).name;
