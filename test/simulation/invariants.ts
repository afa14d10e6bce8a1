import { isClosed, granted, onsiteCap, stands, type ExpectedMail } from './model/contract.js';
import { shown } from './model/calendar.js';
import { publishedTable } from './model/published-table.js';
import type { Subject } from './portfolio.js';
import { BrokenInvariant, holds } from './story.js';
import { must, type World } from './world.js';

/** The mails that the model foresees to the moment; of all others it is asked that none comes twice or after the fact. */
const foreseen =
  /^(renewal-reminder-\d+|renewal-locked|notice-(recorded|withdrawn|waived)|term-(renewed|ended)|usage-(statement|alert-used)-\d+)$/;

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

/** What must be so at every step. Counts what it has looked at. */
export class Invariants {
  checks = 0;
  readonly #messageIds = new Set<string>();
  #collected = 0;

  constructor(private readonly world: World) {}

  /** Terms, balances, notices and mails of these subscriptions are what the model says, no more and no less. */
  async hold(subjects: readonly Subject[]): Promise<void> {
    if (subjects.length === 0) return;
    const ids = subjects.map(({ id }) => id);
    const terms = bySubscription(await this.world.rows<TermRow>(termsSql, [ids]));
    const mails = bySubscription(await this.world.rows<MailRow>(mailsSql, [ids]));
    const notices = bySubscription(
      await this.world.rows<{ subscriptionId: string; id: string; stands: boolean }>(noticesSql, [ids]),
    );
    for (const subject of subjects) {
      this.#termsHold(subject, terms.get(subject.id) ?? []);
      this.#mailsHold(subject, mails.get(subject.id) ?? []);
      const standing = subject.notices.filter(stands).map(({ id }) => id);
      const found = (notices.get(subject.id) ?? []).filter((notice) => notice.stands).map(({ id }) => id);
      holds('the notices that stand', found.sort(), standing.sort(), subject.contract);
    }
  }

  /** What is asked of all rows at once. */
  async holdForAll(): Promise<void> {
    for (const [invariant, sql] of afterTheFact) {
      this.checks += 1;
      const found = await this.world.rows<object>(sql);
      if (found.length > 0) throw new BrokenInvariant(invariant, JSON.stringify(found.slice(0, 3)));
    }
    await this.#mailboxHolds();
  }

  /** The same again, as those see it who ask the service. */
  async holdForReaders(subjects: readonly Subject[]): Promise<void> {
    const { admin } = this.world;
    for (const { id, contract } of subjects) {
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
      this.#holds('GET …/terms', seen, expected, contract);
      const { grantedMinutes, usedMinutes, remainingMinutes } = (await must(admin.get(`/v1/subscriptions/${id}`)))
        .balance;
      const current = contract.current;
      const remaining = contract.ended ? 0 : granted(current) - current.usedMinutes;
      const balance = [granted(current), current.usedMinutes, remaining];
      this.#holds('GET …/balance', [grantedMinutes, usedMinutes, remainingMinutes], balance, contract);
      const { consistent, differences } = await must(admin.post(`/v1/subscriptions/${id}/verify`));
      this.#holds('every ledger adds up', [consistent, differences], [true, []], contract);
    }
  }

  /** `GET /v1/renewals` lists the open term of each subscription that goes on, by its last day for a notice. */
  async renewalsHold(subjects: readonly Subject[]): Promise<void> {
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
    const expected = subjects
      .filter(({ contract }) => !contract.ended)
      .map(({ id, contract: { current, learners } }) =>
        [id, current.deadlineOn, current.renewal, granted(current) - current.usedMinutes, learners.length].join(' '),
      );
    this.#holds('GET /v1/renewals', listed.sort(), expected.sort());
  }

  #termsHold({ contract }: Subject, rows: readonly TermRow[]): void {
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
        lockAt: shown(term.lockAt),
        endsAt: shown(term.endsAt),
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
    expected.forEach((term, at) => this.#holds(`term ${term.number}`, found[at], term, contract));
    this.#holds('one term after the other', found.length, expected.length, contract);
    for (const term of contract.terms) {
      const limits = publishedTable[term.periods.at(-1)!.package];
      const isWithin =
        term.onsiteMinutes <= onsiteCap(term) && term.visits <= limits.visits && term.usedMinutes <= granted(term);
      this.#holds('within the limits of the package', isWithin, true, contract);
    }
  }

