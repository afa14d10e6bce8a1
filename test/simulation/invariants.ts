import { isClosed, granted, onsiteCap, sessionStatus, stands, type ExpectedMail } from './model/contract.js';
import { addDays, isoText } from './model/calendar.js';
import { publishedTable } from './model/published-table.js';
import type { SimulatedSubscription } from './portfolio.js';
import { BrokenInvariant, check } from './check.js';
import { must, type World } from './world.js';

/** The kinds of mail that the model predicts to the instant. Mails of other kinds are only checked by SQL. */
const modelledKinds =
  /^(renewal-reminder-\d+|renewal-locked|notice-(recorded|withdrawn|waived)|term-(renewed|ended)|usage-(statement|alert-used)-\d+|usage-top-up-(entered|cancelled))$/;

interface TermRow {
  subscriptionId: string;
  number: number;
  startsOn: string;
  endsOn: string;
  deadlineOn: string;
  lockAt: Date;
  endsAt: Date;
  status: string;
  renewalState: string;
  granted: number;
  used: number;
  expired: number;
  onsite: number;
  onsiteCap: number;
  visits: number;
  seats: number;
}

interface MailRow {
  subscriptionId: string;
  term: number;
  kind: string;
  occasion: string;
  role: string;
  address: string;
  queuedAt: Date;
  sentAt: Date | null;
  status: string;
  lastError: string | null;
}

interface SessionShown {
  id: string;
  plannedOn: string;
  status: string;
  fulfilledByEntryId: string | null;
}

interface ReasonShown {
  code: string;
  figures: Record<string, unknown>;
}

interface AttentionShown {
  subscriptionId: string;
  reasons: ReasonShown[];
  balance: { forecast: { expiringMinutes: number } };
  pace: { plannedMinutes: number };
}

/** The reasons whose figures the model knows, itself or from the balance. */
const modelledReasons = new Set([
  'notice-deadline-near',
  'behind-plan',
  'hours-will-expire',
  'hours-nearly-used',
  'visits-unused',
  'seats-unused',
  'planned-session-overdue',
]);

/** Checks what must be true after every step, and counts the checks. */
export class Invariants {
  checks = 0;
  readonly #messageIds = new Set<string>();
  #messages = 0;

  constructor(private readonly world: World) {}

  /** Compares the stored terms, balances, notices and mails of these subscriptions with the model. */
  async checkSubscriptions(subscriptions: readonly SimulatedSubscription[]): Promise<void> {
    if (subscriptions.length === 0) return;
    const ids = subscriptions.map(({ id }) => id);
    const terms = bySubscription(await this.world.rows<TermRow>(termsSql, [ids]));
    const mails = bySubscription(await this.world.rows<MailRow>(mailsSql, [ids]));
    const notices = bySubscription(
      await this.world.rows<{ subscriptionId: string; id: string; stands: boolean }>(noticesSql, [ids]),
    );
    for (const subscription of subscriptions) {
      this.#checkTerms(subscription, terms.get(subscription.id) ?? []);
      this.#checkMails(subscription, mails.get(subscription.id) ?? []);
      const standing = subscription.notices.filter(stands).map(({ id }) => id);
      const found = (notices.get(subscription.id) ?? []).filter((notice) => notice.stands).map(({ id }) => id);
      check('the standing notices are those of the model', found.sort(), standing.sort(), subscription.contract);
    }
  }

  /** Checks all rows of the database, and the mailbox. */
  async checkAllRows(): Promise<void> {
    for (const [invariant, sql] of queriesForViolations) {
      this.checks += 1;
      const found = await this.world.rows<object>(sql);
      if (found.length > 0) throw new BrokenInvariant(invariant, JSON.stringify(found.slice(0, 3)));
    }
    await this.#checkMailbox();
  }

