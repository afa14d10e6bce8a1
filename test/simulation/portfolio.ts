import type { Api } from '../support/client.js';
import { addDays, addYears, dayOn, type Day } from './model/calendar.js';
import { Contract, type Customer, type Notice, type Term } from './model/contract.js';
import { packages, publishedTable } from './model/published-table.js';
import type { Random } from './random.js';
import { must, type World } from './world.js';

/** Far east and far west, half and quarter hours, clocks that change at midnight, by half an hour, in the other half of the year. */
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

/** Ends of months and years, and the day that most years do not have. */
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

/** A subscription: what the model knows of it, and what one needs in order to ask the service about it. */
export interface Subject {
  readonly contract: Contract;
  readonly id: string;
  readonly client: Client;
  readonly consultantIds: string[];
  readonly lineIds: string[];
  readonly entries: Entry[];
  readonly visits: { id: string; term: Term; startsOn: Day; endsOn: Day; consultantId: string; cancelled: boolean }[];
  readonly seats: Map<string, string>;
  readonly notices: Notice[];
  /** What has happened to it, in words. */
  readonly story: string[];
}

/** Everybody who takes part. */
export class Portfolio {
  readonly clients: Client[] = [];
  readonly subjects: Subject[] = [];
  /** The last month that finance has closed. */
  closedThrough: string | undefined;
  readonly #csms: { id: string; address: string; api: Api }[] = [];
  #contacts = 0;

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  get active(): Subject[] {
    return this.subjects.filter(({ contract }) => !contract.ended);
  }

  async hireCsms(count: number): Promise<void> {
    const { admin } = this.world;
    for (let number = 1; number <= count; number++) {
      const address = `csm-${number}@trm.example`;
      const { id } = await must(admin.post('/v1/users', { name: `CSM ${number}`, email: address, role: 'csm' }));
      this.#csms.push({ id, address, api: this.world.as(await this.#tokenOf(id)) });
    }
  }

  /** A customer of ours buys again, or a new one for the first time; some contracts were running elsewhere before. */
  async enter(): Promise<Subject> {
    const { random, world } = this;
    const client =
      this.clients.length > 0 && random.chance(0.25) ? random.oneOf(this.clients) : await this.#newClient();
    const csm = random.oneOf(this.#csms);
    const sold = random.oneOf(packages);
    const startsOn = this.#firstDay(dayOn(world.now, client.model.zone));
    const number = this.subjects.length + 1;
    const lineIds = await this.#productLines(number, publishedTable[sold].lines);
    const consultantIds = await this.#consultants(number, 3);
    const asked = { customerId: client.id, package: sold, startsOn, productLineIds: lineIds, csmId: csm.id };
    const { id } = await must(world.admin.post('/v1/subscriptions', asked));
    const contract = new Contract(number, client.model, csm.address, startsOn, sold, world.now);
    const subject: Subject = {
      contract,
      id,
      client,
      consultantIds,
      lineIds,
      entries: [],
      visits: [],
      seats: new Map(),
      notices: [],
      story: [],
    };
    this.subjects.push(subject);
    return subject;
  }

  anotherZone(zone: string): string {
    return this.random.oneOf(zones.filter((other) => other !== zone));
  }

  /** Nobody, or one or two people who want to hear of renewals, as many for the use, and one who wants neither. */
  newContacts(): {
    renewal: string[];
    usage: string[];
    contacts: { name: string; email: string; roles: string[] }[];
  } {
    const number = ++this.#contacts;
    const [renewal, usage] = (['renewal', 'usage'] as const).map((role) => {
      const wanted = this.random.weighted([
        [1, 0],
        [6, 1],
        [3, 2],
      ]);
      return Array.from({ length: wanted }, (_, at) => `${role}-${number}-${at + 1}@customer.example`);
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
    const client = { model, id, locale, api: world.as(await this.#tokenOf(userId)) };
    this.clients.push(client);
    return client;
  }

  #firstDay(today: Day): Day {
    const { random } = this;
    const kind = random.weighted([
      [5, 'near'],
      [4, 'awkward'],
      [2, 'taken over'],
    ] as const);
    if (kind === 'near') return addDays(today, random.between(-20, 40));
    if (kind === 'taken over') return addDays(today, -random.between(100, 1_500));
    const day = random.oneOf(awkwardDays);
    // The day that few years have is looked for in the past, the others lie at most half a year away.
    const years = [0, -1, -2, -3, -4, -5, -6, -7, -8].map((ago) => addYears(today, ago).slice(0, 4));
    const found = years.map((year) => `${year}-${day}`).filter((candidate) => exists(candidate));
    return found.find((candidate) => candidate <= addDays(today, 180)) ?? today;
  }

  async #tokenOf(userId: string): Promise<string> {
    const { token } = await must(this.world.admin.post(`/v1/users/${userId}/tokens`, { name: 'simulation' }));
    return token as string;
  }

  async #productLines(subscription: number, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 1; number <= count; number++) {
      const line = { code: `L-${subscription}-${number}`, name: `Line ${subscription}-${number}` };
      ids.push((await must(this.world.admin.post('/v1/product-lines', line))).id as string);
    }
    return ids;
  }

  async #consultants(subscription: number, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 1; number <= count; number++) {
      const consultant = {
        name: `Consultant ${subscription}-${number}`,
        email: `consultant-${subscription}-${number}@trm.example`,
      };
      ids.push((await must(this.world.admin.post('/v1/consultants', consultant))).id as string);
    }
    return ids;
  }
}

function exists(day: Day): boolean {
  return !day.endsWith('02-29') || new Date(`${day}T00:00:00Z`).getUTCDate() === 29;
}
