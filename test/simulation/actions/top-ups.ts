import { addDays, daysBetween } from '../model/calendar.js';
import { granted, unusedOf } from '../model/contract.js';
import { publishedTable } from '../model/published-table.js';
import { check } from '../check.js';
import { must } from '../world.js';
import type { Action } from './action.js';

/** Adds minutes to the current term. Sometimes they are too many, or from a day outside the term. */
export const topUp: Action = async ({ world, random, tally }, subscription) => {
  const { contract } = subscription;
  if (contract.isOverdue(world.now)) return undefined;
  const kind = random.oneOf(['supplement', 'goodwill'] as const);
  const { startsOn } = contract.current;
  const today = contract.today(world.now);
  const daysInto = Math.max(0, daysBetween(startsOn, today));
  const effectiveOn = random.chance(0.6) ? today : addDays(startsOn, random.below(daysInto + 3) - 1);
  const most = publishedTable[contract.package].minutes;
  const minutes = random.chance(0.05) ? 10 * most + random.below(2) : random.between(1, Math.floor(most / 8));
  const why = kind === 'supplement' ? { orderNumber: 'PO-1' } : { reason: 'Goodwill' };
  const path = `/v1/subscriptions/${subscription.id}/top-ups`;
  const answer = await world.admin.post(path, { kind, minutes, effectiveOn, ...why });
  const verdict = contract.topUp(minutes, effectiveOn, world.now);
  const {
    code = 'done',
    id,
    balance,
  } = answer.body as { code?: string; id: string; balance: { grantedMinutes: number } };
  check('a top-up is decided by the rules', code, verdict, contract);
  tally.add(`top-up.${verdict === 'done' ? kind : 'refused'}`);
  if (verdict !== 'done') return `a ${kind} of ${minutes} minutes from ${effectiveOn} is refused: ${verdict}`;
  contract.addTopUp({ id, kind, minutes, cancelledMinutes: undefined }, world.now);
  check('a top-up grants its minutes', balance.grantedMinutes, granted(contract.current), contract);
  return `a ${kind} of ${minutes} minutes is added from ${effectiveOn}`;
};

/** Takes a top-up back as far as it is unused. The model does not know allocations, so it reads how many minutes are free. */
export const cancelTopUp: Action = async ({ world, random, tally }, subscription) => {
  const { contract } = subscription;
  const { current } = contract;
  if (contract.ended || contract.isOverdue(world.now) || current.topUps.length === 0) return undefined;
  const cancelled = random.oneOf(current.topUps);
  const { unallocatedMinutes } = (await must(world.admin.get(`/v1/subscriptions/${subscription.id}/allocations`))) as {
    unallocatedMinutes: number;
  };
  const unused = unusedOf(cancelled, current, unallocatedMinutes);
  const answer = await world.admin.post(`/v1/top-ups/${cancelled.id}/cancellation`, { reason: 'By mistake' });
  const { code = 'done', cancellation } = answer.body as { code?: string; cancellation?: { minutes: number } };
  const verdict = cancelled.cancelledMinutes !== undefined ? 'already-cancelled' : unused <= 0 ? 'top-up-used' : 'done';
  check('the cancellation of a top-up is decided by the rules', code, verdict, contract);
  tally.add(`top-up.${verdict === 'done' ? 'cancelled' : 'not cancelled'}`);
  if (verdict !== 'done') return `the ${cancelled.kind} of ${cancelled.minutes} minutes is not cancelled: ${verdict}`;
  check('a cancellation takes back what is unused', cancellation?.minutes, unused, contract);
  contract.cancelTopUp(cancelled, unused, world.now);
  return `${unused} of ${cancelled.minutes} minutes of a ${cancelled.kind} are taken back`;
};
