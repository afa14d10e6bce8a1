import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/transaction.js';
import type { Language } from '../../domain/language.js';
import { idBeforeAll } from '../ids.js';
import { livingKeys, type LivenessLock } from '../database/liveness-lock.js';

export type MailStatus = 'queued' | 'sending' | 'uncertain' | 'sent' | 'failed';
export type RecipientRole = 'customer' | 'csm' | 'operator';

/**
 * The outcome of an attempt. `filed`: written to a file. `uncertain`: it is unknown whether the server took the
 * message.
 */
export type AttemptOutcome = 'accepted' | 'filed' | 'refused' | 'failed' | 'uncertain';

/** A mail about a term: one for each kind, occasion and recipient. */
export interface AboutTerm {
  subscriptionId: string;
  termId: string;
  reportScheduleId?: null;
  userId?: null;
  recipientRole: RecipientRole;
}

/** A mail with a scheduled report: one for each occasion and recipient. */
export interface AboutReport {
  subscriptionId?: null;
  termId?: null;
  reportScheduleId: string;
  userId?: null;
  recipientRole: 'reader';
}

/** A mail about the portfolio of a CSM: one for each kind and occasion. */
export interface AboutPortfolio {
  subscriptionId?: null;
  termId?: null;
  reportScheduleId?: null;
  /** The CSM, who gets the mail. */
  userId: string;
  recipientRole: 'csm';
}

/** A mail about the account of a user: one for each kind and occasion. */
export interface AboutUser {
  subscriptionId?: null;
  termId?: null;
  reportScheduleId?: null;
  /** The user, who gets the mail. */
  userId: string;
  recipientRole: 'user';
}

type About = AboutTerm | AboutReport | AboutPortfolio | AboutUser;

interface MailParts {
  kind: string;
  /** Distinguishes mails of the same kind for the same term or schedule. Empty if the kind occurs once. */
  occasion: string;
  recipientName: string;
  recipientAddress: string;
  locale: Language;
  /** The facts as they are when the mail is queued: plain JSON for the writer of its kind. */
  facts: object;
  /** The mail is valid before this instant. From then on it is given up. */
  validUntil: Date | null;
  /** The mail leaves at this instant or later. Default: at once. */
  leavesAt?: Date;
}

interface MailIds {
  id: string;
  messageId: string;
}

/** A mail as a room queues it. */
export type MailToQueue = MailParts & About;

/** A mail as it is stored. */
export type NewMail = MailToQueue & MailIds;

/** A mail that waits to be written. */
export type QueuedMail = NewMail & { queuedAt: Date; leavesAt: Date };

export type QueuedTermMail = QueuedMail & AboutTerm;
export type QueuedReportMail = QueuedMail & AboutReport;

/** A mail that a run has claimed. */
export type MailBeingSent = QueuedMail & {
  /** When it fell due. */
  dueAt: Date;
  /** Includes the attempt that has begun. If there is no message yet, none has begun. */
  attempts: number;
  /**
   * Attempts that use up no retry: those before a person had the mail sent again, and those that never reached the
   * server.
   */
  attemptsUncounted: number;
  /** Its MIME; null until it is written. */
  message: Buffer | null;
};

/** A position in the order in which mails fall due. */
export type DuePlace = Pick<MailBeingSent, 'dueAt' | 'id'>;

/** The end of an attempt. */
export interface AttemptEnd {
  mailId: string;
  number: number;
  outcome: AttemptOutcome;
  /** The server's answer, or the error. */
  answer: string;
  endedAt: Date;
  /** Whether the attempt uses up a retry. */
  isCounted: boolean;
  /** When to try again; null if the mail was sent or given up. */
  nextAttemptAt: Date | null;
}

export interface Attempt {
  /** From 1. */
  number: number;
  startedAt: Date;
  /** Null while the attempt is running. */
  endedAt: Date | null;
  outcome: AttemptOutcome | null;
  answer: string | null;
}