  /** Compares the answers of the service with the model, and verifies the ledgers. */
  async checkAnswers(subscriptions: readonly SimulatedSubscription[]): Promise<void> {
    const { admin } = this.world;
    const listed = await this.#listedAttention();
    for (const subscription of subscriptions) {
      const { id, contract } = subscription;
      await this.#checkSessions(subscription);
      await this.#checkAttention(subscription, listed.get(id) ?? []);
      const { data } = await must(admin.get(`/v1/subscriptions/${id}/terms?limit=200`));
      const seen = (data as Record<string, unknown>[]).map((term) => [
        term['number'],
        term['startsOn'],
        term['endsOn'],
        term['noticeDeadline'],
        term['package'],
        term['renewalState'],
      ]);
      const expected = contract.terms.map((term) => [
        term.number,
        term.startsOn,
        term.endsOn,
        term.deadlineOn,
        term.periods.at(-1)!.package,
        term.renewal,
      ]);
      this.#check('GET …/terms answers the terms of the model', seen, expected, contract);
      const { grantedMinutes, usedMinutes, remainingMinutes } = (await must(admin.get(`/v1/subscriptions/${id}`)))
        .balance;
      const current = contract.current;
      const remaining = contract.ended ? 0 : granted(current) - current.usedMinutes;
      const balance = [granted(current), current.usedMinutes, remaining];
      this.#check(
        'the balance of a subscription is that of the model',
        [grantedMinutes, usedMinutes, remainingMinutes],
        balance,
        contract,
      );
      const { consistent, differences } = await must(admin.post(`/v1/subscriptions/${id}/verify`));
      this.#check('every ledger adds up', [consistent, differences], [true, []], contract);
    }
  }

  /** Expects that `GET /v1/renewals` lists the open term of each subscription that has not ended. */
  async checkRenewals(subscriptions: readonly SimulatedSubscription[]): Promise<void> {
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await must(this.world.admin.get(`/v1/renewals?limit=200${cursor && `&cursor=${cursor}`}`));
      listed.push(
        ...(page.data as Record<string, unknown>[]).map((row) =>
          [
            row['subscriptionId'],
            row['noticeDeadline'],
            row['renewalState'],
            row['remainingMinutes'],
            row['seatsInUse'],
          ].join(' '),
        ),
      );
      cursor = page.nextCursor as string | null;
    }
    const expected = subscriptions
      .filter(({ contract }) => !contract.ended)
      .map(({ id, contract: { current, learners } }) =>
        [id, current.deadlineOn, current.renewal, granted(current) - current.usedMinutes, learners.length].join(' '),
      );
    this.#check('GET /v1/renewals lists the open terms of the model', listed.sort(), expected.sort());
  }

  /** The codes of the subscriptions in `GET /v1/attention`. */
  async #listedAttention(): Promise<Map<string, string[]>> {
    const listed = new Map<string, string[]>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await must(this.world.admin.get(`/v1/attention?limit=200${cursor && `&cursor=${cursor}`}`));
      for (const { subscriptionId, reasons } of page.data as AttentionShown[]) {
        listed.set(subscriptionId, codesOf(reasons));
      }
      cursor = page.nextCursor as string | null;
    }
    return listed;
  }

  /** Each planned session counts once: as open, overdue, fulfilled or cancelled, and in the forecast only if it is still to come. */
  async #checkSessions({ id, contract }: SimulatedSubscription): Promise<void> {
    const { admin, now } = this.world;
    const today = contract.today(now);
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path = `/v1/subscriptions/${id}/planned-sessions?limit=200${cursor && `&cursor=${cursor}`}`;
      const page = await must(admin.get(path));
      for (const { id: session, plannedOn, status, fulfilledByEntryId } of page.data as SessionShown[]) {
        found.push([session, plannedOn, status, fulfilledByEntryId].join(' '));
      }
      cursor = page.nextCursor as string | null;
    }
    const expected = contract.sessions.map((session) =>
      [session.id, session.plannedOn, sessionStatus(session, today), session.entryId].join(' '),
    );
    this.#check('the planned sessions are those of the model', found.sort(), expected.sort(), contract);
    const { startsOn, endsOn, usedMinutes } = contract.current;
    if (contract.ended || today < startsOn || today > endsOn) return;
    const { forecast } = await must(admin.get(`/v1/subscriptions/${id}/balance`));
    const coming = contract.sessions.filter(
      (session) =>
        sessionStatus(session, today) === 'open' && session.plannedOn >= today && session.plannedOn <= endsOn,
    );
    const plannedMinutes = coming.reduce((sum, { minutes }) => sum + minutes, 0);
    const expiringMinutes = Math.max(0, granted(contract.current) - usedMinutes - plannedMinutes);
    this.#check(
      'the forecast counts each session to come once',
      [forecast.planned?.plannedMinutes ?? 0, forecast.planned?.expiringMinutes],
      [plannedMinutes, plannedMinutes === 0 ? undefined : expiringMinutes],
      contract,
    );
  }

  /** The list and the single answer give the same reasons, and their figures are those of the model and of the balance. */
  async #checkAttention({ id, contract }: SimulatedSubscription, listed: readonly string[]): Promise<void> {
    const { reasons, balance, pace } = (await must(
      this.world.admin.get(`/v1/subscriptions/${id}/attention`),
    )) as AttentionShown;
    this.#check('the list of attention is that of the single subscriptions', listed, codesOf(reasons), contract);
    const { current } = contract;
    const today = contract.today(this.world.now);
    if (contract.ended || today < current.startsOn || today > current.endsOn) return;
    const { usedMinutes, deadlineOn } = current;
    const grantedMinutes = granted(current);
    const remainingMinutes = grantedMinutes - usedMinutes;
    const { seats, visits } = publishedTable[contract.package];
    const overdue = contract.sessions.filter(
      (session) => sessionStatus(session, today) === 'overdue' && session.plannedOn >= current.startsOn,
    );
    const isNear = current.renewal === 'open' && addDays(deadlineOn, -30) <= today && today <= deadlineOn;
    const { plannedMinutes } = pace;
    const expected: Record<string, object> = {
      ...(isNear && { 'notice-deadline-near': { noticeDeadline: deadlineOn } }),
      'behind-plan': { behindMinutes: plannedMinutes - usedMinutes, plannedMinutes, usedMinutes },
      'hours-will-expire': { expiringMinutes: balance.forecast.expiringMinutes, remainingMinutes },
      'hours-nearly-used': { usedMinutes, grantedMinutes, remainingMinutes },
      'visits-unused': { unused: visits - current.visits },
      'seats-unused': { unused: seats - contract.learners.length },
      ...(overdue.length > 0 && {
        'planned-session-overdue': {
          sessions: overdue.length,
          minutes: overdue.reduce((sum, { minutes }) => sum + minutes, 0),
          plannedOn: overdue.map(({ plannedOn }) => plannedOn).sort()[0],
        },
      }),
    };
    for (const { code, figures } of reasons) {
      if (!modelledReasons.has(code)) continue;
      const found = Object.fromEntries(Object.keys(expected[code] ?? {}).map((name) => [name, figures[name]]));
      this.#check(`the figures of ${code} are those of the contract`, found, expected[code], contract);
    }
    for (const code of ['notice-deadline-near', 'planned-session-overdue']) {
      this.#check(`${code} is a reason exactly when the rule says`, listed.includes(code), code in expected, contract);
    }
  }

  #checkTerms({ contract }: SimulatedSubscription, rows: readonly TermRow[]): void {
    const found = rows.map(({ subscriptionId: _, ...row }) => ({
      ...row,
      lockAt: row.lockAt.toISOString(),
      endsAt: row.endsAt.toISOString(),
    }));
    const expected = contract.terms.map((term) => {
      const open = !isClosed(term);
      return {
        number: term.number,
        startsOn: term.startsOn,
        endsOn: term.endsOn,
        deadlineOn: term.deadlineOn,
        lockAt: isoText(term.lockAt),
        endsAt: isoText(term.endsAt),
        status: open ? 'open' : 'closed',
        renewalState: term.renewal,
        granted: granted(term),
        used: term.usedMinutes,
        expired: open ? 0 : granted(term) - term.usedMinutes,
        onsite: term.onsiteMinutes,
        onsiteCap: onsiteCap(term),
        visits: term.visits,
        seats: open ? contract.learners.length : 0,
      };
    });
    expected.forEach((term, at) => this.#check(`term ${term.number} is that of the model`, found[at], term, contract));
    this.#check('the number of terms is that of the model', found.length, expected.length, contract);
    for (const term of contract.terms) {
      const limits = publishedTable[term.periods.at(-1)!.package];
      const isWithin =
        term.onsiteMinutes <= onsiteCap(term) && term.visits <= limits.visits && term.usedMinutes <= granted(term);
      this.#check('use, onsite work and visits are within the limits of the package', isWithin, true, contract);
    }
  }

  #checkMails({ contract }: SimulatedSubscription, rows: readonly MailRow[]): void {
    const found = rows.filter(({ kind }) => modelledKinds.test(kind)).map(asLine);
    const expected = contract.mails.map(expectedLine);
    const missing = without(expected, found);
    const unexpected = without(found, expected);
    this.checks += expected.length;
    if (missing.length + unexpected.length > 0) {
      const errors = new Set(rows.flatMap(({ lastError }) => lastError ?? []));
      const differences =
        `missing ${JSON.stringify(missing)}, unexpected ${JSON.stringify(unexpected)}` +
        (errors.size > 0 ? `, failures ${JSON.stringify([...errors])}` : '');
      throw new BrokenInvariant('each reason sends one mail, in time', differences, contract);
    }
  }

  /** Expects that the mailbox contains each sent message once, and no other message. */
  async #checkMailbox(): Promise<void> {
    for (const { file, head } of this.world.takeNewMessages()) {
      const id = /^Message-ID: <(.+)>$/im.exec(head)?.[1];
      this.checks += 1;
      if (id === undefined) throw new BrokenInvariant('every message has a Message-ID', file);
      if (this.#messageIds.has(id)) throw new BrokenInvariant('each message is delivered once', file);
      this.#messageIds.add(id);
      this.#messages += 1;
    }
    const sent = await this.world.rows<{ sent: number }>(
      `select count(*)::integer as sent from mails where status = 'sent' and attempts = 1`,
    );
    this.#check('each sent mail was delivered in one attempt', this.#messages, sent[0]!.sent);
  }

  #check(invariant: string, found: unknown, expected: unknown, contract?: SimulatedSubscription['contract']): void {
    this.checks += 1;
    check(invariant, found, expected, contract);
  }
}

