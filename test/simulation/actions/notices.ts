import { gunzipSync } from 'node:zlib';
import { simpleParser } from 'mailparser';
import type { Answer } from '../../support/client.js';
import { dayMs, hourMs, isoText, type Moment } from '../model/calendar.js';
import { isClosed, stands, type Notice, type Verdict } from '../model/contract.js';
import type { SimulatedSubscription } from '../portfolio.js';
import type { Random } from '../random.js';
import { BrokenInvariant, check } from '../check.js';
import { answerText, type World } from '../world.js';
import type { Action } from './action.js';

/** The customer gives notice over REST. It is received at that instant. */
export const giveNotice: Action = async ({ world, tally }, subscription) => {
  const answer = await subscription.client.api.post(`/v1/subscriptions/${subscription.id}/non-renewal-notices`, {
    party: 'customer',
    signedBy: 'Sato Hanako',
    channel: 'portal',
  });
  const outcome = checkNotice(
    subscription,
    answer,
    subscription.contract.recordNotice('customer', world.now, world.now),
  );
  tally.add(`notice.${outcome}`);
  return `the customer gives notice: ${outcome}`;
};

/** A contact follows the link of a reminder, opens the page and confirms. The link may already be invalid. */
export const followLink: Action = async ({ world, random, tally }, subscription) => {
  const { contract } = subscription;
  const reminders = contract.mails.filter(
    ({ kind, role, status }) => kind.startsWith('renewal-reminder') && role === 'customer' && status === 'sent',
  );
  if (reminders.length === 0) return undefined;
  const { term: number, kind, address } = random.oneOf(reminders.slice(-6));
  const path = new URL(await linkOf(world, [subscription.id, number, kind, address])).pathname;
  // Opening the page, as mail scanners do, must not give notice.
  await world.withoutToken.get(path);
  const answer = await world.withoutToken.post(path, { signedBy: 'Sato Hanako' });
  const term = contract.terms[number]!;
  const expected = contract.noticeByLink(term, address, world.now);
  const outcome = typeof expected === 'string' ? expected : expected.effective ? 'in time' : 'late';
  check('a link works while it is valid', answer.status, outcome === 'link-not-valid' ? 404 : 200, contract);
  if (typeof expected !== 'string') {
    const [newest] = await world.rows<{ id: string; effective: boolean }>(
      'select id, effective from non_renewal_notices where subscription_id = $1 order by id desc limit 1',
      [subscription.id],
    );
    check('the time of receipt decides about a notice by link', newest?.effective, expected.effective, contract);
    expected.id = newest!.id;
    subscription.notices.push(expected);
  }
  tally.add(`link.${outcome === 'done' ? 'notice given before' : outcome}`);
  return `${address} follows the link of ${kind} in term ${number}: ${outcome}`;
};

/** Staff record a letter of either party, some time after it was received. */
export const recordNotice: Action = async ({ world, random, tally }, subscription) => {
  const party = random.chance(0.6) ? 'customer' : 'provider';
  const receivedAt = momentOfReceipt(subscription, world.now, random);
  const answer = await world.admin.post(`/v1/subscriptions/${subscription.id}/non-renewal-notices`, {
    party,
    signedBy: 'Suzuki Ichiro',
    channel: 'letter',
    receivedAt: isoText(receivedAt),
  });
  const outcome = checkNotice(subscription, answer, subscription.contract.recordNotice(party, receivedAt, world.now));
  tally.add(`notice.${outcome}`);
  return `staff record a notice of the ${party}, received ${isoText(receivedAt)}: ${outcome}`;
};

/** The customer withdraws a notice, or staff withdraw it with or without the agreement of the other party. */
export const withdrawNotice: Action = async ({ world, random, tally }, subscription) => {
  const notice = oneOfNotices(subscription, random, stands);
  if (!notice) return undefined;
  const byCustomer = notice.party === 'customer' && random.chance(0.4);
  const agreed = !byCustomer && random.chance(0.6);
  const request = {
    signedBy: 'Sato Hanako',
    reason: 'It was a mistake',
    ...(agreed && { otherPartySignedBy: 'Mori' }),
  };
  const api = byCustomer ? subscription.client.api : world.admin;
  const answer = await api.post(`/v1/non-renewal-notices/${notice.id}/withdrawal`, request);
  const verdict = subscription.contract.withdraw(notice, agreed, world.now);
  checkVerdict(subscription, 'a withdrawal is decided by the rules', answer, verdict);
  tally.add(`withdrawal.${verdict}`);
  return `the notice of the ${notice.party} is withdrawn${agreed ? ' by agreement' : ''}: ${verdict}`;
};

