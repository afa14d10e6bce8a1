import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoLedgerEntry, Reminder, Term } from '../answers.js';
import { customer, type CustomerKey } from '../cast.js';
import { meaningOf } from '../mails.js';
import { duration, good, heading, moments, say, type Moment } from '../printer.js';
import { demoFolder } from '../service.js';
import { nameOf, path, type World } from '../world.js';

/** The customer whose term is shown. It gives no notice, so its term renews. */
const followed: CustomerKey = 'hudson';

const evidenceFile = join(demoFolder, 'evidence.zip');

/** Shows how one term was renewed, from the first reminder to the start of the next term. */
export async function timeline(world: World): Promise<void> {
  const { timeZone } = customer(followed);
  heading('One renewal from beginning to end', `${nameOf(followed)}; times are local times in ${timeZone}`);
  const [term, next] = await world.admin.list<Term>(path(world, followed, '/terms'));
  const mails = await world.admin.list<Reminder>(path(world, followed, '/reminders'));
  const plannedAt = (wanted: string): string => mails.find(({ kind }) => kind.startsWith(wanted))!.plannedAt;
  const [firstAt, lockedAt] = [plannedAt('renewal-reminder'), plannedAt('renewal-locked')];
  const ofTerm = mails.filter((mail) => mail.termId === term!.id && mail.plannedAt >= firstAt);
  const turn = await rollOver(world, term!, next!);
  const stateAt = (at: string): string => (at < lockedAt ? 'open' : at < turn[0].at ? 'locked' : 'renewed');
  const rows = [...turn, ...mailsTogether(ofTerm).map(asRow)].sort((one, other) => compare(one.at, other.at));
  moments(rows.map(({ at, ...row }) => ({ ...row, at: onClocks(at, timeZone), state: stateAt(at) })));
  say('Each mail was sent once, in the customer’s language. The service stores the mails as they were sent.');
  writeFileSync(evidenceFile, await world.admin.download(`/v1/terms/${term!.id}/evidence`));
  good(`The evidence of this renewal (GET /v1/terms/:id/evidence): ${evidenceFile}`);
  say('To check it without the service and without a network, unpack it and run: node check.mjs');
}

/** Groups mails of one kind that left at the same time. */
function mailsTogether(mails: Reminder[]): [Reminder, ...Reminder[]][] {
  const together = new Map<string, [Reminder, ...Reminder[]]>();
  for (const mail of mails) {
    const key = `${mail.plannedAt} ${mail.kind}`;
    const others = together.get(key);
    if (others) others.push(mail);
    else together.set(key, [mail]);
  }
  return [...together.values()];
}

type Row = Omit<Moment, 'state'>;

function asRow(mails: [Reminder, ...Reminder[]]): Row {
  const [{ kind, plannedAt, subject }] = mails;
  return {
    at: plannedAt,
    what: `Mail: ${meaningOf(kind)}`,
    whom: mails.map(({ recipient, status }) => recipient.name + (status === 'sent' ? '' : ` (${status})`)).join(', '),
    words: subject ?? '',
  };
}

/** What the roll-over wrote to both ledgers. */
async function rollOver(world: World, term: Term, next: Term): Promise<[Row, Row]> {
  const ledgerOf = (termId: string): Promise<DemoLedgerEntry[]> =>
    world.admin.list<DemoLedgerEntry>(path(world, followed, '/ledger'), { termId });
  const expiry = (await ledgerOf(term.id)).find(({ kind }) => kind === 'expiry')!;
  const [grant] = await ledgerOf(next.id);
  return [
    {
      at: expiry.recordedAt,
      what: 'The term ends; unused hours expire',
      whom: '',
      words: `${duration(-expiry.minutes)} expire, effective on ${expiry.effectiveOn}`,
    },
    {
      at: grant!.recordedAt,
      what: 'The next term opens',
      whom: '',
      words: `${next.package}, ${next.startsOn} to ${next.endsOn}, ${duration(grant!.minutes)} granted`,
    },
  ];
}

/** `2027-01-30 18:05`, local time in the zone. */
function onClocks(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(at));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
