import { Injectable } from '@nestjs/common';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { TermStore } from './term.store.js';

/** Moves the renewal of a term to the state that the rules have decided (§11). */
@Injectable()
export class RenewalStateService {
  constructor(private readonly terms: TermStore) {}

  /** The caller has locked the subscription. Reminders stop; a renewal that is open again gets its reminders in `renewals`. */
  move(tx: Transaction, termId: string, to: RenewalState): Promise<void> {
    return this.terms.setRenewalState(tx, termId, to);
  }
}
