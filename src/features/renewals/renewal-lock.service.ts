import { Injectable } from '@nestjs/common';
import { moveRenewal } from '../../domain/term.js';
import { Database, type Transaction } from '../../platform/database.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore, type DueTerm } from './renewal.store.js';

const chunkSize = 500;

/** What follows when the last day for a notice is over and none has come: the term will renew (§11). */
@Injectable()
export class RenewalLockService {
  constructor(
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly database: Database,
  ) {}

  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    return this.store.nextLockAfter(tx, instant);
  }

  /** Locks every renewal whose last day for a notice is over by `now`, a chunk in a transaction. */
  async runDue(now: Date): Promise<{ locked: number; mails: number }> {
    const counts = { locked: 0, mails: 0 };
    let last: DueTerm | undefined;
    do {
      last = await this.database.write(async (tx) => {
        const due = await this.store.takeForLock(tx, now, last, chunkSize);
        const { locked, mails } = await this.#lock(tx, due, now);
        tx.afterCommit(() => {
          counts.locked += locked;
          counts.mails += mails;
        });
        return due.at(-1);
      });
    } while (last);
    return counts;
  }

  async #lock(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<{ locked: number; mails: number }> {
    if (due.length === 0) return { locked: 0, mails: 0 };
    const ids = due.map(({ termId }) => termId);
    const locked = await this.store.lock(tx, ids, now, moveRenewal('open', 'deadline-passed')!);
    const facts = [...(await this.store.facts(tx, locked)).values()];
    // Nothing is mailed about what was so before the contract was entered, and nothing announced that is past already.
    const told = facts.filter((term) => term.lockAt > term.enteredAt && term.endsAt > now);
    return { locked: locked.length, mails: await this.mails.queue(tx, this.renewalMails.locked(told), now) };
  }
}