const termsSql = `
  select t.subscription_id as "subscriptionId", t.number, t.starts_on as "startsOn", t.ends_on as "endsOn",
    t.notice_deadline_on as "deadlineOn", t.lock_at as "lockAt", t.ends_at as "endsAt", t.status,
    t.renewal_state as "renewalState", l.granted, l.used, l.expired, l.onsite, b.onsite_cap_minutes as "onsiteCap",
    b.visits_used as visits, b.seats_used as seats
  from terms t
  join balances b on b.term_id = t.id
  join lateral (
    select coalesce(sum(minutes) filter (where kind in ('grant', 'upgrade', 'supplement', 'goodwill', 'top-up-cancelled')), 0)::integer as granted,
      coalesce(-sum(minutes) filter (where kind in ('use', 'reversal')), 0)::integer as used,
      coalesce(-sum(minutes) filter (where kind in ('expiry', 'expiry-reversal')), 0)::integer as expired,
      coalesce(-sum(onsite_minutes), 0)::integer as onsite
    from ledger_entries where term_id = t.id
  ) l on true
  where t.subscription_id = any($1::uuid[]) order by t.subscription_id, t.number`;

const mailsSql = `
  select m.subscription_id as "subscriptionId", t.number as term, m.kind, m.occasion, m.recipient_role as role,
    m.recipient_address as address, m.queued_at as "queuedAt", m.sent_at as "sentAt", m.status, m.last_error as "lastError"
  from mails m join terms t on t.id = m.term_id
  where m.subscription_id = any($1::uuid[])`;

