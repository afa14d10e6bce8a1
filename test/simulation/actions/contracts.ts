import { addDays, daysBetween } from '../model/calendar.js';
import { packages, publishedTable } from '../model/published-table.js';
import { granted } from '../model/contract.js';
import type { SimulatedSubscription } from '../portfolio.js';
import { BrokenInvariant, check } from '../check.js';
import { ifMatch, must, answerText, type World } from '../world.js';
import type { Action } from './action.js';

/** Rolls the model over if a request has rolled the subscription over. A request may do so before the job, or leave it to the job. */
export async function followRollOver(world: World, { id, contract }: SimulatedSubscription): Promise<void> {
  if (!contract.isOverdue(world.now)) return;
  const [row] = await world.rows<{ closed: number }>(
    `select count(*)::integer as closed from terms where subscription_id = $1 and status = 'closed'`,
    [id],
  );
  if (row!.closed > contract.current.number) contract.roll(world.now);
}

export const upgradePackage: Action = async ({ world, random, tally }, subscription) => {
  const { contract } = subscription;
  if (contract.isOverdue(world.now)) return undefined;
  const to = random.oneOf(packages);
  const { startsOn } = contract.current;
  const today = contract.today(world.now);
  const daysInto = Math.max(0, daysBetween(startsOn, today));
  const effectiveOn = random.chance(0.6) ? today : addDays(startsOn, random.below(daysInto + 3));
  const before = granted(contract.current);
  const answer = await world.admin.post(`/v1/subscriptions/${subscription.id}/upgrade`, { package: to, effectiveOn });
  const verdict = contract.upgrade(to, effectiveOn, world.now);
  const code = (answer.body as { code?: string }).code ?? 'done';
  check('an upgrade is decided by the rules', code, verdict, contract);
  tally.add(`upgrade.${verdict === 'done' ? 'done' : 'refused'}`);
  if (verdict !== 'done') return `an upgrade to ${to} from ${effectiveOn} is refused: ${verdict}`;
  const { change } = answer.body as { change: { grantedBeforeMinutes: number; grantedAfterMinutes: number } };
  const { grantedBeforeMinutes, grantedAfterMinutes } = change;
  const after = granted(contract.current);
  check(
    'an upgrade grants minutes in proportion to days',
    [grantedBeforeMinutes, grantedAfterMinutes],
    [before, after],
    contract,
  );
  return `upgraded to ${to} from ${effectiveOn}: ${before} → ${after} minutes`;
};

export const chooseNextPackage: Action = async ({ world, random }, subscription) => {
  const { contract } = subscription;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const path = `/v1/subscriptions/${subscription.id}/next-package`;
  const deletes = contract.nextPackage !== undefined && random.chance(0.3);
  const next = deletes ? undefined : random.oneOf(packages);
  const answer = await ifMatch(world.admin.get(`/v1/subscriptions/${subscription.id}`), (headers) =>
    next ? world.admin.put(path, { package: next }, headers) : world.admin.delete(path, headers),
  );
  if (answer.status >= 300) throw new BrokenInvariant('a next package can be chosen', answerText(answer), contract);
  contract.nextPackage = next;
  return next ? `the next package is ${next}` : 'the next package is deleted';
};

/** Replaces the allocations. The model does not know their rules, so it accepts a refusal. */
export const allocateHours: Action = async ({ world, random, tally }, subscription) => {
  const { contract, consultantIds, lineIds } = subscription;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const { consultants } = publishedTable[contract.package];
  const share = Math.floor(granted(contract.current) / 4);
  const allocations = consultantIds.slice(0, random.between(1, consultants)).map((consultantId, at) => ({
    consultantId,
    productLineId: lineIds[at % lineIds.length]!,
    minutes: random.chance(0.5) ? 0 : random.below(share),
  }));
  const path = `/v1/subscriptions/${subscription.id}/allocations`;
  const answer = await ifMatch(world.admin.get(path), (headers) => world.admin.put(path, { allocations }, headers));
  tally.add(`allocations.${answer.status === 200 ? 'set' : 'refused'}`);
  return `hours are allocated to ${allocations.length} consultants: ${answer.status}`;
};

export const assignSeat: Action = async ({ world, random, tally }, subscription) => {
  const { contract } = subscription;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const learnerEmail = `learner-${random.below(8)}@customer.example`;
  const request = { learnerName: 'Learner', learnerEmail };
  const answer = await world.admin.post(`/v1/subscriptions/${subscription.id}/seats`, request);
  const held = contract.learners.includes(learnerEmail);
  const full = contract.learners.length >= publishedTable[contract.package].seats;
  check(
    'a seat is assigned if one is free and the learner holds none',
    answer.status === 201,
    !held && !full,
    contract,
  );
  tally.add(`seat.${answer.status === 201 ? 'assigned' : 'refused'}`);
  if (answer.status === 201) contract.learners.push(learnerEmail);
  return `a seat is assigned to ${learnerEmail}: ${answer.status}`;
};

export const releaseSeat: Action = async ({ world, random, tally }, subscription) => {
  const { contract } = subscription;
  if (contract.learners.length === 0 || contract.isOverdue(world.now)) return undefined;
  const learner = random.oneOf(contract.learners);
  const { data } = await must(world.admin.get(`/v1/subscriptions/${subscription.id}/seats`));
  const seat = (data as { id: string; learnerEmail: string }[]).find(({ learnerEmail }) => learnerEmail === learner);
  if (!seat) throw new BrokenInvariant('a learner keeps the seat', `${learner} holds no seat`, contract);
  const answer = await world.admin.delete(`/v1/seats/${seat.id}`);
  if (answer.status >= 300) throw new BrokenInvariant('a seat can be released', answerText(answer), contract);
  contract.learners = contract.learners.filter((other) => other !== learner);
  tally.add('seat.released');
  return `the seat of ${learner} is released`;
};

/** Plans a visit. The model accepts every refusal; the invariants check the number of visits. */
export const planVisit: Action = async ({ world, random, tally }, subscription) => {
  const { contract, consultantIds } = subscription;
  if (contract.ended || contract.isOverdue(world.now)) return undefined;
  const startsOn = addDays(contract.today(world.now), random.between(-15, 10));
  const endsOn = addDays(startsOn, random.below(4));
  const request = { startsOn, endsOn, place: 'Osaka', consultantIds: [consultantIds[0]!] };
  const answer = await world.admin.post(`/v1/subscriptions/${subscription.id}/visits`, request);
  tally.add(`visit.${answer.status === 201 ? 'planned' : 'refused'}`);
  if (answer.status !== 201) return `a visit from ${startsOn} is refused: ${(answer.body as { code: string }).code}`;
  const term = contract.termOn(startsOn)!;
  term.visits += 1;
  const { id } = answer.body as { id: string };
  subscription.visits.push({ id, term, startsOn, endsOn, consultantId: consultantIds[0]!, cancelled: false });
  return `a visit ${startsOn} … ${endsOn} is planned`;
};

export const cancelVisit: Action = async ({ world, tally }, subscription) => {
  const visit = subscription.visits.findLast(({ cancelled }) => !cancelled);
  if (!visit || subscription.contract.isOverdue(world.now)) return undefined;
  const answer = await world.admin.post(`/v1/visits/${visit.id}/cancel`);
  if (answer.status < 300) {
    visit.cancelled = true;
    visit.term.visits -= 1;
    tally.add('visit.cancelled');
  }
  return `the visit of ${visit.startsOn} is cancelled: ${answer.status}`;
};