/** The progress of a mail. */
interface MailProgress {
  /** Null until it has been written. */
  subject: string | null;
  status: MailStatus;
  attempts: number;
  queuedAt: Date;
  /** The earliest time at which it could leave. */
  leavesAt: Date;
  nextAttemptAt: Date | null;
  sentAt: Date | null;
  /** Whether a mail server has taken it. */
  delivered: boolean;
  serverAnswer: string | null;
  lastError: string | null;
  /** Why it must not be sent any more. */
  givenUpBecause: string | null;
  attemptLog: Attempt[];
}

type RecordOf<What extends About> = Omit<MailParts, 'facts' | 'leavesAt'> & What & MailIds & MailProgress;

/** A mail as it is shown. */
export type TermMail = RecordOf<AboutTerm>;
export type ReportMail = RecordOf<AboutReport>;
export type PortfolioMail = RecordOf<AboutPortfolio>;
export type UserMail = RecordOf<AboutUser>;
export type MailRecord = TermMail | ReportMail | PortfolioMail | UserMail;

/** A mail to a customer's contact that has failed for good. */
export interface FailedMail extends Pick<MailParts, 'kind' | 'recipientName' | 'recipientAddress'>, AboutTerm {
  id: string;
  /** Null if it could not be written. */
  subject: string | null;
  attempts: number;
  /** True if the server refused it for good. False if its retries were used up, or it could not be written. */
  refused: boolean;
  /** The server's last answer, or the error. */
  error: string;
  failedAt: Date;
}

/** A report mail, as the holder of a link in it sees it. */
export type ReportMailFacts = Pick<AboutReport, 'reportScheduleId'> &
  Pick<MailParts, 'recipientAddress' | 'locale' | 'facts'>;

/** A mail as evidence: what was sent, to whom, and when a mail server took it. */
export type MailEvidence = Omit<TermMail, 'attempts' | 'attemptLog'> & {
  attempts: Attempt[];
  /** Of the MIME as it was sent; null for a mail that was never written. */
  messageSha256: string | null;
};

/** A new time for mails that wait for their morning. */
export interface Departure {
  id: string;
  leavesAt: Date;
}

/** A new end of validity for mails of a term. */
export interface ValidityMove {
  termId: string;
  from: Date;
  to: Date;
}

/** A new time at which mails may leave. */
export interface DepartureMove {
  from: Date;
  to: Date;
}

/** The order in which a run claims mails. */
type TakeOrder = 'longest-due' | 'fewest-attempts';

interface TakeOptions {
  limit: number;
  order?: TakeOrder;
  after?: DuePlace;
  /** Claims no other mails than these. */
  only?: readonly string[] | null;
}

const beforeAll: DuePlace = { dueAt: new Date(0), id: idBeforeAll };

/** How many mails are read at a time for evidence, without their messages. */
const evidenceBatch = 100;

