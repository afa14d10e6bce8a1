import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { statusOf } from '../../domain/refusal.js';
import { Clock } from '../clock.js';
import { Config } from '../settings/config.js';
import { refusalOf } from '../database/database-errors.js';
import { Database, type Transaction } from '../database/database.js';
import { Batcher } from '../load/batcher.js';
import { MailHold } from './mail-hold.js';
import { LivenessLock } from '../database/liveness-lock.js';
import type { HandOverResult, MailTransport, OutgoingMessage } from './mail-transport.js';
import { claimProbe, mailServerState, mostFailures, noteAnswer, noteFailure } from './mail-server.store.js';
import { mailLine } from './mailer.js';
import { NotForNow, type MailContent, type MailWriter } from './mail-writer.js';
import { messageOf } from './message.js';
import { maskedLinks } from './personal-links.js';
import {
  MailStore,
  type AttemptEnd,
  type DuePlace,
  type FailedMail,
  type MailBeingSent,
  type MailStatus,
} from './mail.store.js';

/** What a run did; a mail that was tried several times counts for each. */
export type DeliveryCounts = Record<'sent' | 'retried' | 'failed' | 'uncertain', number>;

/** Reports a mail to a customer's contact that failed for good, in the transaction that notes the report. */
export type FailureReporter = (tx: Transaction, failed: FailedMail, now: Date) => Promise<void>;

/** Minutes from an attempt that failed to the next one: three days in all, as mail servers do it among themselves. */
const retryPausesMinutes = [1, 5, 15, 60, 120, 240, 480, 720, 720, 720, 1200];

/** Slow servers are waited for side by side. */
const lanes = 8;

/** Mails that are taken in hand together. Whoever is killed leaves at most so many in doubt, and those in the lanes. */
const handful = 2 * lanes;

/** Writing draws pictures, which takes the processor: more than two at once would only take it from everybody else. */
const mostWritingAtOnce = 2;

/** A mail that did not reach the mail server has used up no retry. */
const unreachedPauseMs = 60_000;

/** What cannot be written for now waits for as long again as it has waited, from this to a day. */
const shortestWaitMs = 5 * 60_000;
const longestWaitMs = 24 * 3_600_000;

/** Longer answers of servers are cut off. */
const longestAnswer = 2_000;

const lookAgainMs = 50;

/** A mail server that does not answer may be tried when its pause is over, or at once: a person wants to see that it is mended. */
export interface DeliveryOptions {
  probe?: 'when-due' | 'at-once';
}

/**
 * Hands over what is due. Any number of runs may go on side by side, on all instances: each takes mails in hand that no
 * other has. The start of an attempt is committed before the message goes out and its outcome after, so that a mail is
 * never lost, and one that may have come through is known as such and sent again as it was, under the same Message-ID.
 */
@Injectable()
export class MailDelivery implements OnModuleDestroy {
  readonly #logger = new Logger('Mails');
  readonly #writers: MailWriter[] = [];
  #reportFailure: FailureReporter = () => Promise.resolve();
  #stopping = false;

  constructor(
    private readonly config: Config,
    private readonly store: MailStore,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly hold: MailHold,
  ) {}

  writtenBy(writer: MailWriter): void {
    this.#writers.push(writer);
  }

  failuresReportedBy(reporter: FailureReporter): void {
    this.#reportFailure = reporter;
  }

