import { addMonths, shown } from '../model/calendar.js';
import { holds } from '../story.js';
import { said } from '../world.js';
import type { Deed } from './action.js';

/** Finance closes the last month or the one before it, whichever is still open; seldom an older one is reopened. */
export const monthIsClosed: Deed = async ({ world, portfolio, random, tally }, { contract }) => {
  const today = shown(world.now).slice(0, 10);
  const reopens = portfolio.closedThrough !== undefined && random.chance(0.15);
  const month = addMonths(today, -random.between(1, reopens ? 4 : 2)).slice(0, 7);
  const isClosed = portfolio.closedThrough !== undefined && month <= portfolio.closedThrough;
  const path = `/v1/periods/${month}`;
  if (reopens) {
    const answer = await world.admin.post(`${path}/reopen`, { reason: 'A late receipt' });
    holds('a closed month is reopened', [answer.status, said(answer)][0], isClosed ? 200 : 409, contract);
    if (isClosed) portfolio.closedThrough = addMonths(`${month}-01`, -1).slice(0, 7);
    tally.add(`month.${isClosed ? 'reopened' : 'not reopened'}`);
    return `${month} is reopened: ${answer.status}`;
  }
  const answer = await world.admin.post(`${path}/close`);
  holds('an open month is closed', [answer.status, said(answer)][0], isClosed ? 409 : 200, contract);
  if (!isClosed) portfolio.closedThrough = month;
  tally.add(`month.${isClosed ? 'not closed' : 'closed'}`);
  return `${month} is closed: ${answer.status}`;
};
