import type { Batch, Identified, Subscription } from '../answers.js';
import { consultants, customer, customerKeys, productLines, type CustomerKey, type Stay } from '../cast.js';
import { UnexpectedAnswer, type Client } from '../client.js';
import { kindOf, mailFiles, meaningOf } from '../mails.js';
import { amount, counted, duration, good, meanwhile } from '../printer.js';
import { visitName, type DemoEntryRow } from '../time-entries.js';
import { path, type DemoContract, type World } from '../world.js';

/** Plans the visits that begin in a month, on its first day. */
export async function planVisits(world: World, month: string): Promise<void> {
  for (const [key, visit] of visitsOf(month)) {
    const { startsOn, endsOn, place, purpose } = visit;
    const consultantIds = visit.consultants.map((who) => world.consultantIds[who]);
    const planned = { startsOn, endsOn, place, purpose, consultantIds };
    const { id } = await world.contracts[key].csm.post<Identified>(path(world, key, '/visits'), planned);
    world.visitIds.set(visitName(visit), id);
    good(`Visit planned: ${customer(key).name}, ${place}, ${startsOn} to ${endsOn}. ${purpose}`);
  }
}

export async function completeVisits(world: World, month: string): Promise<void> {
  for (const [key, visit] of visitsOf(month)) {
    await world.contracts[key].csm.post(`/v1/visits/${world.visitIds.get(visitName(visit))}/complete`);
  }
}

/** The CSMs log their consultants' work: urgent cases one by one, the rest in one batch per CSM. */
export async function bookEntries(world: World, rows: DemoEntryRow[]): Promise<void> {
  const urgent = rows.filter(({ severity }) => severity === '1');
  await Promise.all(
    urgent.map((row) => {
      const key = customerNamed(row.customer);
      return world.contracts[key].csm.post(path(world, key, '/time-entries'), bodyOf(world, row));
    }),
  );
  for (const csm of Object.values(world.csms)) {
    const contractOf = (row: DemoEntryRow): DemoContract => world.contracts[customerNamed(row.customer)];
    const own = rows.filter((row) => row.severity !== '1' && contractOf(row).csm === csm);
    const entries = own.map((row) => ({ subscriptionId: contractOf(row).id, ...bodyOf(world, row) }));
    await bookBatch(csm, entries);
  }
  const minutes = rows.reduce((sum, row) => sum + Number(row.minutes), 0);
  const onsite = rows.filter(({ delivery }) => delivery === 'onsite').length;
  good(
    `${counted(rows.length, 'time entry', 'time entries')}, ${duration(minutes)}: ${urgent.length} logged one by one because they are urgent, ` +
      `the others in batches; ${onsite === 0 ? 'none' : amount(onsite)} onsite.`,
  );
}

/** Prints what the jobs have done since the last call: terms closed, renewals locked, then the mails about both. */
export class News {
  #mails = new Set<string>();
  #frequentMails: string[] = [];
  #known = new Map<string, Subscription>();

  constructor(private readonly world: World) {}

