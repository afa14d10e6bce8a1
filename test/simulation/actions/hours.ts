import type { Api, Json } from '../../support/client.js';
import { addDays, daysBetween, type Day } from '../model/calendar.js';
import { granted, isClosed, type Session } from '../model/contract.js';
import type { Entry, SimulatedSubscription } from '../portfolio.js';
import { BrokenInvariant, check } from '../check.js';
import { answerText } from '../world.js';
import { followRollOver } from './contracts.js';
import type { Action, Scene } from './action.js';

/** The refusals that the model predicts. It does not know the rules of allocations and product lines. */
const modelledRefusals = new Set([
  'term-not-found',
  'work-date-in-future',
  'late-entry-window-passed',
  'hours-exhausted',
  'onsite-not-included',
  'onsite-cap-exceeded',
  'consultant-day-exceeded',
  'planned-session-not-found',
  'planned-session-fulfilled',
  'planned-session-cancelled',
]);

export interface Work {
  workOn: Day;
  minutes: number;
  visitId?: string;
  /** The planned session that the work fulfils. */
  session?: Session;
  consultantId: string;
  productLineId: string;
}

export const logHours: Action = async (scene, subscription) => {
  const { random, world } = scene;
  const workOn = addDays(subscription.contract.today(world.now), random.chance(0.05) ? 1 : -random.below(20));
  return log(scene, subscription, workOn, random.oneOf([30, 60, 90, 240, 480, 900, 1_440]));
};

/** Logs work on several days, each up to the largest amount that the service accepts. */
export const useUpHours: Action = async (scene, subscription) => {
  const { random, world } = scene;
  const today = subscription.contract.today(world.now);
  const lines: string[] = [];
  for (let ago = 0; ago < random.between(2, 6); ago++) {
    lines.push(await log(scene, subscription, addDays(today, -ago), 1_000_000));
  }
  return lines.join('; ');
};

/** Logs work in a closed term, before and after the last day for late entries. */
export const logHoursLate: Action = async (scene, subscription) => {
  const closed = subscription.contract.terms.findLast(isClosed);
  if (!closed) return undefined;
  return log(
    scene,
    subscription,
    addDays(closed.endsOn, -scene.random.below(30)),
    scene.random.oneOf([60, 300, 1_000]),
  );
};

export const logHoursOnsite: Action = async (scene, subscription) => {
  const { random } = scene;
  const visits = subscription.visits.filter(({ cancelled }) => !cancelled);
  if (visits.length === 0) return undefined;
  const visit = random.oneOf(visits.slice(-2));
  const workOn = addDays(visit.startsOn, random.below(daysBetween(visit.startsOn, visit.endsOn) + 1));
  return log(scene, subscription, workOn, random.oneOf([240, 480, 1_440]), visit);
};

export const reverseEntry: Action = async ({ world, random, tally }, subscription) => {
  if (subscription.entries.length === 0) return undefined;
  const entry = random.oneOf(subscription.entries.slice(-8));
  const answer = await world.admin.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'Logged by mistake' });
  const expected = entry.reversed ? 409 : 201;
  check('an entry is reversed once', [answer.status, answerText(answer)][0], expected, subscription.contract);
  if (!entry.reversed) markReversed(entry);
  const session = subscription.contract.sessions.find(({ entryId }) => entryId === entry.id);
  if (session) {
    session.entryId = null;
    tally.add('session.reopened');
  }
  tally.add(`reversal.${expected === 201 ? 'done' : 'refused'}`);
  return `${entry.minutes} minutes of ${entry.workOn} are reversed: ${answer.status}`;
};

