import { addDays, daysBetween, type Day } from '../model/calendar.js';
import { isOpenSession, type Session } from '../model/contract.js';
import type { Random } from '../random.js';
import { check } from '../check.js';
import { answerText, ifMatch } from '../world.js';
import type { Action } from './action.js';
import { book } from './hours.js';
import { unchanged } from './unchanged.js';

interface SessionShown {
  id: string;
  seriesId: string | null;
  plannedOn: Day;
}

/** Plans one session, or one every few weeks to the end of the term. The first consultant and product line stay assigned. */
export const planSessions: Action = async (scene, subscription) => {
  const { world, random, tally } = scene;
  const { contract, consultantIds, lineIds } = subscription;
  if (contract.isOverdue(world.now)) return undefined;
  const plannedOn = addDays(contract.today(world.now), random.between(-2, 60));
  const minutes = random.oneOf([30, 60, 120, 480]);
  const everyWeeks = random.chance(0.3) ? random.between(2, 8) : undefined;
  const request = {
    ...{ plannedOn, minutes, consultantId: consultantIds[0]!, productLineId: lineIds[0]! },
    ...{ activity: 'enablement', delivery: 'remote', summary: 'Planned work' },
    ...(everyWeeks !== undefined && { series: { everyWeeks } }),
  };
  const answer = await unchanged(scene, subscription, 'planned minutes change neither ledger nor renewal', () =>
    world.admin.post(`/v1/subscriptions/${subscription.id}/planned-sessions`, request),
  );
  const { code = 'done', sessions = [], skipped = [] } = answer.body as PlannedAnswer;
  const expected = seriesDays(plannedOn, everyWeeks, contract.termOn(plannedOn)?.endsOn);
  const verdict = contract.ended
    ? 'subscription-ended'
    : [contract.planned(plannedOn, world.now), 'done'].find((one) => one !== 'done');
  // A series may consist of holidays only, which the model does not know.
  if (verdict === undefined && code === 'series-without-days') return `a series from ${plannedOn} has no working day`;
  const full = code === 'too-many-planned-sessions' && !contract.hasRoomForSessions(expected.length);
  check('a session is planned by the rules', code, full ? code : (verdict ?? 'done'), contract);
  tally.add(`session.${code === 'done' ? 'planned' : 'refused'}`, Math.max(1, sessions.length));
  if (code !== 'done') return `a session on ${plannedOn} is refused: ${code}`;
  const days = [...sessions.map((one) => one.plannedOn), ...skipped.map(({ day }) => day)].sort();
  check('a series has a session on each of its days that is no holiday', days, expected, contract);
  for (const { id, seriesId, plannedOn: day } of sessions) {
    contract.sessions.push({ id, series: seriesId, plannedOn: day, minutes, entryId: null, cancelled: false });
  }
  return `${sessions.length} sessions of ${minutes} minutes are planned from ${plannedOn}`;
};

export const moveSession: Action = async (scene, subscription) => {
  const { world, random, tally } = scene;
  const { contract } = subscription;
  const session = oneOfSessions(contract.sessions, random);
  if (!session || contract.isOverdue(world.now)) return undefined;
  const plannedOn = addDays(contract.today(world.now), random.between(-2, 40));
  const path = `/v1/planned-sessions/${session.id}`;
  const answer = await unchanged(scene, subscription, 'moving a session changes neither ledger nor renewal', () =>
    ifMatch(world.admin.get(path), (headers) => world.admin.patch(path, { plannedOn }, headers)),
  );
  const { code = 'done' } = (answer.body ?? {}) as { code?: string };
  const verdict =
    closedBecause(session) ??
    (contract.ended
      ? 'subscription-ended'
      : plannedOn === session.plannedOn
        ? 'done'
        : contract.planned(plannedOn, world.now));
  check('a session is moved by the rules', code, verdict, contract);
  tally.add(`session.${verdict === 'done' ? 'moved' : 'not moved'}`);
  const before = session.plannedOn;
  if (verdict === 'done') session.plannedOn = plannedOn;
  return `the session of ${before} is moved to ${plannedOn}: ${verdict}`;
};

