import { addDays, daysBetween } from '../model/calendar.js';
import { packages, publishedTable } from '../model/published-table.js';
import { granted } from '../model/contract.js';
import type { Subject } from '../portfolio.js';
import { BrokenInvariant, holds } from '../story.js';
import { ifMatch, must, said, type World } from '../world.js';
import type { Deed } from './action.js';

/**
 * A request may roll a term that is over before the job comes by, or leave it to the job: both are right. The model
 * follows what has happened.
 */
export async function rolledByRequest(world: World, { id, contract }: Subject): Promise<void> {
  if (!contract.isOverdue(world.now)) return;
  const [row] = await world.rows<{ closed: number }>(
    `select count(*)::integer as closed from terms where subscription_id = $1 and status = 'closed'`,
    [id],
  );
  if (row!.closed > contract.current.number) contract.roll(world.now);
}

export const packageIsUpgraded: Deed = async ({ world, random, tally }, subject) => {
  const { contract } = subject;
  if (contract.isOverdue(world.now)) return undefined;
  const to = random.oneOf(packages);
  const { startsOn } = contract.current;
  const today = contract.today(world.now);
  const daysInto = Math.max(0, daysBetween(startsOn, today));
  const effectiveOn = random.chance(0.6) ? today : addDays(startsOn, random.below(daysInto + 3));
  const before = granted(contract.current);
  const answer = await world.admin.post(`/v1/subscriptions/${subject.id}/upgrade`, { package: to, effectiveOn });
  const verdict = contract.upgrade(to, effectiveOn, world.now);
  const code = (answer.body as { code?: string }).code ?? 'done';
  holds('an upgrade does what the rules say', code, verdict, contract);
  tally.add(`upgrade.${verdict === 'done' ? 'done' : 'refused'}`);
  if (verdict !== 'done') return `an upgrade to ${to} from ${effectiveOn} is refused: ${verdict}`;
  const { change } = answer.body as { change: { grantedBeforeMinutes: number; grantedAfterMinutes: number } };
  const { grantedBeforeMinutes, grantedAfterMinutes } = change;
  const after = granted(contract.current);
  holds('an upgrade grants by days', [grantedBeforeMinutes, grantedAfterMinutes], [before, after], contract);
  return `upgraded to ${to} from ${effectiveOn}: ${before} → ${after} minutes`;
};

export const nextPackageIsChosen: Deed = async ({ world, random }, subject) => {
  const { contract } = subject;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const path = `/v1/subscriptions/${subject.id}/next-package`;
  const drops = contract.nextPackage !== undefined && random.chance(0.3);
  const next = drops ? undefined : random.oneOf(packages);
  const answer = await ifMatch(world.admin.get(`/v1/subscriptions/${subject.id}`), (headers) =>
    next ? world.admin.put(path, { package: next }, headers) : world.admin.delete(path, headers),
  );
  if (answer.status >= 300) throw new BrokenInvariant('a next package can be chosen', said(answer), contract);
  contract.nextPackage = next;
  return next ? `renews as ${next}` : 'the next package is dropped';
};

/** Hours are shared out anew; a refusal is for the service alone to say. */
export const hoursAreSharedOut: Deed = async ({ world, random, tally }, subject) => {
  const { contract, consultantIds, lineIds } = subject;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const { consultants } = publishedTable[contract.package];
  const share = Math.floor(granted(contract.current) / 4);
  const allocations = consultantIds.slice(0, random.between(1, consultants)).map((consultantId, at) => ({
    consultantId,
    productLineId: lineIds[at % lineIds.length]!,
    minutes: random.chance(0.5) ? 0 : random.below(share),
  }));
  const path = `/v1/subscriptions/${subject.id}/allocations`;
  const answer = await ifMatch(world.admin.get(path), (headers) => world.admin.put(path, { allocations }, headers));
  tally.add(`allocations.${answer.status === 200 ? 'set' : 'refused'}`);
  return `hours are shared out over ${allocations.length}: ${answer.status}`;
};

export const seatIsAssigned: Deed = async ({ world, random, tally }, subject) => {
  const { contract } = subject;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const learnerEmail = `learner-${random.below(8)}@customer.example`;
  const asked = { learnerName: 'Learner', learnerEmail };
  const answer = await world.admin.post(`/v1/subscriptions/${subject.id}/seats`, asked);
  const held = contract.learners.includes(learnerEmail);
  const full = contract.learners.length >= publishedTable[contract.package].seats;
  holds('seats are given within their number, one to a learner', answer.status === 201, !held && !full, contract);
  tally.add(`seat.${answer.status === 201 ? 'assigned' : 'refused'}`);
  if (answer.status === 201) contract.learners.push(learnerEmail);
  return `a seat for ${learnerEmail}: ${answer.status}`;
};

export const seatIsReleased: Deed = async ({ world, random, tally }, subject) => {
  const { contract } = subject;
  if (contract.learners.length === 0 || contract.isOverdue(world.now)) return undefined;
  const learner = random.oneOf(contract.learners);
  const { data } = await must(world.admin.get(`/v1/subscriptions/${subject.id}/seats`));
  const seat = (data as { id: string; learnerEmail: string }[]).find(({ learnerEmail }) => learnerEmail === learner);
  if (!seat) throw new BrokenInvariant('a learner keeps the seat', `${learner} has none`, contract);
  const answer = await world.admin.delete(`/v1/seats/${seat.id}`);
  if (answer.status >= 300) throw new BrokenInvariant('a seat can be released', said(answer), contract);
  contract.learners = contract.learners.filter((other) => other !== learner);
  tally.add('seat.released');
  return `the seat of ${learner} is released`;
};

/** A refusal is for the service alone to say, that the number is kept the model knows. */
export const visitIsPlanned: Deed = async ({ world, random, tally }, subject) => {
  const { contract, consultantIds } = subject;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const startsOn = addDays(contract.today(world.now), random.between(-15, 10));
  const endsOn = addDays(startsOn, random.below(4));
  const asked = { startsOn, endsOn, place: 'Osaka', consultantIds: [consultantIds[0]!] };
  const answer = await world.admin.post(`/v1/subscriptions/${subject.id}/visits`, asked);
  tally.add(`visit.${answer.status === 201 ? 'planned' : 'refused'}`);
  if (answer.status !== 201) return `a visit from ${startsOn} is refused: ${(answer.body as { code: string }).code}`;
  const term = contract.termOn(startsOn)!;
  term.visits += 1;
  const { id } = answer.body as { id: string };
  subject.visits.push({ id, term, startsOn, endsOn, consultantId: consultantIds[0]!, cancelled: false });
  return `a visit ${startsOn} … ${endsOn} is planned`;
};

export const visitIsCancelled: Deed = async ({ world, tally }, subject) => {
  const visit = subject.visits.findLast(({ cancelled }) => !cancelled);
  if (!visit || subject.contract.isOverdue(world.now)) return undefined;
  const answer = await world.admin.post(`/v1/visits/${visit.id}/cancel`);
  if (answer.status < 300) {
    visit.cancelled = true;
    visit.term.visits -= 1;
    tally.add('visit.cancelled');
  }
  return `the visit of ${visit.startsOn} is cancelled: ${answer.status}`;
};
