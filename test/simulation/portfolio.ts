import type { Api } from '../support/client.js';
import { addDays, addYears, dayOn, type Day } from './model/calendar.js';
import { Contract, type Csm, type Customer, type Notice, type Term } from './model/contract.js';
import { packages, publishedTable } from './model/published-table.js';
import type { Random } from './random.js';
import { must, type World } from './world.js';

/** Zones far east and west, with half and quarter hours, and with clock changes at midnight or of half an hour, in both hemispheres. */
const zones = [
  'Asia/Tokyo',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Europe/Lisbon',
  'America/New_York',
  'Pacific/Kiritimati',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Beirut',
  'Pacific/Honolulu',
  'UTC',
] as const;

/** Days at the ends of months and years, and February 29. */
const awkwardDays = ['02-28', '02-29', '03-01', '03-31', '04-30', '05-01', '08-31', '12-31', '01-01', '10-31'];

export interface Client {
  readonly model: Customer;
  readonly id: string;
  readonly api: Api;
  readonly locale: 'ja' | 'en';
}

export interface Entry {
  id: string;
  term: Term;
  workOn: Day;
  minutes: number;
  onsite: boolean;
  consultantId: string;
  reversed: boolean;
}

export interface SimulatedCsm {
  readonly model: Csm;
  readonly api: Api;
}

/** A subscription: its model, and the ids and tokens for requests about it. */
export interface SimulatedSubscription {
  readonly contract: Contract;
  readonly id: string;
  readonly client: Client;
  readonly consultantIds: string[];
  readonly lineIds: string[];
  readonly entries: Entry[];
  readonly visits: { id: string; term: Term; startsOn: Day; endsOn: Day; consultantId: string; cancelled: boolean }[];
  readonly seats: Map<string, string>;
  readonly notices: Notice[];
  /** The actions so far, one line each. */
  readonly history: string[];
}

/** All customers, CSMs and subscriptions of a run. */
export class Portfolio {
  readonly clients: Client[] = [];
  readonly subscriptions: SimulatedSubscription[] = [];
  /** The last month that finance has closed. */
  closedThrough: string | undefined;
  readonly csms: SimulatedCsm[] = [];
  #contacts = 0;

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  get active(): SimulatedSubscription[] {
    return this.subscriptions.filter(({ contract }) => !contract.ended);
  }