  /**
   * Hands over every mail that is due by `now`, and comes back when none is left, also of those that others have in hand.
   * A stop of the service leaves the rest to the next run. While mails are held, or the mail server does not answer, they wait.
   */
  async runDue(now: Date, { probe = 'when-due' }: DeliveryOptions = {}): Promise<DeliveryCounts> {
    const counts = { sent: 0, retried: 0, failed: 0, uncertain: 0 };
    const run = await LivenessLock.begin(this.database, 'mails');
    let probeAtOnce = probe === 'at-once';
    try {
      do {
        if (await this.database.read((tx) => this.hold.isHeld(tx))) break;
        counts.uncertain += await this.store.takeFromTheDead(run, this.#moment(now));
        counts.failed += await this.store.giveUpUntrue(run, this.#moment(now));
        const admitted = await this.#admitted(run, this.#moment(now), probeAtOnce);
        probeAtOnce = false;
        const taken = admitted === 'none' ? 0 : await this.#deliverAll(run, now, counts, admitted);
        const reported = await this.#reportFailures(this.#moment(now));
        if (taken + reported > 0) continue;
        // A run that tries a server that is away may hang: it is not waited for.
        if (admitted === 'none' || !(await this.store.isInOtherHands(run, now))) break;
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      } while (!this.#stopping);
      return counts;
    } finally {
      await run.end();
    }
  }

  /** Nothing is taken in hand any more; what has begun goes on. */
  onModuleDestroy(): void {
    this.#stopping = true;
  }

  /**
   * Reports the failures that are not reported yet, each in a transaction of its own: one that cannot be reported stays due and
   * holds up no other. Returns how many were reported. The mails about them leave in the same run.
   */
  async #reportFailures(now: Date): Promise<number> {
    const due = await this.database.read((tx) => this.store.failuresDue(tx, now));
    const errors: unknown[] = [];
    let reported = 0;
    for (const id of due) {
      try {
        const isReported = await this.database.write(async (tx) => {
          const failed = await this.store.takeFailure(tx, id);
          if (failed) await this.#reportFailure(tx, failed, now);
          return failed !== undefined;
        });
        if (isReported) reported++;
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0 && reported === 0) throw errors[0];
    return reported;
  }

  /** How many mails the mail server may be given: `one` tries whether it answers again. */
  async #admitted(run: LivenessLock, now: Date, atOnce: boolean): Promise<Admitted> {
    const { probeAt } = await mailServerState(run);
    if (probeAt === null) return 'all';
    return (await claimProbe(run, now, atOnce)) ? 'one' : 'none';
  }

  /** Goes once through all that is due, or takes one mail; returns how many it took. */
  async #deliverAll(
    run: LivenessLock,
    now: Date,
    counts: DeliveryCounts,
    admitted: Exclude<Admitted, 'none'>,
  ): Promise<number> {
    let taken = 0;
    let last: DuePlace | undefined;
    let isOver = false;
    let waiting: MailBeingSent[] = [];
    let taking: Promise<void> | undefined;
    const ends = this.#endsOf(run);
    const writing = new Turns(mostWritingAtOnce);
    const watch = new ServerWatch(run, this.#logger);

    const takeMore = async (): Promise<void> => {
      const isEnough = isOver || this.#stopping || watch.isAway;
      const limit = admitted === 'one' ? 1 : handful;
      const order = admitted === 'one' ? 'fewest-attempts' : 'longest-due';
      const mails = isEnough ? [] : await this.store.take(run, now, this.#moment(now), { limit, order, after: last });
      isOver ||= mails.length < handful;
      last = mails.at(-1) ?? last;
      taken += mails.length;
      waiting = [...waiting, ...mails];
    };
    const next = async (): Promise<MailBeingSent | undefined> => {
      while (waiting.length === 0 && !(isOver && !taking)) {
        taking ??= takeMore().finally(() => (taking = undefined));
        await taking;
      }
      return waiting.shift();
    };
    const work = async (): Promise<void> => {
      const line = mailLine(this.config);
      try {
        for (let mail = await next(); mail; mail = await next()) {
          const status = await this.#deliver(run, mail, now, { line, ends, writing, watch });
          if (status) counts[outcomes[status]]++;
        }
      } catch (error) {
        // The other lanes finish what has begun, and take nothing more.
        isOver = true;
        throw error;
      } finally {
        line.close();
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: lanes }, work));
    for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
    return taken;
  }

  async #deliver(
    run: LivenessLock,
    mail: MailBeingSent,
    now: Date,
    { line, ends, writing, watch }: Handling,
  ): Promise<MailStatus | undefined> {
    if (watch.isAway && !mail.message) {
      await this.store.giveBack(run, mail.id);
      return undefined;
    }
    const begun = mail.message
      ? { message: mail.message, number: mail.attempts }
      : await writing.take(() => this.#write(run, mail, now));
    if (typeof begun === 'string') return begun;
    if (begun.number === undefined) return undefined;

    const handedOver = watch.isAway ? notTried : await line.handOver(outgoing(mail, begun.message));
    const { outcome, contact, answer } = handedOver;
    const endedAt = this.#moment(now);
    if (handedOver !== notTried) await watch.note(handedOver, endedAt);
    const isCounted = outcome !== 'failed' || contact !== 'none';
    const status = await ends.submit({
      ...{ mailId: mail.id, number: begun.number, outcome, answer: printable(answer), isCounted, endedAt },
      nextAttemptAt: isCounted
        ? nextAttempt(outcome, begun.number - mail.attemptsUncounted, endedAt)
        : new Date(endedAt.getTime() + unreachedPauseMs),
    });
    if (status === 'failed') this.#logger.error(`Mail ${mail.id} (${mail.kind}) is given up: ${answer}`);
    return status;
  }

  /**
   * Writes the message once and keeps it before it goes out: every attempt hands over the same one. The mail fails where
   * it cannot be written, and holds up no other.
   */
  async #write(
    run: LivenessLock,
    mail: MailBeingSent,
    now: Date,
  ): Promise<{ message: Buffer; number: number | undefined } | 'failed' | 'queued'> {
    let subject: string;
    let message: Buffer;
    try {
      const content = await this.#contentOf(mail);
      message = await messageOf(mail, content, this.config.mailFrom, this.config.dkim);
      ({ subject } = content);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal && statusOf(refusal.code) === 503) throw error;
      if (error instanceof NotForNow) {
        await this.store.postpone(run, mail.id, nextWriting(mail, this.#moment(now)), printable(error.message));
        return 'queued';
      }
      this.#logger.error(
        `Mail ${mail.id} (${mail.kind}) cannot be written`,
        error instanceof Error ? error.stack : error,
      );
      const reason = error instanceof Error ? error.message : String(error);
      await this.store.setAside(run, mail.id, printable(`It cannot be written: ${reason}`), this.#moment(now));
      return 'failed';
    }
    const number = await this.store.keepMessage(run, mail.id, { subject, message, startedAt: this.#moment(now) });
    return { message, number };
  }

  async #contentOf(mail: MailBeingSent): Promise<MailContent> {
    const writer = this.#writers.find((candidate) => candidate.writes(mail.kind));
    if (!writer) throw new Error(`Nobody writes mails of the kind ${mail.kind}`);
    const written = await this.database.read((tx) => writer.write(tx, mail));
    return typeof written === 'function' ? written() : written;
  }

  /** What ends while another end is being written goes together with the next. */
  #endsOf(run: LivenessLock): Batcher<AttemptEnd, MailStatus | undefined> {
    return new Batcher((ends) => this.store.recordEnds(run, ends), {
      weightOf: () => 1,
      userOf: () => 'this run',
      fullWeight: lanes,
      // A user may fill half of the room, and there is only one here.
      mostWaitingWeight: 2 * lanes,
      retryAlone: (error) => refusalOf(error) === undefined,
    });
  }

  /** A run may take long: what happens in it has its own time. */
  #moment(now: Date): Date {
    const at = this.clock.now();
    return at > now ? at : now;
  }
}

/** How many mails a run may hand over. */
type Admitted = 'all' | 'one' | 'none';

/** What a run hands mails over with. */
interface Handling {
  line: MailTransport;
  ends: Batcher<AttemptEnd, MailStatus | undefined>;
  writing: Turns;
  watch: ServerWatch;
}

/** The end of an attempt that had begun when the mail server turned out to be away. */
const notTried: HandOverResult = {
  outcome: 'failed',
  contact: 'none',
  answer: 'Not tried: the mail server did not answer other mails',
};

/** What one run learns about the mail server, and lets all others know. */
class ServerWatch {
  /** Whether too many connections have failed: nothing more is tried. */
  isAway = false;
  /** Whether an answer of the server is news. */
  #isDoubted = true;

