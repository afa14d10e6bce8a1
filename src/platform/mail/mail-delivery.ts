import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { statusOf } from '../../domain/refusal.js';
import { Clock } from '../clock.js';
import { Config } from '../settings/config.js';
import { refusalOf } from '../database/database-errors.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
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

/** The result of a run. A mail that was tried several times counts once per attempt. */
export type DeliveryCounts = Record<'sent' | 'retried' | 'failed' | 'uncertain', number>;

/**
 * Reports a mail to a customer's contact that failed for good. Runs in the transaction that marks the mail as
 * reported.
 */
export type FailureReporter = (tx: Transaction, failed: FailedMail, now: Date) => Promise<void>;

/** Minutes from a failed attempt to the next one. Together they make three days, as usual between mail servers. */
const retryPausesMinutes = [1, 5, 15, 60, 120, 240, 480, 720, 720, 720, 1200];

/** The number of connections that wait for slow servers in parallel. */
const lanes = 8;

/** Mails that a run claims at once. If the process is killed, at most these and the mails being sent are in doubt. */
const handful = 2 * lanes;

/** Writing a mail can draw pictures, which needs CPU. More than two at once would slow down everything else. */
const mostWritingAtOnce = 2;

/** An attempt that does not reach the mail server uses up no retry. */
const unreachedPauseMs = 60_000;

/** A mail that cannot be written for now waits as long again as it has waited so far, within these limits. */
const shortestWaitMs = 5 * 60_000;
const longestWaitMs = 24 * 3_600_000;

/** Longer answers of the mail server are cut. */
const longestAnswer = 2_000;

const lookAgainMs = 50;

/** When a run may try a mail server that does not answer: after its pause, or at once because a person asked for it. */
export interface DeliveryOptions {
  probe?: 'when-due' | 'at-once';
}

/**
 * Delivers mails that are due. Runs may work in parallel on all instances; each claims mails that no other run has
 * claimed.
 * The start of an attempt is committed before the message goes out, and its outcome afterwards. So no mail is lost. A
 * mail that may have arrived is known, and is sent again unchanged, under the same Message-ID.
 */
@Injectable()
export class MailDelivery implements OnModuleDestroy {
  readonly #logger = new Logger('Mails');
  readonly #writers: MailWriter[] = [];
  /** Mails that a person waits for. */
  #urgent = new Set<string>();
  #urgentRun: Promise<void> | undefined;
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
   * Delivers every mail that is due by `now`. Returns when none is left, including mails that other runs have
   * claimed. When the service stops, the next run delivers the rest. Mails wait while they are held or the mail
   * server does not answer.
   */
  async runDue(now: Date, { probe = 'when-due' }: DeliveryOptions = {}): Promise<DeliveryCounts> {
    const counts = noCounts();
    const run = await LivenessLock.begin(this.database, 'mails');
    let probeAtOnce = probe === 'at-once';
    try {
      do {
        if (await this.database.read((tx) => this.hold.isHeld(tx))) break;
        counts.uncertain += await this.store.takeFromTheDead(run, this.#moment(now));
        counts.failed += await this.store.giveUpUntrue(run, this.#moment(now));
        const admitted = await this.#admitted(run, this.#moment(now), probeAtOnce);
        probeAtOnce = false;
        const taken = admitted === 'none' ? 0 : await this.#deliverAll(run, now, { counts, admitted });
        const reported = await this.#reportFailures(this.#moment(now));
        if (taken + reported > 0) continue;
        // A run that tries an unreachable server may hang, so this run does not wait for it.
        if (admitted === 'none' || !(await this.store.isInOtherHands(run, now))) break;
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      } while (!this.#stopping);
      return counts;
    } finally {
      await run.end();
    }
  }

  /**
   * Delivers a mail at once, before all others that are due, because a person waits for it. If this fails, the mail is delivered like
   * any other. Call it after the commit.
   */
  hurry(mailId: string): void {
    this.#urgent.add(mailId);
    this.#urgentRun ??= this.#deliverUrgent().finally(() => (this.#urgentRun = undefined));
  }

  /** Claims no more mails; attempts that have begun go on. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    await this.#urgentRun;
  }

  async #deliverUrgent(): Promise<void> {
    while (this.#urgent.size > 0 && !this.#stopping) {
      const only = [...this.#urgent];
      this.#urgent = new Set();
      try {
        await this.#deliverOnly(only, this.clock.now());
      } catch (error) {
        this.#logger.error('Mails could not be delivered at once', error instanceof Error ? error.stack : error);
      }
    }
  }

  async #deliverOnly(only: readonly string[], now: Date): Promise<void> {
    const run = await LivenessLock.begin(this.database, 'mails');
    try {
      if (await this.database.read((tx) => this.hold.isHeld(tx))) return;
      const { probeAt } = await mailServerState(run);
      if (probeAt !== null) return;
      await this.#deliverAll(run, now, { counts: noCounts(), admitted: 'all', only });
    } finally {
      await run.end();
    }
  }

  /**
   * Reports failures that are not reported yet, each in its own transaction. A failure that cannot be reported stays
   * due and delays no other. The reports leave in the same run.
   * @returns the number of reported failures
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

  /** How many mails may go to the mail server: `one` tries whether it answers again. */
  async #admitted(run: LivenessLock, now: Date, atOnce: boolean): Promise<Admitted> {
    const { probeAt } = await mailServerState(run);
    if (probeAt === null) return 'all';
    return (await claimProbe(run, now, atOnce)) ? 'one' : 'none';
  }

  /** Delivers all due mails once, or one mail, or `only` these; returns how many it took. */
  async #deliverAll(
    run: LivenessLock,
    now: Date,
    {
      counts,
      admitted,
      only,
    }: { counts: DeliveryCounts; admitted: Exclude<Admitted, 'none'>; only?: readonly string[] },
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
      const mails = isEnough
        ? []
        : await this.store.take(run, now, this.#moment(now), { limit, order, after: last, only });
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
        // The other lanes finish their attempts and claim no more mails.
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
    if (status === 'failed') this.#logger.error(`Mail ${mail.id} (${mail.kind}) failed for good: ${answer}`);
    return status;
  }

  /**
   * Writes the message once and stores it before it goes out, so that every attempt sends the same bytes. If it
   * cannot be written, only this mail fails.
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
    if (!writer) throw new Error(`No writer is registered for mails of the kind ${mail.kind}`);
    const written = await this.database.read((tx) => writer.write(tx, mail));
    return typeof written === 'function' ? written() : written;
  }

  /** Outcomes that arrive while others are being stored are stored together in the next transaction. */
  #endsOf(run: LivenessLock): Batcher<AttemptEnd, MailStatus | undefined> {
    return new Batcher((ends) => this.store.recordEnds(run, ends), {
      weightOf: () => 1,
      userOf: () => 'this run',
      fullWeight: lanes,
      // One user may fill half of the waiting room, and here all runs are the same user.
      mostWaitingWeight: 2 * lanes,
      retryAlone: (error) => refusalOf(error) === undefined,
    });
  }

  /** A run may take long, so each step of it uses the time at which it happens. */
  #moment(now: Date): Date {
    const at = this.clock.now();
    return at > now ? at : now;
  }
}