/** SQL of `mails` and `mail_attempts`. */
@Injectable()
export class MailStore {
  /**
   * Stores mails for delivery. Skips a mail that was stored before for the same reason. Facts that several mails
   * share are sent to the database once.
   * @returns the number of new mails
   */
  async insert(tx: Transaction, mails: readonly NewMail[], now: Date): Promise<number> {
    const placeOf = new Map<object, number>();
    for (const { facts } of mails) if (!placeOf.has(facts)) placeOf.set(facts, placeOf.size + 1);
    const [inserted] = await tx.query<{ count: number }>(
      `with inserted as (
         insert into mails (id, kind, subscription_id, term_id, report_schedule_id, user_id, occasion, recipient_role, recipient_name,
           recipient_address, locale, message_id, valid_until, facts, queued_at, leaves_at, next_attempt_at, status)
         select m.id, m.kind, m.subscription_id, m.term_id, m.report_schedule_id, m.user_id, m.occasion, m.role, m.name,
           m.address, m.locale, m.message_id, m.valid_until, f.facts, $1, m.leaves_at, greatest($1, m.leaves_at), 'queued'
         from unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[],
             $11::text[], $12::text[], $13::timestamptz[], $14::integer[], $15::uuid[], $16::timestamptz[], $17::uuid[])
           as m (id, kind, subscription_id, term_id, occasion, role, name, address, locale, message_id, valid_until,
             facts_place, report_schedule_id, leaves_at, user_id)
         join unnest($2::jsonb[]) with ordinality as f (facts, place) on f.place = m.facts_place
         on conflict do nothing
         returning id
       )
       select count(*)::integer as count from inserted`,
      [
        now,
        [...placeOf.keys()].map((facts) => JSON.stringify(facts)),
        mails.map(({ id }) => id),
        mails.map(({ kind }) => kind),
        mails.map(({ subscriptionId }) => subscriptionId ?? null),
        mails.map(({ termId }) => termId ?? null),
        mails.map(({ occasion }) => occasion),
        mails.map(({ recipientRole }) => recipientRole),
        mails.map(({ recipientName }) => recipientName),
        mails.map(({ recipientAddress }) => recipientAddress),
        mails.map(({ locale }) => locale),
        mails.map(({ messageId }) => messageId),
        mails.map(({ validUntil }) => validUntil),
        mails.map(({ facts }) => placeOf.get(facts)),
        mails.map(({ reportScheduleId }) => reportScheduleId ?? null),
        mails.map(({ leavesAt }) => leavesAt ?? null),
        mails.map(({ userId }) => userId ?? null),
      ],
    );
    return inserted!.count;
  }

  /**
   * Gives up unsent mails of terms whose kinds begin with one of `kindPrefixes`: they are never tried or sent again.
   * A mail that is being sent may still arrive.
   * @returns the number of mails that were given up
   */
  async giveUp(
    tx: Transaction,
    termIds: readonly string[],
    kindPrefixes: readonly string[],
    reason: string,
  ): Promise<number> {
    const given = await tx.query(giveUpWhere('term_id = any($2::uuid[]) and kind ^@ any($3::text[])'), [
      reason,
      termIds,
      kindPrefixes,
    ]);
    return given.length;
  }

  async giveUpOccasion(
    tx: Transaction,
    termId: string,
    kind: string,
    occasion: string,
    reason: string,
  ): Promise<number> {
    const given = await tx.query(giveUpWhere('term_id = $2 and kind = $3 and occasion = $4'), [
      reason,
      termId,
      kind,
      occasion,
    ]);
    return given.length;
  }

