import { addMonths, isoText } from '../model/calendar.js';
import { check } from '../check.js';
import { answerText } from '../world.js';
import type { Action } from './action.js';

/** Closes one of the last two months, or sometimes reopens one of the last four. */
export const closeOrReopenMonth: Action = async ({ world, portfolio, random, tally }, { contract }) => {
  const today = isoText(world.now).slice(0, 10);
  const reopens = portfolio.closedThrough !== undefined && random.chance(0.15);
  const month = addMonths(today, -random.between(1, reopens ? 4 : 2)).slice(0, 7);
  const isClosed = portfolio.closedThrough !== undefined && month <= portfolio.closedThrough;
  const path = `/v1/periods/${month}`;
  if (reopens) {
    const answer = await world.admin.post(`${path}/reopen`, { reason: 'A late receipt' });
    check(
      'only a closed month can be reopened',
      [answer.status, answerText(answer)][0],
      isClosed ? 200 : 409,
      contract,
    );
    if (isClosed) portfolio.closedThrough = addMonths(`${month}-01`, -1).slice(0, 7);
    tally.add(`month.${isClosed ? 'reopened' : 'not reopened'}`);
    return `${month} is reopened: ${answer.status}`;
  }
  const answer = await world.admin.post(`${path}/close`);
  check('only an open month can be closed', [answer.status, answerText(answer)][0], isClosed ? 409 : 200, contract);
  if (!isClosed) portfolio.closedThrough = month;
  tally.add(`month.${isClosed ? 'not closed' : 'closed'}`);
  return `${month} is closed: ${answer.status}`;
};