/** Both parties accept a late notice. */
export const waiveLateNotice: Action = async ({ world, random, tally }, subscription) => {
  const notice = oneOfNotices(subscription, random, ({ reason }) => reason === 'late');
  if (!notice) return undefined;
  const request = { customerSignedBy: 'Sato Hanako', providerSignedBy: 'Mori Aiko', reason: 'Goodwill' };
  const answer = await world.admin.post(`/v1/non-renewal-notices/${notice.id}/waiver`, request);
  const verdict = subscription.contract.waive(notice, world.now);
  checkVerdict(subscription, 'a waiver is decided by the rules', answer, verdict);
  tally.add(`waiver.${verdict}`);
  return `a late notice of the ${notice.party} is accepted: ${verdict}`;
};

/** Now, some time ago, or one of the milliseconds around a notice deadline or the end of a term. */
function momentOfReceipt({ contract }: SimulatedSubscription, now: Moment, random: Random): Moment {
  const edges = contract.terms
    .flatMap(({ lockAt, endsAt }) => [lockAt, endsAt])
    .flatMap((edge) => [edge - 1, edge])
    .filter((edge) => edge <= now && edge > now - 100 * dayMs);
  if (edges.length > 0 && random.chance(0.6)) return random.oneOf(edges);
  if (random.chance(0.5)) return now;
  return Math.max(now - random.below(40 * 24) * hourMs, Math.min(contract.enteredAt, now));
}

/** Reads the link from the sent message. */
async function linkOf(world: World, reminder: [id: string, term: number, kind: string, address: string]) {
  const [mail] = await world.rows<{ message: Buffer }>(
    `select m.message from mails m join terms t on t.id = m.term_id
     where m.subscription_id = $1 and t.number = $2 and m.kind = $3 and m.recipient_address = $4
       and m.recipient_role = 'customer'`,
    reminder,
  );
  const { text = '' } = await simpleParser(gunzipSync(mail!.message));
  const link = /https?:\S+\/decline\/[\w-]+/.exec(text)?.[0];
  if (link === undefined) throw new BrokenInvariant('a reminder contains a link to decline', text);
  return link;
}

function oneOfNotices(
  { notices }: SimulatedSubscription,
  random: Random,
  likely: (notice: Notice) => boolean,
): Notice | undefined {
  const candidates = notices.filter(likely);
  const from = candidates.length > 0 && random.chance(0.9) ? candidates : notices;
  return from.length === 0 ? undefined : random.oneOf(from.slice(-3));
}

function checkNotice(subscription: SimulatedSubscription, answer: Answer, expected: Notice | Verdict): string {
  const rule = 'the time of receipt decides about a notice';
  if (typeof expected === 'string') {
    checkVerdict(subscription, rule, answer, expected);
    return expected;
  }
  checkVerdict(subscription, rule, answer, 'done');
  const { effective, reason, term } = expected;
  const { id, noticeDeadline, renewalState, ...found } = answer.body as Record<string, unknown>;
  check(
    rule,
    { effective: found['effective'], reason: found['reason'], noticeDeadline, renewalState },
    { effective, reason, noticeDeadline: term.deadlineOn, renewalState: term.renewal },
    subscription.contract,
  );
  expected.id = id as string;
  subscription.notices.push(expected);
  if (effective) return 'in time';
  return isClosed(term) && reason !== 'late' ? 'after the roll-over' : 'late';
}

/** Compares an answer with a verdict of the model. */
function checkVerdict(subscription: SimulatedSubscription, rule: string, answer: Answer, verdict: Verdict): void {
  const { code } = (answer.body ?? {}) as { code?: string };
  const asExpected = verdict === 'done' ? answer.status < 300 : answer.status >= 400 && code === verdict;
  if (!asExpected) {
    throw new BrokenInvariant(rule, `expected ${verdict}, found ${answerText(answer)}`, subscription.contract);
  }
}
