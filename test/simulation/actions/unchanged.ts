import type { Answer } from '../../support/client.js';
import type { SimulatedSubscription } from '../portfolio.js';
import { check } from '../check.js';
import type { Action } from './action.js';

/** Sends a request that must change neither the ledger, nor the state of the renewal, nor the mails of a subscription. */
export async function unchanged(
  { world }: Parameters<Action>[0],
  { id, contract }: SimulatedSubscription,
  invariant: string,
  send: () => Promise<Answer>,
): Promise<Answer> {
  const read = (): Promise<object[]> => world.rows<object>(factsSql, [id]);
  const before = await read();
  const answer = await send();
  check(invariant, await read(), before, contract);
  return answer;
}

const factsSql = `
  select t.id, t.status, t.renewal_state, s.csm_id, s.next_package, b.granted_minutes, b.used_minutes, b.expired_minutes,
    (select count(*)::integer from ledger_entries e where e.term_id = t.id) as entries,
    (select count(*)::integer from mails m where m.term_id = t.id) as mails
  from terms t join subscriptions s on s.id = t.subscription_id join balances b on b.term_id = t.id
  where t.subscription_id = $1 order by t.number`;
