import type { Subscription } from './answers.js';
import { customer, type ConsultantKey, type CsmKey, type CustomerKey, type LineCode } from './cast.js';
import type { Client } from './client.js';

/** A contract of the story: its ids, and the CSM through whom it is served. */
export interface DemoContract {
  id: string;
  customerId: string;
  csm: Client;
}

/** Who speaks to the service, and what it calls the people and things of the story. */
export interface World {
  url: string;
  admin: Client;
  finance: Client;
  csms: Record<CsmKey, Client>;
  /** Olivia Harris of Harbour Mining, who uses the service herself. */
  olivia: Client;
  consultantIds: Record<ConsultantKey, string>;
  lineIds: Record<LineCode, string>;
  contracts: Record<CustomerKey, DemoContract>;
  /** By the name under which the time entries know them. */
  visitIds: Map<string, string>;
}

/** A piece of work as the story tells it. */
export interface Work {
  workDate: string;
  minutes: number;
  consultant: ConsultantKey;
  line: LineCode;
  activity: string;
  summary: string;
  delivery?: 'remote' | 'onsite';
  visitId?: string;
}

/** The same as the service reads it. */
export function entryOf({ consultantIds, lineIds }: World, { consultant, line, ...work }: Work): object {
  return { delivery: 'remote', ...work, consultantId: consultantIds[consultant], productLineId: lineIds[line] };
}

export const path = ({ contracts }: World, key: CustomerKey, rest = ''): string =>
  `/v1/subscriptions/${contracts[key].id}${rest}`;

export function subscriptionOf(world: World, key: CustomerKey): Promise<Subscription> {
  return world.contracts[key].csm.get(path(world, key));
}

export const nameOf = (key: CustomerKey): string => customer(key).name;