  /** The times for which mails of subscriptions still wait. */
  async departures(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<Date[]> {
    const rows = await tx.query<{ at: Date }>(
      `select distinct leaves_at as at from mails where subscription_id = any($1::uuid[]) and ${waits}`,
      [subscriptionIds, now],
    );
    return rows.map(({ at }) => at);
  }

  /**
   * Changes when unsent mails of subscriptions may leave, and until when they are valid. The validity of failed mails
   * changes too, as they may be sent again.
   */
  async move(
    tx: Transaction,
    subscriptionIds: readonly string[],
    {
      now,
      departures,
      validity,
    }: { now: Date; departures: readonly DepartureMove[]; validity: readonly ValidityMove[] },
  ): Promise<void> {
    await tx.query(
      `with moved as materialized (
         select m.id, v.until, d.until as leaves_at
         from mails m
         left join unnest($3::timestamptz[], $4::timestamptz[]) as d (since, until) on d.since = m.leaves_at and ${waits}
         left join unnest($5::uuid[], $6::timestamptz[], $7::timestamptz[]) as v (term_id, since, until)
           on v.term_id = m.term_id and v.since = m.valid_until
         where m.subscription_id = any($1::uuid[]) and m.status <> 'sent'
         order by m.id for no key update of m
       )
       update mails m set valid_until = coalesce(n.until, m.valid_until), leaves_at = coalesce(n.leaves_at, m.leaves_at),
         next_attempt_at = case when n.leaves_at is null then m.next_attempt_at else greatest($2, n.leaves_at) end
       from moved n where m.id = n.id and (n.until is not null or n.leaves_at is not null)`,
      [
        subscriptionIds,
        now,
        departures.map(({ from }) => from),
        departures.map(({ to }) => to),
        validity.map(({ termId }) => termId),
        validity.map(({ from }) => from),
        validity.map(({ to }) => to),
      ],
    );
  }

  /**
   * Changes when mails leave that have not been tried yet.
   * @returns how many changed
   */
  async moveDepartures(tx: Transaction, moves: readonly Departure[]): Promise<number> {
    const moved = await tx.query(
      `with waiting as materialized (
         select m.id, d.at from mails m join unnest($1::uuid[], $2::timestamptz[]) as d (id, at) on m.id = d.id
         where m.status = 'queued' and m.attempts = 0 and m.leaves_at is not null order by m.id for no key update of m
       )
       update mails m set leaves_at = w.at, next_attempt_at = w.at from waiting w where m.id = w.id returning m.id`,
      [moves.map(({ id }) => id), moves.map(({ leavesAt }) => leavesAt)],
    );
    return moved.length;
  }

  /** Gives up unsent mails of a report schedule, in the same way. */
  async giveUpReports(tx: Transaction, reportScheduleId: string, reason: string): Promise<number> {
    const given = await tx.query(giveUpWhere('report_schedule_id = $2'), [reason, reportScheduleId]);
    return given.length;
  }

  /**
   * The first instant after `instant` at which a mail is due or a failure must be reported. Mails that another run is
   * sending count too. No mail is due before the next try of the mail server.
   */
  async nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    const [row] = await tx.query<{ at: Date | null }>(
      `select least(
         (select case when s.probe_at > $1 then greatest(s.probe_at, first.at) else later.at end
          from mail_server s,
            (select min(next_attempt_at) as at from mails where next_attempt_at is not null) first,
            (select min(next_attempt_at) as at from mails where next_attempt_at > $1) later
          where first.at is not null),
         (select min(failure_due_at) from mails where failure_due_at > $1)) as at`,
      [instant],
    );
    return row?.at ?? undefined;
  }

