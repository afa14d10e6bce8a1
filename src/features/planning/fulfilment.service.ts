import { Injectable } from '@nestjs/common';
import type { NamedSession } from '../../domain/planned-session.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PlannedSessionStore } from './planned-session.store.js';

/**
 * Which time entry fulfils which planned session, for the room that books entries. The caller has locked the subscriptions, and every
 * change of a session takes this lock too.
 */
@Injectable()
export class FulfilmentService {
  constructor(private readonly store: PlannedSessionStore) {}

  /** The sessions with these ids, of any subscription. */
  async named(tx: Transaction, ids: readonly string[]): Promise<Map<string, NamedSession>> {
    const sessions = await this.store.named(tx, ids);
    return new Map(sessions.map((session) => [session.id, session]));
  }

  /** Sets the entry that fulfils each session, by the session's id; null opens the session again. The entries must be written before. */
  write(tx: Transaction, entryIds: ReadonlyMap<string, string | null>): Promise<void> {
    return this.store.fulfil(tx, [...entryIds.keys()], [...entryIds.values()]);
  }
}