  async tell(): Promise<void> {
    const present = await this.world.admin.list<Subscription>('/v1/subscriptions');
    const locked = new Map<string, string[]>();
    for (const subscription of present) {
      const before = this.#known.get(subscription.id);
      this.#known.set(subscription.id, subscription);
      if (before === undefined) continue;
      const { currentTerm } = subscription;
      const ended = before.status === 'active' && subscription.status === 'ended';
      if (ended || currentTerm.number > before.currentTerm.number) {
        await this.#tellRollOver(before, subscription);
      } else if (currentTerm.renewalState === 'locked' && before.currentTerm.renewalState !== 'locked') {
        const { noticeDeadline } = currentTerm;
        locked.set(noticeDeadline, [...(locked.get(noticeDeadline) ?? []), this.#customerOf(subscription)]);
      }
    }
    for (const [day, names] of locked) {
      meanwhile(
        `${names.join(', ')} will renew: the last day for a notice, ${day}, has passed without a valid notice.`,
      );
    }
    this.#tellMails();
  }

  /** Counts mails about use and mails to CSMs since the last call. There are many each month, so they are printed once, at its end. */
  tellFrequentMails(): void {
    tellMails('Mails about use and to CSMs this month', this.#frequentMails);
    this.#frequentMails = [];
  }

  #tellMails(): void {
    const fresh = mailFiles().filter((file) => !this.#mails.has(file));
    for (const file of fresh) this.#mails.add(file);
    const kinds = fresh.map(kindOf);
    const isFrequent = (kind: string): boolean => /^usage-|^(monday-digest|log-time-nudge)$/.test(kind);
    this.#frequentMails.push(...kinds.filter(isFrequent));
    tellMails(
      'Mails',
      kinds.filter((kind) => !isFrequent(kind)),
    );
  }

  async #tellRollOver(before: Subscription, { id, status, currentTerm }: Subscription): Promise<void> {
    const { endsOn } = before.currentTerm;
    const { expiredMinutes } = await this.world.admin.get<{ expiredMinutes: number }>(
      `/v1/subscriptions/${id}/balance?on=${endsOn}`,
    );
    const next =
      status === 'ended' ? 'the contract has ended' : `renewed as ${currentTerm.package} until ${currentTerm.endsOn}`;
    meanwhile(
      `${this.#customerOf(before)}: the term ended on ${endsOn}, and ${duration(expiredMinutes)} expired; ${next}.`,
    );
  }

  #customerOf({ id }: Subscription): string {
    return customer(customerKeys.find((key) => this.world.contracts[key].id === id)!).name;
  }
}

/** `Mails: 2 × reminder, 67 days before the end · 1 × use is behind plan` */
function tellMails(label: string, kinds: string[]): void {
  if (kinds.length === 0) return;
  const numbers = new Map<string, number>();
  for (const meaning of kinds.map(meaningOf)) numbers.set(meaning, (numbers.get(meaning) ?? 0) + 1);
  meanwhile(`${label}: ${[...numbers].map(([meaning, number]) => `${number} × ${meaning}`).join(' · ')}`);
}

function visitsOf(month: string): [CustomerKey, Stay][] {
  return customerKeys.flatMap((key) =>
    customer(key)
      .visits.filter(({ startsOn }) => startsOn.startsWith(month))
      .map((visit): [CustomerKey, Stay] => [key, visit]),
  );
}

async function bookBatch(csm: Client, entries: object[]): Promise<void> {
  if (entries.length === 0) return;
  const { refused, results } = await csm.post<Batch>('/v1/time-entries/batch', { atomic: false, entries });
  if (refused === 0) return;
  const first = results.findIndex(({ status }) => status !== 201);
  throw new UnexpectedAnswer(
    `POST /v1/time-entries/batch, its entry ${first}: ${JSON.stringify(entries[first])}`,
    'all entries to be accepted',
    { status: results[first]!.status, headers: new Headers(), text: JSON.stringify(results[first]!.problem) },
  );
}

function bodyOf(world: World, row: DemoEntryRow): object {
  const { workDate, activity, delivery, summary } = row;
  return {
    workDate,
    minutes: Number(row.minutes),
    consultantId: world.consultantIds[keyOf(consultants, ({ name }) => name === row.consultant)],
    productLineId: world.lineIds[keyOf(productLines, (name) => name === row.productLine)],
    activity,
    delivery,
    summary,
    ...(row.visit && { visitId: world.visitIds.get(row.visit) }),
    ...(row.reference && { reference: row.reference }),
    ...(row.severity && { severity: Number(row.severity) }),
  };
}

const customerNamed = (wanted: string): CustomerKey => customerKeys.find((key) => customer(key).name === wanted)!;

function keyOf<Key extends string, Value>(values: Record<Key, Value>, is: (value: Value) => boolean): Key {
  return (Object.keys(values) as Key[]).find((key) => is(values[key]))!;
}
