import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { addDays, dayAt, type Day } from '../../domain/calendar.js';
import {
  draftEntry,
  namingWords,
  type BookableSubscription,
  type DraftFields,
  type EntryDraft,
  type UsualFields,
} from '../../domain/quick-entry-draft.js';
import { readQuickEntry, type QuickEntryReading } from '../../domain/quick-entry.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { QuickEntryStore } from './quick-entry.store.js';

/** What a reader has typed and set. */
export interface QuickEntryInput {
  line: string;
  /** The fields that the reader has set beside the line. */
  set: Partial<DraftFields>;
  /** What applies where the line says nothing. */
  usual: UsualFields;
  /** Today in the reader's zone. */
  today: Day;
}

/** A line as the service understands it. */
export interface QuickEntryRead extends EntryDraft {
  reading: QuickEntryReading;
  /** The subscriptions that the line can mean. Without a word about the customer, those of the reader's last entries. */
  candidates: readonly BookableSubscription[];
  /** Today in the zone of the subscription's customer. */
  today: Day;
}

/** A longer list of choices is no help: the reader types another word. */
const mostCandidates = 9;

/** Reads a time entry from one line, with the names that the reader may see. */
@Injectable()
export class QuickEntryService {
  constructor(
    private readonly store: QuickEntryStore,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  async read(tx: Transaction, actor: Actor, { line, set, usual, today }: QuickEntryInput): Promise<QuickEntryRead> {
    const reading = readQuickEntry(line, today);
    const candidates = await this.#candidates(tx, actor, { reading, line, set, usual, today });
    const draft = draftEntry({ reading, candidates, set, usual, today }, line);
    // "Yesterday" is a day of the customer's zone, which is known only now.
    const there = draft.subscription ? dayAt(this.clock.now(), draft.subscription.timeZone) : today;
    if (there === today) return { ...draft, reading, candidates, today };
    const again = readQuickEntry(line, there);
    return {
      ...draftEntry({ reading: again, candidates, set, usual, today: there }, line),
      reading: again,
      candidates,
      today: there,
    };
  }

  async #candidates(
    tx: Transaction,
    actor: Actor,
    { reading, line, set, usual, today }: QuickEntryInput & { reading: QuickEntryReading },
  ): Promise<readonly BookableSubscription[]> {
    const visibility = visibilityOf(actor, 'time-entries.log');
    const words = namingWords(reading, line);
    const named = [set.subscriptionId, ...(words.length === 0 ? [usual.subscriptionId] : [])].filter(
      (id) => id !== undefined,
    );
    const ids =
      words.length === 0
        ? [...named, ...(await this.store.recent(tx, visibility, actor.userId, mostCandidates))]
        : named;
    return this.store.bookable(tx, visibility, {
      words,
      ids,
      day: set.workDate ?? reading.parts.workDate?.value ?? today,
      userId: actor.userId,
      endedSince: addDays(today, -this.rules.lateEntryDays),
      limit: mostCandidates,
    });
  }
}
