import { gunzipSync } from 'node:zlib';
import { simpleParser } from 'mailparser';
import type { Answer } from '../../support/client.js';
import { dayMs, hourMs, shown, type Moment } from '../model/calendar.js';
import { isClosed, stands, type Notice, type Verdict } from '../model/contract.js';
import type { Subject } from '../portfolio.js';
import type { Random } from '../random.js';
import { BrokenInvariant, holds } from '../story.js';
import { said, type World } from '../world.js';
import type { Deed } from './action.js';

/** The customer says itself that it will not renew: received the moment it is given. */
export const customerGivesNotice: Deed = async ({ world, tally }, subject) => {
  const answer = await subject.client.api.post(`/v1/subscriptions/${subject.id}/non-renewal-notices`, {
    party: 'customer',
    signedBy: 'Sato Hanako',
    channel: 'portal',
  });
  const outcome = recorded(subject, answer, subject.contract.notice('customer', world.now, world.now));
  tally.add(`notice.${outcome}`);
  return `the customer gives notice: ${outcome}`;
};

/** A contact follows the link of a reminder, looks at the page, and confirms; also where the link is long dead. */
export const linkIsFollowed: Deed = async ({ world, random, tally }, subject) => {
  const { contract } = subject;
  const reminders = contract.mails.filter(
    ({ kind, role, status }) => kind.startsWith('renewal-reminder') && role === 'customer' && status === 'sent',
  );
  if (reminders.length === 0) return undefined;
  const { term: number, kind, address } = random.oneOf(reminders.slice(-6));
  const path = new URL(await linkOf(world, [subject.id, number, kind, address])).pathname;
  // Opening the link is not enough, however often mail scanners do it.
  await world.anybody.get(path);
  const answer = await world.anybody.post(path, { signedBy: 'Sato Hanako' });
  const term = contract.terms[number]!;
  const expected = contract.noticeByLink(term, address, world.now);
  const outcome = typeof expected === 'string' ? expected : expected.effective ? 'in time' : 'late';
  holds('a link gives notice while it is valid', answer.status, outcome === 'link-not-valid' ? 404 : 200, contract);
  if (typeof expected !== 'string') {
    const [newest] = await world.rows<{ id: string; effective: boolean }>(
      'select id, effective from non_renewal_notices where subscription_id = $1 order by id desc limit 1',
      [subject.id],
    );
    holds('a notice by link does what its receipt decides', newest?.effective, expected.effective, contract);
    expected.id = newest!.id;
    subject.notices.push(expected);
  }
  tally.add(`link.${outcome === 'done' ? 'given before' : outcome}`);
  return `${address} follows the link of ${kind} in term ${number}: ${outcome}`;
};

/** Staff record what has come by letter, of either party, some time after it was received. */
export const staffRecordNotice: Deed = async ({ world, random, tally }, subject) => {
  const party = random.chance(0.6) ? 'customer' : 'provider';
  const receivedAt = momentOfReceipt(subject, world.now, random);
  const answer = await world.admin.post(`/v1/subscriptions/${subject.id}/non-renewal-notices`, {
    party,
    signedBy: 'Suzuki Ichiro',
    channel: 'letter',
    receivedAt: shown(receivedAt),
  });
  const outcome = recorded(subject, answer, subject.contract.notice(party, receivedAt, world.now));
  tally.add(`notice.${outcome}`);
  return `staff record a notice of the ${party}, received ${shown(receivedAt)}: ${outcome}`;
};

/** Taken back by the customer itself, or by staff with or without the other party's agreement. */
export const noticeIsWithdrawn: Deed = async ({ world, random, tally }, subject) => {
  const notice = oneOfNotices(subject, random, stands);
  if (!notice) return undefined;
  const byCustomer = notice.party === 'customer' && random.chance(0.4);
  const agreed = !byCustomer && random.chance(0.6);
  const asked = { signedBy: 'Sato Hanako', reason: 'It was a mistake', ...(agreed && { otherPartySignedBy: 'Mori' }) };
  const api = byCustomer ? subject.client.api : world.admin;
  const answer = await api.post(`/v1/non-renewal-notices/${notice.id}/withdrawal`, asked);
  const verdict = subject.contract.withdrawal(notice, agreed, world.now);
  judged(subject, 'a withdrawal does what the rules say', answer, verdict);
  tally.add(`withdrawal.${verdict}`);
  return `the notice of the ${notice.party} is withdrawn${agreed ? ' by agreement' : ''}: ${verdict}`;
};