const noCounts = (): DeliveryCounts => ({ sent: 0, retried: 0, failed: 0, uncertain: 0 });

/** How many mails a run may deliver. */
type Admitted = 'all' | 'one' | 'none';

/** Everything with which a run delivers mails. */
interface Handling {
  line: MailTransport;
  ends: Batcher<AttemptEnd, MailStatus | undefined>;
  writing: Turns;
  watch: ServerWatch;
}

/** The end of an attempt that had begun before the mail server was found unreachable. */
const notTried: HandOverResult = {
  outcome: 'failed',
  contact: 'none',
  answer: 'Not tried: the mail server did not answer other mails',
};

/** What one run learns about the mail server, and shares with all others. */
class ServerWatch {
  /** Whether too many connections have failed, so that the run tries nothing more. */
  isAway = false;
  /** Whether the next answer of the server must be stored. */
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
      if (failures === mostFailures) this.logger.error(`The mail server does not answer, so mails wait: ${answer}`);
    } else if (this.#isDoubted) {
      this.#isDoubted = false;
      this.isAway = false;
      if (await noteAnswer(this.run)) this.logger.warn('The mail server answers again');
    }
  }
}

/** The counter for each status after an attempt. */
const outcomes: Readonly<Record<MailStatus, keyof DeliveryCounts>> = {
  sent: 'sent',
  failed: 'failed',
  queued: 'retried',
  sending: 'retried',
  uncertain: 'retried',
};

/** Limits how many work at the same time; the others wait for their turn. */
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

/**
 * When to try again after this number of attempts; null if the mail was sent or refused, or its retries are used up.
 */
function nextAttempt(outcome: HandOverResult['outcome'], attempts: number, now: Date): Date | null {
  if (outcome !== 'failed' && outcome !== 'uncertain') return null;
  const pause = retryPausesMinutes[attempts - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause * 60_000);
}

/** When to try again to write a mail that could not be written for now. */
function nextWriting({ queuedAt }: MailBeingSent, now: Date): Date {
  const waitedMs = now.getTime() - queuedAt.getTime();
  return new Date(now.getTime() + Math.min(Math.max(waitedMs, shortestWaitMs), longestWaitMs));
}

/** Server answers are shown to staff. So they are cut, and NUL characters and personal links are masked. */
const printable = (answer: string): string => maskedLinks(answer).replaceAll('\0', '\ufffd').slice(0, longestAnswer);