async function log(
  scene: Scene,
  subscription: SimulatedSubscription,
  workOn: Day,
  minutes: number,
  visit?: SimulatedSubscription['visits'][number],
): Promise<string> {
  const { random } = scene;
  const work: Work = {
    workOn,
    minutes,
    consultantId:
      visit?.consultantId ??
      (random.chance(0.8) ? subscription.consultantIds[0]! : random.oneOf(subscription.consultantIds)),
    productLineId: random.chance(0.8) ? subscription.lineIds[0]! : random.oneOf(subscription.lineIds),
    ...(visit && { visitId: visit.id }),
  };
  const refused = await book(scene, subscription, work);
  if (refused === undefined) return `${minutes} minutes of ${workOn} are logged`;
  // The service must accept the amount that its refusal calls acceptable.
  const accepted = refused.maxAcceptableMinutes;
  if (accepted === undefined || accepted === 0) return `${minutes} minutes of ${workOn} are refused: ${refused.codes}`;
  const again = await book(scene, subscription, { ...work, minutes: accepted });
  if (again) {
    const found = `${accepted} minutes of ${workOn} are called acceptable, but refused: ${again.codes}`;
    throw new BrokenInvariant('an amount that a refusal calls acceptable is accepted', found, subscription.contract);
  }
  scene.tally.add('booking.repeated with the acceptable amount');
  return `${minutes} minutes of ${workOn} are refused (${refused.codes}), ${accepted} are logged`;
}

/** Logs a time entry, and returns the refusal if there is one. */
export async function book(
  { world, portfolio, tally }: Scene,
  subscription: SimulatedSubscription,
  work: Work,
  by: Api = world.admin,
): Promise<{ codes: string; maxAcceptableMinutes?: number } | undefined> {
  const { contract } = subscription;
  const { workOn, minutes, consultantId, productLineId, visitId, session } = work;
  const onsite = visitId !== undefined;
  const answer = await by.post(`/v1/subscriptions/${subscription.id}/time-entries`, {
    workDate: workOn,
    minutes,
    consultantId,
    productLineId,
    activity: 'health-check',
    delivery: onsite ? 'onsite' : 'remote',
    ...(onsite && { visitId }),
    ...(session && { plannedSessionId: session.id }),
    summary: 'Simulated work',
  });
  await followRollOver(world, subscription);
  const refused = answer.status !== 201;
  // The service judged this booking after a roll-over, which the refusal then undid. The model cannot predict it.
  if (refused && contract.isOverdue(world.now)) return { codes: violationsOf(answer.body).join(', ') };
  const limits = contract.violations(
    { workOn, minutes, onsite, dayMinutes: dayMinutes(subscription, work) },
    world.now,
  );
  const expected = [...limits, ...(session ? contract.fulfilment(session) : [])];
  const body = answer.body;
  const codes: string[] = refused ? violationsOf(body) : [];
  const found = codes.filter((code) => modelledRefusals.has(code));
  check('a booking is accepted if it is within the limits', found, expected, contract);
  // Without a term, the service checks nothing else.
  const monthClosed = portfolio.closedThrough !== undefined && workOn.slice(0, 7) <= portfolio.closedThrough;
  if (!codes.includes('term-not-found')) {
    check('a closed month accepts no entry', codes.includes('period-closed'), monthClosed, contract);
  }
  tally.add(`booking.${refused ? 'refused' : 'accepted'}`);
  if (refused) {
    if (codes.length === 0) throw new BrokenInvariant('a booking is refused by a rule', answerText(answer), contract);
    return { codes: codes.join(', '), maxAcceptableMinutes: body.maxAcceptableMinutes };
  }
  const term = contract.termOn(workOn)!;
  term.usedMinutes += minutes;
  if (onsite) term.onsiteMinutes += minutes;
  if (session) session.entryId = body.entry.id;
  check('the entry names its planned session', body.entry.plannedSessionId, session?.id ?? null, contract);
  subscription.entries.push({ id: body.entry.id, term, workOn, minutes, onsite, consultantId, reversed: false });
  const { remainingMinutes } = body.balance;
  if (!isClosed(term)) {
    check(
      'the balance after a booking is that of the model',
      remainingMinutes,
      granted(term) - term.usedMinutes,
      contract,
    );
  }
  return undefined;
}

function violationsOf(body: Json): string[] {
  return body.violations ? body.violations.map(({ code }: { code: string }) => code) : [body.code];
}

function dayMinutes({ entries }: SimulatedSubscription, { workOn, consultantId }: Work): number {
  return entries
    .filter((entry) => entry.workOn === workOn && entry.consultantId === consultantId && !entry.reversed)
    .reduce((sum, entry) => sum + entry.minutes, 0);
}

function markReversed(entry: Entry): void {
  entry.reversed = true;
  entry.term.usedMinutes -= entry.minutes;
  if (entry.onsite) entry.term.onsiteMinutes -= entry.minutes;
}