/** Both sides accept a late notice. */
export const lateNoticeIsWaived: Deed = async ({ world, random, tally }, subject) => {
  const notice = oneOfNotices(subject, random, ({ reason }) => reason === 'late');
  if (!notice) return undefined;
  const asked = { customerSignedBy: 'Sato Hanako', providerSignedBy: 'Mori Aiko', reason: 'Goodwill' };
  const answer = await world.admin.post(`/v1/non-renewal-notices/${notice.id}/waiver`, asked);
  const verdict = subject.contract.waiver(notice, world.now);
  judged(subject, 'a waiver does what the rules say', answer, verdict);
  tally.add(`waiver.${verdict}`);
  return `a late notice of the ${notice.party} is accepted: ${verdict}`;
};

/** Now, some time ago, or to the millisecond at the end of the last day for a notice, or of the term. */
function momentOfReceipt({ contract }: Subject, now: Moment, random: Random): Moment {
  const edges = contract.terms
    .flatMap(({ lockAt, endsAt }) => [lockAt, endsAt])
    .flatMap((edge) => [edge - 1, edge])
    .filter((edge) => edge <= now && edge > now - 100 * dayMs);
  if (edges.length > 0 && random.chance(0.6)) return random.oneOf(edges);
  if (random.chance(0.5)) return now;
  return Math.max(now - random.below(40 * 24) * hourMs, Math.min(contract.enteredAt, now));
}

/** The link as it stands in the message that went out. */
async function linkOf(world: World, reminder: [id: string, term: number, kind: string, address: string]) {
  const [mail] = await world.rows<{ message: Buffer }>(
    `select m.message from mails m join terms t on t.id = m.term_id
     where m.subscription_id = $1 and t.number = $2 and m.kind = $3 and m.recipient_address = $4
       and m.recipient_role = 'customer'`,
    reminder,
  );
  const { text = '' } = await simpleParser(gunzipSync(mail!.message));
  const link = /https?:\S+\/decline\/[\w-]+/.exec(text)?.[0];
  if (link === undefined) throw new BrokenInvariant('a reminder holds a link to decline', text);
  return link;
}

function oneOfNotices({ notices }: Subject, random: Random, likely: (notice: Notice) => boolean): Notice | undefined {
  const candidates = notices.filter(likely);
  const from = candidates.length > 0 && random.chance(0.9) ? candidates : notices;
  return from.length === 0 ? undefined : random.oneOf(from.slice(-3));
}

function recorded(subject: Subject, answer: Answer, expected: Notice | Verdict): string {
  const rule = 'a notice does what its receipt decides';
  if (typeof expected === 'string') {
    judged(subject, rule, answer, expected);
    return expected;
  }
  judged(subject, rule, answer, 'done');
  const { effective, reason, term } = expected;
  const { id, noticeDeadline, renewalState, ...found } = answer.body as Record<string, unknown>;
  holds(
    rule,
    { effective: found['effective'], reason: found['reason'], noticeDeadline, renewalState },
    { effective, reason, noticeDeadline: term.deadlineOn, renewalState: term.renewal },
    subject.contract,
  );
  expected.id = id as string;
  subject.notices.push(expected);
  if (effective) return 'in time';
  return isClosed(term) && reason !== 'late' ? 'after the roll-over' : 'late';
}

/** Holds an answer against a verdict. */
function judged(subject: Subject, rule: string, answer: Answer, verdict: Verdict): void {
  const { code } = (answer.body ?? {}) as { code?: string };
  const asExpected = verdict === 'done' ? answer.status < 300 : answer.status >= 400 && code === verdict;
  if (!asExpected) {
    throw new BrokenInvariant(rule, `expected ${verdict}, was answered ${said(answer)}`, subject.contract);
  }
}
