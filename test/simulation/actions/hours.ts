import type { Json } from '../../support/client.js';
import { addDays, daysBetween, type Day } from '../model/calendar.js';
import { granted, isClosed } from '../model/contract.js';
import type { Entry, Subject } from '../portfolio.js';
import { BrokenInvariant, holds } from '../story.js';
import { said } from '../world.js';
import { rolledByRequest } from './contracts.js';
import type { Deed, Scene } from './action.js';

/** The limits that the model knows; whoever works on what for how much is for the service alone to say. */
const limitsOfTheContract = new Set([
  'term-not-found',
  'work-date-in-future',
  'late-entry-window-passed',
  'hours-exhausted',
  'onsite-not-included',
  'onsite-cap-exceeded',
  'consultant-day-exceeded',
]);

interface Work {
  workOn: Day;
  minutes: number;
  visitId?: string;
  consultantId: string;
  productLineId: string;
}

export const hoursAreLogged: Deed = async (scene, subject) => {
  const { random, world } = scene;
  const workOn = addDays(subject.contract.today(world.now), random.chance(0.05) ? 1 : -random.below(20));
  return logged(scene, subject, workOn, random.oneOf([30, 60, 90, 240, 480, 900, 1_440]));
};

/** Work of many days at once, up to the last minute that the service says it would take. */
export const hoursAreUsedUp: Deed = async (scene, subject) => {
  const { random, world } = scene;
  const today = subject.contract.today(world.now);
  const lines: string[] = [];
  for (let ago = 0; ago < random.between(2, 6); ago++) {
    lines.push(await logged(scene, subject, addDays(today, -ago), 1_000_000));
  }
  return lines.join('; ');
};

/** Work of a term that is over, within the days in which it can still be logged and beyond them. */
export const hoursAreLoggedLate: Deed = async (scene, subject) => {
  const closed = subject.contract.terms.findLast(isClosed);
  if (!closed) return undefined;
  return logged(scene, subject, addDays(closed.endsOn, -scene.random.below(30)), scene.random.oneOf([60, 300, 1_000]));
};

export const hoursAreLoggedOnsite: Deed = async (scene, subject) => {
  const { random } = scene;
  const visits = subject.visits.filter(({ cancelled }) => !cancelled);
  if (visits.length === 0) return undefined;
  const visit = random.oneOf(visits.slice(-2));
  const workOn = addDays(visit.startsOn, random.below(daysBetween(visit.startsOn, visit.endsOn) + 1));
  return logged(scene, subject, workOn, random.oneOf([240, 480, 1_440]), visit);
};

export const entryIsTakenBack: Deed = async ({ world, random, tally }, subject) => {
  if (subject.entries.length === 0) return undefined;
  const entry = random.oneOf(subject.entries.slice(-8));
  const answer = await world.admin.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'Logged by mistake' });
  const expected = entry.reversed ? 409 : 201;
  holds('an entry is taken back once', [answer.status, said(answer)][0], expected, subject.contract);
  if (!entry.reversed) takeBack(entry);
  tally.add(`reversal.${expected === 201 ? 'done' : 'refused'}`);
  return `${entry.minutes} minutes of ${entry.workOn} are taken back: ${answer.status}`;
};

async function logged(
  scene: Scene,
  subject: Subject,
  workOn: Day,
  minutes: number,
  visit?: Subject['visits'][number],
): Promise<string> {
  const { random } = scene;
  const work: Work = {
    workOn,
    minutes,
    consultantId:
      visit?.consultantId ?? (random.chance(0.8) ? subject.consultantIds[0]! : random.oneOf(subject.consultantIds)),
    productLineId: random.chance(0.8) ? subject.lineIds[0]! : random.oneOf(subject.lineIds),
    ...(visit && { visitId: visit.id }),
  };
  const refused = await asked(scene, subject, work);
  if (refused === undefined) return `${minutes} minutes of ${workOn} are logged`;
  // Whoever is told how much would be accepted must be believed.
  const accepted = refused.maxAcceptableMinutes;
  if (accepted === undefined || accepted === 0) return `${minutes} minutes of ${workOn} are refused: ${refused.codes}`;
  const again = await asked(scene, subject, { ...work, minutes: accepted });
  if (again) {
    const found = `${accepted} minutes of ${workOn} would be accepted, and are refused: ${again.codes}`;
    throw new BrokenInvariant('what would be accepted is accepted', found, subject.contract);
  }
  scene.tally.add('booking.up to a limit');
  return `${minutes} minutes of ${workOn} are refused (${refused.codes}), ${accepted} are logged`;
}

/** Asks for a booking; the refusal, where it is refused. */
async function asked(
  { world, portfolio, tally }: Scene,
  subject: Subject,
  work: Work,
): Promise<{ codes: string; maxAcceptableMinutes?: number } | undefined> {
  const { contract } = subject;
  const { workOn, minutes, consultantId, productLineId, visitId } = work;
  const onsite = visitId !== undefined;
  const answer = await world.admin.post(`/v1/subscriptions/${subject.id}/time-entries`, {
    workDate: workOn,
    minutes,
    consultantId,
    productLineId,
    activity: 'health-check',
    delivery: onsite ? 'onsite' : 'remote',
    ...(onsite && { visitId }),
    summary: 'Simulated work',
  });
  await rolledByRequest(world, subject);
  const refused = answer.status !== 201;
  // What a refused booking of a term that is over was judged by is rolled back with it.
  if (refused && contract.isOverdue(world.now)) return { codes: violationsOf(answer.body).join(', ') };
  const expected = contract.against({ workOn, minutes, onsite, dayMinutes: dayMinutes(subject, work) }, world.now);
  const body = answer.body;
  const codes: string[] = refused ? violationsOf(body) : [];
  const found = codes.filter((code) => limitsOfTheContract.has(code));
  holds('hours are taken within the limits, and only then', found, expected, contract);
  // Without a term nothing else is judged.
  const monthClosed = portfolio.closedThrough !== undefined && workOn.slice(0, 7) <= portfolio.closedThrough;
  if (!codes.includes('term-not-found')) {
    holds('a closed month takes no entry', codes.includes('period-closed'), monthClosed, contract);
  }
  tally.add(`booking.${refused ? 'refused' : 'accepted'}`);
  if (refused) {
    if (codes.length === 0) throw new BrokenInvariant('a booking is refused by a rule', said(answer), contract);
    return { codes: codes.join(', '), maxAcceptableMinutes: body.maxAcceptableMinutes };
  }
  const term = contract.termOn(workOn)!;
  term.usedMinutes += minutes;
  if (onsite) term.onsiteMinutes += minutes;
  subject.entries.push({ id: body.entry.id, term, workOn, minutes, onsite, consultantId, reversed: false });
  const { remainingMinutes } = body.balance;
  if (!isClosed(term)) {
    holds('the balance after a booking', remainingMinutes, granted(term) - term.usedMinutes, contract);
  }
  return undefined;
}

function violationsOf(body: Json): string[] {
  return body.violations ? body.violations.map(({ code }: { code: string }) => code) : [body.code];
}

function dayMinutes({ entries }: Subject, { workOn, consultantId }: Work): number {
  return entries
    .filter((entry) => entry.workOn === workOn && entry.consultantId === consultantId && !entry.reversed)
    .reduce((sum, entry) => sum + entry.minutes, 0);
}

function takeBack(entry: Entry): void {
  entry.reversed = true;
  entry.term.usedMinutes -= entry.minutes;
  if (entry.onsite) entry.term.onsiteMinutes -= entry.minutes;
}