const noticesSql = `
  select subscription_id as "subscriptionId", id, effective and withdrawn_at is null as stands
  from non_renewal_notices where subscription_id = any($1::uuid[])`;

/** Each query finds rows that violate its invariant. */
const queriesForViolations: readonly (readonly [invariant: string, sql: string])[] = [
  [
    'no recipient gets two mails for one reason',
    `select term_id, kind, occasion, lower(recipient_address) as address, recipient_role, count(*)
     from mails group by 1, 2, 3, 4, 5 having count(*) > 1`,
  ],
  ['no two messages have one Message-ID', `select message_id from mails group by 1 having count(*) > 1`],
  [
    'no reminder is queued or sent after the notice deadline',
    `select id, kind from mails where kind like 'renewal-reminder-%'
     and (sent_at >= valid_until or queued_at >= valid_until or valid_until is null)`,
  ],
  [
    'no reminder and no confirmation of the lock is sent while a notice stands',
    `select m.id, m.kind, m.sent_at from mails m join non_renewal_notices n on n.term_id = m.term_id
     where n.effective and coalesce(n.waived_at, n.recorded_at) < m.sent_at
       and (n.withdrawn_at is null or n.withdrawn_at > m.queued_at)
       and (m.kind like 'renewal-reminder-%' or m.kind = 'renewal-locked')`,
  ],
  [
    'no mail is about a time before the subscription was entered',
    `select m.id, m.kind from mails m join subscriptions s on s.id = m.subscription_id join terms t on t.id = m.term_id
     where m.queued_at < s.entered_at
       or (m.kind in ('term-renewed', 'term-ended', 'renewal-locked') and t.ends_at <= s.entered_at)`,
  ],
  [
    'no mail reports undelivered reminders if a reminder was delivered',
    `select m.id from mails m where m.kind = 'reminders-undelivered' and exists (
       select 1 from mails r where r.term_id = m.term_id and r.kind like 'renewal-reminder-%'
         and r.recipient_role = 'customer' and r.sent_at < m.queued_at)`,
  ],
  [
    'a usage alert is stored until the term closes, and mailed to the CSM',
    `select a.term_id, a.alert from usage_alerts a join terms t on t.id = a.term_id join subscriptions s on s.id = t.subscription_id
     where a.given_at < s.entered_at or a.given_at >= t.ends_at and a.given_at <> t.closed_at or a.mailed <> exists (
       select 1 from mails m where m.term_id = a.term_id and m.kind = 'usage-alert-' || a.alert
         and m.recipient_role = 'csm' and m.queued_at = a.given_at)`,
  ],
  [
    'every mail about usage belongs to an alert, and reaches only its recipients',
    `select m.id, m.kind, m.recipient_role from mails m
     where m.kind like 'usage-alert-%' and not exists (
       select 1 from usage_alerts a where a.term_id = m.term_id and m.kind = 'usage-alert-' || a.alert
         and m.queued_at = a.given_at and a.mailed
         and (m.recipient_role = 'csm' or m.recipient_address like 'usage-%' and a.alert not in ('used-50', 'ahead', 'behind')))`,
  ],
  [
    'the control totals of a closed month stay the same',
    `select p.month from accounting_periods p left join (
       select month, count(*) as rows, sum(minutes) as minutes from (
         select accounting_month as month, minutes from time_entries
         union all
         select r.accounting_month, -e.minutes from time_entry_reversals r join time_entries e on e.id = r.time_entry_id
       ) line group by month) found on found.month = p.month
     where p.status = 'closed'
       and (p.counted_rows, p.counted_minutes) is distinct from (coalesce(found.rows, 0), coalesce(found.minutes, 0))`,
  ],
  [
    'a planned session lies in its term, and is fulfilled by one standing entry of its subscription, or not at all',
    `select s.id from planned_sessions s
     join terms t on t.id = s.term_id
     left join time_entries e on e.id = s.fulfilled_by_entry_id
     left join time_entry_reversals r on r.time_entry_id = e.id
     where s.planned_on not between t.starts_on and t.ends_on or t.subscription_id <> s.subscription_id
       or s.fulfilled_by_entry_id is not null
         and (s.cancelled_at is not null or r.id is not null or e.subscription_id is distinct from s.subscription_id)
     union all
     select min(id::text)::uuid from planned_sessions where fulfilled_by_entry_id is not null
     group by fulfilled_by_entry_id having count(*) > 1`,
  ],
  [
    'no term follows the term with which a subscription ended',
    `select t.subscription_id, t.number from terms t
     where t.renewal_state = 'ended' and exists (
       select 1 from terms later where later.subscription_id = t.subscription_id and later.number > t.number)`,
  ],
];

function asLine({ term, kind, occasion, role, address, queuedAt, sentAt, status }: MailRow): string {
  const about = kind.startsWith('notice-') ? ` ${occasion.slice(0, 36)}` : '';
  return `${term} ${kind}${about} to ${role} ${address} queued ${queuedAt.toISOString()} ${status} ${sentAt?.toISOString() ?? ''}`;
}

function expectedLine({ term, kind, notice, role, address, queuedAt, sentAt, status }: ExpectedMail): string {
  const about = notice ? ` ${notice.id}` : '';
  const sent = sentAt === undefined ? '' : isoText(sentAt);
  return `${term} ${kind}${about} to ${role} ${address} queued ${isoText(queuedAt)} ${status} ${sent}`;
}

/** The lines that `others` lack. A line that occurs more often in `lines` remains as often as it is missing in `others`. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const codesOf = (reasons: readonly ReasonShown[]): string[] => reasons.map(({ code }) => code);

function bySubscription<Row extends { subscriptionId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(row.subscriptionId, [...(found.get(row.subscriptionId) ?? []), row]);
  return found;
}