  constructor(
    private readonly run: LivenessLock,
    private readonly logger: Logger,
  ) {}

  async note({ contact, answer }: HandOverResult, now: Date): Promise<void> {
    if (contact !== 'good') {
      const { failures, probeAt } = await noteFailure(this.run, now, printable(answer));
      this.#isDoubted = true;
      this.isAway = probeAt !== null;
      if (failures === mostFailures) this.logger.error(`The mail server does not answer, and mails wait: ${answer}`);
    } else if (this.#isDoubted) {
      this.#isDoubted = false;
      this.isAway = false;
      if (await noteAnswer(this.run)) this.logger.warn('The mail server answers again');
    }
  }
}

/** What a status is counted as after an attempt. */
const outcomes: Readonly<Record<MailStatus, keyof DeliveryCounts>> = {
  sent: 'sent',
  failed: 'failed',
  queued: 'retried',
  sending: 'retried',
  uncertain: 'retried',
};

/** Lets so many work at once; the others wait for their turn. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

function outgoing(mail: MailBeingSent, message: Buffer): OutgoingMessage {
  return {
    kind: mail.kind,
    messageId: mail.messageId,
    to: { name: mail.recipientName, address: mail.recipientAddress },
    writtenAt: mail.leavesAt,
    message,
  };
}

/** When to try again after this number of attempts; null when the mail is out or refused, or has been tried for three days. */
function nextAttempt(outcome: HandOverResult['outcome'], attempts: number, now: Date): Date | null {
  if (outcome !== 'failed' && outcome !== 'uncertain') return null;
  const pause = retryPausesMinutes[attempts - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause * 60_000);
}

/** When to try to write a mail again that could not be written for now. */
function nextWriting({ queuedAt }: MailBeingSent, now: Date): Date {
  const waitedMs = now.getTime() - queuedAt.getTime();
  return new Date(now.getTime() + Math.min(Math.max(waitedMs, shortestWaitMs), longestWaitMs));
}

/** What a server says is kept, but not at any length, nor what no database takes, nor a personal link that it quotes: staff read it. */
const printable = (answer: string): string => maskedLinks(answer).replaceAll('\0', '\ufffd').slice(0, longestAnswer);
