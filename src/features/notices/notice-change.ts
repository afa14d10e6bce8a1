import { Injectable } from '@nestjs/common';
import type { RenewalState } from '../../domain/term.js';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { NoticeRecord } from './notice.js';

/** A notice that was recorded, withdrawn, or accepted although it was late. */
export interface NoticeChange {
  event: 'recorded' | 'withdrawn' | 'waived';
  /** The notice after the change, with the present state of the renewal. */
  notice: NoticeRecord;
  /** The state of the renewal before the change. */
  stateBefore: RenewalState;
  at: Date;
}

/** Everything that follows such a change. */
const noticeSteps = [
  // renewals
  'adjust-reminders-and-mail-parties',
] as const;
export type NoticeStepName = (typeof noticeSteps)[number];

/** Runs in the transaction of the change, after the change is written. */
export type NoticeStep = (tx: Transaction, change: NoticeChange) => Promise<void>;

@Injectable()
export class NoticeSteps extends Contributions<NoticeStepName, NoticeStep> {
  constructor() {
    super(noticeSteps);
  }
}