  /** Creates a CSM for each of these zones. */
  async createCsms(zones: readonly string[]): Promise<void> {
    const { admin } = this.world;
    for (const [at, zone] of zones.entries()) {
      const address = `csm-${at + 1}@trm.example`;
      const csm = { name: `CSM ${at + 1}`, email: address, role: 'csm', timeZone: zone };
      const { id } = await must(admin.post('/v1/users', csm));
      this.csms.push({ model: { id, address, zone, deputies: [] }, api: this.world.clientOf(await this.#tokenOf(id)) });
    }
  }

  /** Enters a subscription of an existing or a new customer. Some subscriptions started before they are entered. */
  async enter(): Promise<SimulatedSubscription> {
    const { random, world } = this;
    const client =
      this.clients.length > 0 && random.chance(0.25) ? random.oneOf(this.clients) : await this.#newClient();
    const csm = random.oneOf(this.csms).model;
    const sold = random.oneOf(packages);
    const startsOn = this.#firstDay(dayOn(world.now, client.model.zone));
    const number = this.subscriptions.length + 1;
    const lineIds = await this.#productLines(number, publishedTable[sold].lines);
    const consultantIds = await this.#consultants(number, 3);
    const request = { customerId: client.id, package: sold, startsOn, productLineIds: lineIds, csmId: csm.id };
    const { id } = await must(world.admin.post('/v1/subscriptions', request));
    const contract = new Contract(number, client.model, csm, startsOn, sold, world.now);
    const subscription: SimulatedSubscription = {
      contract,
      id,
      client,
      consultantIds,
      lineIds,
      entries: [],
      visits: [],
      seats: new Map(),
      notices: [],
      history: [],
    };
    this.subscriptions.push(subscription);
    return subscription;
  }

  otherZone(zone: string): string {
    return this.random.oneOf(zones.filter((other) => other !== zone));
  }

  /** Creates no, one or two contacts for each of the roles `renewal` and `usage`, and one for `billing`. */
  newContacts(): {
    renewal: string[];
    usage: string[];
    contacts: { name: string; email: string; roles: string[] }[];
  } {
    const number = ++this.#contacts;
    const [renewal, usage] = (['renewal', 'usage'] as const).map((role) => {
      const count = this.random.weighted([
        [1, 0],
        [6, 1],
        [3, 2],
      ]);
      return Array.from({ length: count }, (_, at) => `${role}-${number}-${at + 1}@customer.example`);
    }) as [string[], string[]];
    const contacts = [
      ...renewal.map((email, at) => ({ name: `山田 Contact ${at}`, email, roles: ['renewal'] })),
      ...usage.map((email, at) => ({ name: `鈴木 Contact ${at}`, email, roles: ['usage'] })),
      { name: 'Billing', email: `billing-${number}@customer.example`, roles: ['billing'] },
    ];
    return { renewal, usage, contacts };
  }

  async #newClient(): Promise<Client> {
    const { world, random } = this;
    const number = this.clients.length + 1;
    const { renewal, usage, contacts } = this.newContacts();
    const zone = random.oneOf(zones);
    const locale = random.oneOf(['ja', 'en'] as const);
    const country = random.oneOf(['JP', 'US', 'BR', 'EG', 'PT']);
    const customer = { name: `Customer ${number}`, locale, timeZone: zone, country, contacts };
    const { id } = await must(world.admin.post('/v1/customers', customer));
    const user = { name: `User ${number}`, email: `user-${number}@customer.example`, role: 'customer', customerId: id };
    const { id: userId } = await must(world.admin.post('/v1/users', user));
    const model = { number, zone, renewalContacts: renewal, usageContacts: usage };
    const client = { model, id, locale, api: world.clientOf(await this.#tokenOf(userId)) };
    this.clients.push(client);
    return client;
  }

  #firstDay(today: Day): Day {
    const { random } = this;
    const kind = random.weighted([
      [5, 'near'],
      [4, 'awkward'],
      [2, 'earlier'],
    ] as const);
    if (kind === 'near') return addDays(today, random.between(-20, 40));
    if (kind === 'earlier') return addDays(today, -random.between(100, 1_500));
    const day = random.oneOf(awkwardDays);
    // February 29 may lie years in the past. The other days lie at most half a year in the future.
    const years = [0, -1, -2, -3, -4, -5, -6, -7, -8].map((ago) => addYears(today, ago).slice(0, 4));
    const found = years.map((year) => `${year}-${day}`).filter((candidate) => exists(candidate));
    return found.find((candidate) => candidate <= addDays(today, 180)) ?? today;
  }

  async #tokenOf(userId: string): Promise<string> {
    const { token } = await must(this.world.admin.post(`/v1/users/${userId}/tokens`, { name: 'simulation' }));
    return token as string;
  }

  async #productLines(subscriptionNumber: number, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 1; number <= count; number++) {
      const line = { code: `L-${subscriptionNumber}-${number}`, name: `Line ${subscriptionNumber}-${number}` };
      ids.push((await must(this.world.admin.post('/v1/product-lines', line))).id as string);
    }
    return ids;
  }

  async #consultants(subscriptionNumber: number, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 1; number <= count; number++) {
      const consultant = {
        name: `Consultant ${subscriptionNumber}-${number}`,
        email: `consultant-${subscriptionNumber}-${number}@trm.example`,
      };
      ids.push((await must(this.world.admin.post('/v1/consultants', consultant))).id as string);
    }
    return ids;
  }
}

function exists(day: Day): boolean {
  return !day.endsWith('02-29') || new Date(`${day}T00:00:00Z`).getUTCDate() === 29;
}