  #mailsHold({ contract }: Subject, rows: readonly MailRow[]): void {
    const found = rows.filter(({ kind }) => foreseen.test(kind)).map(asLine);
    const expected = contract.mails.map(expectedLine);
    const missing = without(expected, found);
    const unexpected = without(found, expected);
    this.checks += expected.length;
    if (missing.length + unexpected.length > 0) {
      const errors = new Set(rows.flatMap(({ lastError }) => lastError ?? []));
      const said =
        `missing ${JSON.stringify(missing)}, unexpected ${JSON.stringify(unexpected)}` +
        (errors.size > 0 ? `, failures ${JSON.stringify([...errors])}` : '');
      throw new BrokenInvariant('each reason sends one mail, in time', said, contract);
    }
  }

  /** Each message that was sent lies in the mailbox, once, and no other. */
  async #mailboxHolds(): Promise<void> {
    for (const { file, head } of this.world.collectMail()) {
      const id = /^Message-ID: <(.+)>$/im.exec(head)?.[1];
      this.checks += 1;
      if (id === undefined) throw new BrokenInvariant('every message names itself', file);
      if (this.#messageIds.has(id)) throw new BrokenInvariant('each message is delivered once', file);
      this.#messageIds.add(id);
      this.#collected += 1;
    }
    const sent = await this.world.rows<{ sent: number }>(
      `select count(*)::integer as sent from mails where status = 'sent' and attempts = 1`,
    );
    this.#holds('each mail that was sent was delivered, in one attempt', this.#collected, sent[0]!.sent);
  }

  #holds(invariant: string, found: unknown, expected: unknown, contract?: Subject['contract']): void {
    this.checks += 1;
    holds(invariant, found, expected, contract);
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
    select coalesce(sum(minutes) filter (where kind in ('grant', 'upgrade')), 0)::integer as granted,
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

/** Each finds what must not be. */
const afterTheFact: readonly (readonly [invariant: string, sql: string])[] = [
  [
    'no mail twice for one reason',
    `select term_id, kind, occasion, lower(recipient_address) as address, recipient_role, count(*)
     from mails group by 1, 2, 3, 4, 5 having count(*) > 1`,
  ],
  ['every message has an id of its own', `select message_id from mails group by 1 having count(*) > 1`],
  [
    'no reminder once the last day for a notice is over',
    `select id, kind from mails where kind like 'renewal-reminder-%'
     and (sent_at >= valid_until or queued_at >= valid_until or valid_until is null)`,
  ],
  [
    'no reminder and no lock while a notice stands',
    `select m.id, m.kind, m.sent_at from mails m join non_renewal_notices n on n.term_id = m.term_id
     where n.effective and coalesce(n.waived_at, n.recorded_at) < m.sent_at
       and (n.withdrawn_at is null or n.withdrawn_at > m.queued_at)
       and (m.kind like 'renewal-reminder-%' or m.kind = 'renewal-locked')`,
  ],
  [
    'nothing about what was before the contract was entered',
    `select m.id, m.kind from mails m join subscriptions s on s.id = m.subscription_id join terms t on t.id = m.term_id
     where m.queued_at < s.entered_at
       or (m.kind in ('term-renewed', 'term-ended', 'renewal-locked') and t.ends_at <= s.entered_at)`,
  ],
  [
    'no alarm that no reminder came through where one did',
    `select m.id from mails m where m.kind = 'reminders-undelivered' and exists (
       select 1 from mails r where r.term_id = m.term_id and r.kind like 'renewal-reminder-%'
         and r.recipient_role = 'customer' and r.sent_at < m.queued_at)`,
  ],
  [
    'an alert about the use is given while the term is open or as it closes, and told to its CSM',
    `select a.term_id, a.alert from usage_alerts a join terms t on t.id = a.term_id join subscriptions s on s.id = t.subscription_id
     where a.given_at < s.entered_at or a.given_at >= t.ends_at and a.given_at <> t.closed_at or a.mailed <> exists (
       select 1 from mails m where m.term_id = a.term_id and m.kind = 'usage-alert-' || a.alert
         and m.recipient_role = 'csm' and m.queued_at = a.given_at)`,
  ],
  [
    'no mail about an alert that was not given, or to somebody whom it does not concern',
    `select m.id, m.kind, m.recipient_role from mails m
     where m.kind like 'usage-alert-%' and not exists (
       select 1 from usage_alerts a where a.term_id = m.term_id and m.kind = 'usage-alert-' || a.alert
         and m.queued_at = a.given_at and a.mailed
         and (m.recipient_role = 'csm' or m.recipient_address like 'usage-%' and a.alert not in ('used-50', 'ahead', 'behind')))`,
  ],
  [
    'a closed month counts what it counted when it was closed',
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
    'a subscription ends with its last term, and only with it',
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
  const sent = sentAt === undefined ? '' : shown(sentAt);
  return `${term} ${kind}${about} to ${role} ${address} queued ${shown(queuedAt)} ${status} ${sent}`;
}

/** Those of `lines` that `others` have not, each as often as it is there too often. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function bySubscription<Row extends { subscriptionId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(row.subscriptionId, [...(found.get(row.subscriptionId) ?? []), row]);
  return found;
}