  /** Mails whose failures must be reported, oldest failure first, up to 200. */
  async failuresDue(tx: Transaction, now: Date): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'select id from mails where failure_due_at <= $1 order by failure_due_at, id limit 200',
      [now],
    );
    return rows.map(({ id }) => id);
  }

  /** Marks the failure of a mail as reported and returns the mail; undefined if another run reports it. */
  async takeFailure(tx: Transaction, id: string): Promise<FailedMail | undefined> {
    const [failed] = await tx.query<FailedMail>(
      `with taken as (
         select id, failure_due_at from mails where id = $1 and failure_due_at is not null for update skip locked
       )
       update mails m set failure_due_at = null from taken t where m.id = t.id
       returning m.id, m.kind, m.subscription_id as "subscriptionId", m.term_id as "termId",
         m.recipient_role as "recipientRole", m.recipient_name as "recipientName",
         m.recipient_address as "recipientAddress", m.subject, m.attempts, m.last_error as error,
         t.failure_due_at as "failedAt",
         coalesce((select a.outcome = 'refused' from mail_attempts a where a.mail_id = m.id and a.number = m.attempts), false)
           as refused`,
      [id],
    );
    return failed;
  }

  /**
   * Releases mails that dead runs had claimed. Their attempts may have succeeded, so they become uncertain. The run's
   * key is compared again, because a live run may have claimed the mail since.
   * @returns the number of attempts that became uncertain
   */
  async takeFromTheDead(run: LivenessLock, now: Date): Promise<number> {
    const taken = await run.prepared<{ attempted: boolean }>(
      'mails-of-the-dead',
      `with dead as materialized (
         select distinct delivery_key as key from mails
         where delivery_key is not null and delivery_key <> all (array(${livingKeys}))
       ), left_behind as (
         select m.id, m.attempts, m.status = 'sending' as attempted
         from mails m join dead on dead.key = m.delivery_key for update of m skip locked
       ), ended as (
         update mail_attempts a set ended_at = $1, outcome = 'uncertain', answer = $2
         from left_behind l where l.attempted and a.mail_id = l.id and a.number = l.attempts and a.outcome is null
       )
       update mails m set delivery_key = null,
         status = case when not l.attempted then m.status when m.given_up_because is null then 'uncertain' else 'failed' end,
         next_attempt_at = case when l.attempted and m.given_up_because is not null then null else m.next_attempt_at end,
         last_error = case when l.attempted then coalesce(m.given_up_because, $2) else m.last_error end
       from left_behind l where m.id = l.id returning l.attempted`,
      [now, 'The process that sent this mail stopped before the mail server answered.'],
    );
    return taken.filter(({ attempted }) => attempted).length;
  }

  /** Gives up mails that are due but no longer valid; returns how many. */
  async giveUpUntrue(run: LivenessLock, now: Date): Promise<number> {
    const given = await run.prepared(
      'mails-untrue',
      `update mails set status = 'failed', next_attempt_at = null,
         last_error = concat(last_error || ' / ', 'No longer true since ',
           to_char(valid_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ': not sent'),
         failure_due_at = case when attempts > 0 and ${isToContact('mails')} then $1 end
       where id in (select id from mails where next_attempt_at <= $1 and valid_until <= $1 and delivery_key is null
                    order by next_attempt_at, id for update skip locked)
       returning id`,
      [now],
    );
    return given.length;
  }

  /**
   * Claims the next mails that are due by `now`, and begins an attempt for those that are written. Skips mails that
   * other runs have claimed, and mails no longer valid at `startedAt`. With the order `fewest-attempts`, a mail that
   * breaks the connection does not delay others.
   */
  async take(
    run: LivenessLock,
    now: Date,
    startedAt: Date,
    { limit, order = 'longest-due', after = beforeAll, only = null }: TakeOptions,
  ): Promise<MailBeingSent[]> {
    const taken = await run.prepared<MailBeingSent>(
      `mails-take-${order}${only === null ? '' : '-only'}`,
      `with due as (
         select id from mails
         where next_attempt_at <= $1 and delivery_key is null and (valid_until is null or valid_until > $6)
           and (next_attempt_at, id) > ($2, $3)${only === null ? '' : ' and id = any($7::uuid[])'}
         order by ${order === 'fewest-attempts' ? 'attempts, ' : ''}next_attempt_at, id limit $4 for update skip locked
       ), taken as (
         update mails m set delivery_key = $5,
           status = case when m.message is null then m.status else 'sending' end,
           attempts = m.attempts + (m.message is not null)::integer
         from due where m.id = due.id
         returning m.id, m.kind, m.subscription_id as "subscriptionId", m.term_id as "termId",
           m.report_schedule_id as "reportScheduleId", m.user_id as "userId", m.occasion,
           m.recipient_role as "recipientRole", m.recipient_name as "recipientName", m.recipient_address as "recipientAddress", m.locale, m.message_id as "messageId", m.facts,
           m.valid_until as "validUntil", m.queued_at as "queuedAt",
           greatest(m.queued_at, m.leaves_at) as "leavesAt", m.next_attempt_at as "dueAt", m.attempts,
           m.attempts_uncounted as "attemptsUncounted", m.message
       ), begun as (
         insert into mail_attempts (mail_id, number, started_at)
         select id, attempts, $6 from taken where message is not null
       )
       select * from taken order by "dueAt", id`,
      [now, after.dueAt, after.id, limit, run.key, startedAt, ...(only === null ? [] : [only])],
    );
    return Promise.all(taken.map(async (mail) => ({ ...mail, message: await unpacked(mail.message) })));
  }

  /**
   * Stores the message that this and every later attempt sends, and begins the attempt.
   * @returns the attempt's number; undefined if the mail was given up in the meantime
   */
  async keepMessage(
    run: LivenessLock,
    id: string,
    { subject, message, startedAt }: { subject: string; message: Buffer; startedAt: Date },
  ): Promise<number | undefined> {
    const [begun] = await run.prepared<{ number: number }>(
      'mail-written',
      `with written as (
         update mails set subject = $3, message = $4, message_sha256 = $5, status = 'sending', attempts = attempts + 1
         where id = $1 and delivery_key = $2 and message is null returning id, attempts
       ), begun as (
         insert into mail_attempts (mail_id, number, started_at) select id, attempts, $6 from written
       )
       select attempts as number from written`,
      [id, run.key, subject, await packed(message), createHash('sha256').update(message).digest('hex'), startedAt],
    );
    return begun?.number;
  }

  /** Releases a mail that this run claimed but did not try. */
  async giveBack(run: LivenessLock, id: string): Promise<void> {
    await run.query(
      `update mails set delivery_key = null where id = $1 and delivery_key = $2 and status <> 'sending'`,
      [id, run.key],
    );
  }

  /** Postpones a mail that cannot be written for now. */
  async postpone(run: LivenessLock, id: string, until: Date, reason: string): Promise<void> {
    await run.query(
      `update mails set next_attempt_at = $3, delivery_key = null, last_error = $4
       where id = $1 and delivery_key = $2`,
      [id, run.key, until, reason],
    );
  }

  /** Marks a mail as failed because it could not be written. */
  async setAside(run: LivenessLock, id: string, error: string, now: Date): Promise<void> {
    await run.query(
      `update mails set status = 'failed', next_attempt_at = null, delivery_key = null, last_error = $3,
         failure_due_at = case when ${isToContact('mails')} then $4::timestamptz end
       where id = $1 and delivery_key = $2`,
      [id, run.key, error, now],
    );
  }

  /** Stores the outcomes of attempts and updates their mails; returns each mail's status. */
  async recordEnds(run: LivenessLock, ends: readonly AttemptEnd[]): Promise<(MailStatus | undefined)[]> {
    const recorded = await run.prepared<{ id: string; status: MailStatus }>(
      'mail-attempts-end',
      `with ends as (
         select * from jsonb_to_recordset($1::jsonb) as e ("mailId" uuid, number integer, outcome text, answer text,
           "endedAt" timestamptz, "isCounted" boolean, "nextAttemptAt" timestamptz)
       ), ended as (
         update mail_attempts a set ended_at = e."endedAt", outcome = e.outcome, answer = e.answer
         from ends e where a.mail_id = e."mailId" and a.number = e.number and a.outcome is null
       )
       update mails m set delivery_key = null,
         status = case when e.outcome in ('accepted', 'filed') then 'sent'
                       when e."nextAttemptAt" is null or m.given_up_because is not null then 'failed'
                       when e.outcome = 'uncertain' then 'uncertain' else 'queued' end,
         next_attempt_at = case when m.given_up_because is null then e."nextAttemptAt" end,
         attempts_uncounted = m.attempts_uncounted + (not e."isCounted")::integer,
         sent_at = case when e.outcome in ('accepted', 'filed') then e."endedAt" end,
         delivered = e.outcome = 'accepted',
         server_answer = case when e.outcome in ('accepted', 'filed') then e.answer end,
         last_error = case when e.outcome not in ('accepted', 'filed') then coalesce(m.given_up_because, e.answer) end,
         failure_due_at = case when e.outcome not in ('accepted', 'filed') and e."nextAttemptAt" is null
                                 and m.given_up_because is null and ${isToContact('m')} then e."endedAt" end
       from ends e
       where m.id = any(${inOrder('id in (select "mailId" from ends)')})
         and m.id = e."mailId" and m.delivery_key = $2 and m.attempts = e.number
       returning m.id, m.status`,
      [JSON.stringify(ends), run.key],
    );
    const statuses = new Map(recorded.map(({ id, status }) => [id, status]));
    return ends.map(({ mailId }) => statuses.get(mailId));
  }

  /** Whether other runs have claimed mails that were due by `now`. */
  async isInOtherHands(run: LivenessLock, now: Date): Promise<boolean> {
    const [row] = await run.prepared<{ found: boolean }>(
      'mails-in-other-hands',
      `select exists (select from mails where delivery_key is not null and delivery_key <> $2 and next_attempt_at <= $1)
         as found`,
      [now, run.key],
    );
    return row!.found;
  }

  /** Queues a failed or uncertain mail again, at once and with all its retries. */
  async queueAgain(tx: Transaction, id: string, now: Date): Promise<void> {
    await tx.query(
      `update mails set status = 'queued', next_attempt_at = $2, attempts_uncounted = attempts, failure_due_at = null
       where id = $1 and status in ('failed', 'uncertain')`,
      [id, now],
    );
  }

  /** Locks the row of a mail and returns the mail. */
  async lock(tx: Transaction, id: string): Promise<MailRecord | undefined> {
    await tx.query('select from mails where id = $1 for no key update', [id]);
    const [mail] = await tx.query<MailRecord>(`select ${recordColumns} from mails m where m.id = $1`, [id]);
    return mail && asRead(mail);
  }

  async find(tx: Transaction, ids: readonly string[]): Promise<Map<string, MailRecord>> {
    const mails = await tx.query<MailRecord>(`select ${recordColumns} from mails m where m.id = any($1::uuid[])`, [
      ids,
    ]);
    return new Map(mails.map((mail) => [mail.id, asRead(mail)]));
  }

  /** The mails of a subscription in the order in which they were queued. */
  async ofSubscription(tx: Transaction, subscriptionId: string): Promise<TermMail[]> {
    const mails = await tx.query<TermMail>(
      `select ${recordColumns} from mails m where m.subscription_id = $1 order by m.queued_at, m.id`,
      [subscriptionId],
    );
    return mails.map(asRead);
  }

  /** The mails of a report schedule in the order in which they were queued. */
  async ofReportSchedule(tx: Transaction, reportScheduleId: string): Promise<ReportMail[]> {
    const mails = await tx.query<ReportMail>(
      `select ${recordColumns} from mails m where m.report_schedule_id = $1 order by m.queued_at, m.id`,
      [reportScheduleId],
    );
    return mails.map(asRead);
  }

  /** The facts with which a report mail was queued. */
  async factsOfReport(tx: Transaction, id: string): Promise<ReportMailFacts | undefined> {
    const [mail] = await tx.query<ReportMailFacts>(
      `select report_schedule_id as "reportScheduleId", recipient_address as "recipientAddress", locale, facts
       from mails where id = $1 and report_schedule_id is not null`,
      [id],
    );
    return mail;
  }

  /** The mails of a term in the order in which they were queued, in batches, without their messages. */
  async *evidenceOf(tx: Transaction, termId: string): AsyncGenerator<readonly MailEvidence[]> {
    let lastId: string | null = null;
    for (;;) {
      const mails: (TermMail & Pick<MailEvidence, 'messageSha256'>)[] = await tx.query(
        `select ${recordColumns}, m.message_sha256 as "messageSha256"
         from mails m left join mails last on last.id = $2::uuid
         where m.term_id = $1 and (last.id is null or (m.queued_at, m.id) > (last.queued_at, last.id))
         order by m.queued_at, m.id limit $3`,
        [termId, lastId, evidenceBatch],
      );
      yield mails.map((mail) => {
        const { attemptLog: attempts, ...rest } = asRead(mail);
        return { ...rest, attempts };
      });
      if (mails.length < evidenceBatch) return;
      lastId = mails.at(-1)!.id;
    }
  }

  /** The MIME of a mail as it was sent; null for a mail that was never written. */
  async messageOf(tx: Transaction, id: string): Promise<Buffer | null> {
    const [mail] = await tx.query<{ message: Buffer | null }>('select message from mails where id = $1', [id]);
    return unpacked(mail?.message ?? null);
  }

  /** The number of mails of a term, and when its mail of a kind was queued; the kind occurs once per term. */
  async summaryOf(tx: Transaction, termId: string, kind: string): Promise<{ count: number; queuedAt: Date | null }> {
    const [row] = await tx.query<{ count: number; queuedAt: Date | null }>(
      `select count(*) as count, min(queued_at) filter (where kind = $2) as "queuedAt" from mails where term_id = $1`,
      [termId, kind],
    );
    return row!;
  }
}

