import { Injectable, Logger } from '@nestjs/common';
import { morningAgain } from '../../domain/morning.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { deadlineIn, termInstantsByRules } from '../../domain/term-instants.js';
import { statementMoved } from '../../domain/usage-statement.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { idBeforeAll } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { TermStore, type TimedInstants, type TimedTerm } from './term.store.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';

/** The number of terms that one transaction reads and may change. */
const pieceSize = 1_000;

/**
 * Moments of terms are computed once from days and a zone, and stored. A government may change the rules of the zone
 * later. So this service compares future moments with the present rules, and recomputes those that differ.
 */
@Injectable()
export class ZoneRulesService {
  readonly #logger = new Logger(ZoneRulesService.name);

  constructor(
    private readonly terms: TermStore,
    private readonly locks: SubscriptionLockStore,
    private readonly mails: MailQueue,
    private readonly database: Database,
    private readonly rules: ServiceRules,
  ) {}

  /** Checks all terms with future moments, piece by piece. Returns the number of terms that it changed. */
  async recheck(now: Date): Promise<number> {
    let changed = 0;
    let afterId = idBeforeAll;
    for (;;) {
      const piece = await this.database.read((tx) => this.terms.timed(tx, { afterId, limit: pieceSize }));
      const differing = piece.filter((term) => this.#differs(term, now));
      if (differing.length > 0) changed += await this.database.write((tx) => this.#mend(tx, differing, now));
      if (piece.length < pieceSize) break;
      afterId = piece.at(-1)!.id;
    }
    if (changed > 0) {
      const version = process.versions.tz;
      this.#logger.warn(
        `The rules of time zones (${version}) differ from those that ${changed} terms were computed by`,
      );
    }
    return changed;
  }

  #differs(term: TimedTerm, now: Date): boolean {
    return !isSame(term, this.#byRules(term, now)) || isAnnouncedLater(term, now);
  }

  /** Locks the subscriptions first, because the terms may have changed since the comparison. */
  async #mend(tx: Transaction, found: readonly TimedTerm[], now: Date): Promise<number> {
    await this.locks.raiseAll(tx, [...new Set(found.map(({ subscriptionId }) => subscriptionId))]);
    const terms = await this.terms.timedByIds(
      tx,
      found.map(({ id }) => id),
    );
    const moved = terms
      .map((term) => ({ term, to: this.#byRules(term, now) }))
      .filter(({ term, to }) => !isSame(term, to));
    await this.terms.setInstants(
      tx,
      moved.map(({ term: { id }, to }) => ({ ...to, id })),
    );
    const movedDeadlines = moved.filter(({ term, to }) => to.lockAt.getTime() !== term.lockAt.getTime());
    const keptDeadlines: typeof moved = [];
    for (const term of terms.filter((one) => isAnnouncedLater(one, now))) {
      const last = (await this.terms.deadlineMoves(tx, term.id)).at(-1);
      const isKnown = last?.fromZone === last?.toZone && last?.lockAtAfter.getTime() === term.lockAt.getTime();
      if (!isKnown) keptDeadlines.push({ term, to: term });
    }
    await this.terms.keepDeadlineMoves(
      tx,
      [...movedDeadlines, ...keptDeadlines].map(({ term: { id, lockAt, deadlineZone, deadlineAnnounced }, to }) => ({
        termId: id,
        movedAt: now,
        fromZone: deadlineZone,
        toZone: deadlineZone,
        announced: deadlineAnnounced,
        lockAtBefore: lockAt,
        lockAtAfter: to.lockAt,
        deadlineZoneBefore: deadlineZone,
        deadlineZoneAfter: deadlineZone,
      })),
    );
    // A waiting reminder is valid until the deadline, so it moves with it.
    await this.mails.followZone(tx, {
      subscriptionIds: [...new Set(movedDeadlines.map(({ term }) => term.subscriptionId))],
      now,
      validity: movedDeadlines.map(({ term, to }) => ({ termId: term.id, from: term.lockAt, to: to.lockAt })),
    });
    return new Set([...moved, ...keptDeadlines].map(({ term }) => term.id)).size;
  }

  /** Past moments stay. A closed term has only its last statement left. */
  #byRules(term: TimedTerm, now: Date): TimedInstants {
    const { timeZone, nextAlertAt, nextStatementAt } = term;
    const again = (before: Date | null, compute: (before: Date) => Date): Date | null =>
      before && before > now ? compute(before) : before;
    return {
      ...(term.status === 'open' ? termInstantsByRules(term, now, this.rules) : instantsOf(term)),
      nextAlertAt: again(nextAlertAt, (before) => morningAgain(before, timeZone)),
      nextStatementAt: again(nextStatementAt, (before) => statementMoved(term, before)),
    };
  }
}

/** Whether a reminder has announced a deadline later than the present rules give: then it stays (§3). */
function isAnnouncedLater(term: TimedTerm, now: Date): boolean {
  const { status, lockAt, deadlineZone, deadlineAnnounced, noticeDeadlineOn } = term;
  const isToCome = status === 'open' && lockAt > now;
  return isToCome && deadlineAnnounced && deadlineIn(deadlineZone, noticeDeadlineOn).lockAt < lockAt;
}

function instantsOf({ startsAt, endsAt, lockAt, deadlineZone, nextReminderAt }: TimedTerm) {
  return { startsAt, endsAt, lockAt, deadlineZone, nextReminderAt };
}

const moments = ['startsAt', 'endsAt', 'lockAt', 'nextReminderAt', 'nextAlertAt', 'nextStatementAt'] as const;

function isSame(one: TimedInstants, other: TimedInstants): boolean {
  return moments.every((moment) => one[moment]?.getTime() === other[moment]?.getTime());
}