/** Cancels a session, sometimes with the later ones of its series. */
export const cancelSession: Action = async (scene, subscription) => {
  const { world, random, tally } = scene;
  const { contract } = subscription;
  const session = oneOfSessions(contract.sessions, random);
  if (!session || contract.isOverdue(world.now)) return undefined;
  const following = random.chance(0.5);
  const path = `/v1/planned-sessions/${session.id}`;
  const answer = await unchanged(scene, subscription, 'a cancelled session changes neither ledger nor renewal', () =>
    ifMatch(world.admin.get(path), (headers) =>
      world.admin.delete(`${path}${following ? '?series=following' : ''}`, headers),
    ),
  );
  const closed = closedBecause(session);
  const { code } = (answer.body ?? {}) as { code?: string };
  check('a session is cancelled by the rules', [code, answerText(answer)][0], closed, contract);
  if (closed !== undefined) return `the session of ${session.plannedOn} is not cancelled: ${closed}`;
  const later = contract.sessions.filter(({ series, plannedOn }) => {
    return following && series !== null && series === session.series && plannedOn > session.plannedOn;
  });
  const cancelled = [session, ...later.filter(isOpenSession)];
  for (const one of cancelled) one.cancelled = true;
  tally.add('session.cancelled', cancelled.length);
  return `${cancelled.length} sessions are cancelled from ${session.plannedOn} on`;
};

/** Logs the work of a planned session. Sometimes the session is closed, or belongs to another subscription. */
export const fulfilSession: Action = async (scene, subscription) => {
  const { world, portfolio, random, tally } = scene;
  const { contract, consultantIds, lineIds } = subscription;
  const other = random.chance(0.05) ? random.oneOf(portfolio.subscriptions).contract : contract;
  const today = contract.today(world.now);
  const session = oneOfSessions(other.sessions, random, ({ plannedOn }) => plannedOn <= today);
  if (!session) return undefined;
  const workOn = session.plannedOn < today && random.chance(0.8) ? session.plannedOn : today;
  const work = {
    workOn,
    minutes: session.minutes,
    consultantId: consultantIds[0]!,
    productLineId: lineIds[0]!,
    session,
  };
  const refused = await book(scene, subscription, work);
  tally.add(`session.${refused ? 'not fulfilled' : 'fulfilled'}`);
  return `the session of ${session.plannedOn} is fulfilled on ${workOn}: ${refused?.codes ?? 'done'}`;
};

interface PlannedAnswer {
  code?: string;
  sessions?: SessionShown[];
  skipped?: { day: Day }[];
}

/** The days of a series up to the end of the term, holidays included. */
function seriesDays(from: Day, everyWeeks: number | undefined, endsOn: Day | undefined): Day[] {
  if (everyWeeks === undefined || endsOn === undefined) return [from];
  const count = Math.floor(daysBetween(from, endsOn) / (7 * everyWeeks)) + 1;
  return Array.from({ length: count }, (_, at) => addDays(from, 7 * everyWeeks * at));
}

function closedBecause({ cancelled, entryId }: Session): string | undefined {
  if (cancelled) return 'planned-session-cancelled';
  return entryId === null ? undefined : 'planned-session-fulfilled';
}

/** Mostly an open session; sometimes one that is cancelled or fulfilled. */
function oneOfSessions(
  sessions: readonly Session[],
  random: Random,
  likely: (session: Session) => boolean = () => true,
): Session | undefined {
  const candidates = sessions.filter((session) => isOpenSession(session) && likely(session));
  const from = random.chance(0.9) ? candidates : sessions;
  return from.length === 0 ? undefined : random.oneOf(from.slice(-12));
}