/**
 * SQL: the failure must be reported. Failed mails to the CSM or the operator are not reported, so no report causes
 * another.
 */
const isToContact = (mails: string): string => `${mails}.recipient_role = 'customer' and ${mails}.term_id is not null`;

/** SQL: the mail must not leave yet. `$2` is now. */
const waits = `status = 'queued' and attempts = 0 and leaves_at > $2`;

/**
 * SQL: the ids of mails, with their rows locked in one order. Otherwise two transactions that lock the same mails
 * could deadlock.
 */
const inOrder = (condition: string): string =>
  `array(select id from mails where ${condition} order by id for no key update)`;

/** `$1` is the reason. */
const giveUpWhere = (condition: string): string => `
  update mails set given_up_because = $1,
    last_error = case when status in ('queued', 'uncertain') then $1 else last_error end,
    next_attempt_at = case when status = 'sending' then next_attempt_at end,
    delivery_key = case when status = 'sending' then delivery_key end,
    status = case when status = 'sending' then status else 'failed' end
  where id = any(${inOrder(`${condition} and status <> 'sent' and given_up_because is null`)})
  returning id`;

const recordColumns = `m.id, m.kind, m.subscription_id as "subscriptionId", m.term_id as "termId",
  m.report_schedule_id as "reportScheduleId", m.user_id as "userId", m.occasion,
  m.recipient_role as "recipientRole", m.recipient_name as "recipientName", m.recipient_address as "recipientAddress",
  m.locale, m.message_id as "messageId", m.subject, m.status, m.attempts, m.queued_at as "queuedAt",
  greatest(m.queued_at, m.leaves_at) as "leavesAt", m.valid_until as "validUntil",
  m.next_attempt_at as "nextAttemptAt", m.sent_at as "sentAt", m.delivered, m.server_answer as "serverAnswer",
  m.last_error as "lastError", m.given_up_because as "givenUpBecause",
  (select coalesce(json_agg(json_build_object('number', a.number, 'startedAt', a.started_at, 'endedAt', a.ended_at,
            'outcome', a.outcome, 'answer', a.answer) order by a.number), '[]')
   from mail_attempts a where a.mail_id = m.id) as "attemptLog"`;

/** JSON has no instants, so they are read as texts. */
function asRead<Row extends MailRecord>(mail: Row): Row {
  const attemptLog = mail.attemptLog.map((attempt) => ({
    ...attempt,
    startedAt: new Date(attempt.startedAt),
    endedAt: attempt.endedAt && new Date(attempt.endedAt),
  }));
  return { ...mail, attemptLog };
}

const zip = promisify<Buffer, Buffer>(gzip);
const unzip = promisify<Buffer, Buffer>(gunzip);

const packed = (message: Buffer): Promise<Buffer> => zip(message);
const unpacked = async (message: Buffer | null): Promise<Buffer | null> => message && (await unzip(message));
