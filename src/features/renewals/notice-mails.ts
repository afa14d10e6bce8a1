import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { MailToQueue } from '../../platform/mail/mail.store.js';
import { NoticeSteps, type NoticeChange } from '../notices/notice-change.js';
import { lockKind, reminderKindPrefix } from './mail-kinds.js';
import { ReminderService } from './reminder.service.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore, type RenewalFacts } from './renewal.store.js';

/** Mails every notice, withdrawal and waiver to both parties. Starts or stops the reminders of the term (§11). */
@Injectable()
export class NoticeMails implements OnModuleInit {
  constructor(
    private readonly noticeSteps: NoticeSteps,
    private readonly store: RenewalStore,
    private readonly reminders: ReminderService,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
  ) {}

  onModuleInit(): void {
    this.noticeSteps.register('adjust-reminders-and-mail-parties', (tx, change) => this.#follow(tx, change));
  }

  async #follow(tx: Transaction, change: NoticeChange): Promise<void> {
    const { termId, renewalState } = change.notice;
    if (renewalState !== change.stateBefore) {
      if (renewalState === 'open') await this.reminders.planAgain(tx, termId, change.at);
      else await this.#stopReminders(tx, change);
    }
    const facts = (await this.store.facts(tx, [termId])).get(termId)!;
    await this.mails.queue(tx, this.#letters(facts, change), change.at);
  }

  async #stopReminders(tx: Transaction, { notice: { termId, renewalState } }: NoticeChange): Promise<void> {
    // The mail about the lock waits until the morning. It would be wrong once the renewal is declined.
    const kinds = [reminderKindPrefix, ...(renewalState === 'declined' ? [lockKind] : [])];
    await this.mails.giveUp(tx, [termId], kinds, `Not sent: the renewal is ${renewalState}`);
  }

  #letters(facts: RenewalFacts, { event, notice, stateBefore }: NoticeChange): MailToQueue[] {
    if (event === 'withdrawn') return this.renewalMails.noticeWithdrawn(facts, notice);
    const replacesLock = stateBefore === 'locked' && notice.renewalState === 'declined';
    return event === 'waived'
      ? this.renewalMails.noticeWaived(facts, notice, replacesLock)
      : this.renewalMails.noticeRecorded(facts, notice, replacesLock);
  }
}
