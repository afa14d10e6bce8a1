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
  /** The subscriptions that the line can mean. Without a word about the customer, those of the reader's last entries come first. */
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
    const input = { reading, line, set, usual, today };
    const { words, candidates } = await this.#candidates(tx, actor, input);
    const draft = draftEntry({ ...input, words, candidates }, line);
    // "Yesterday" is a day of the customer's zone, which is known only now.
    const there = draft.subscription ? dayAt(this.clock.now(), draft.subscription.timeZone) : today;
    if (there === today) return { ...draft, reading, candidates, today };
    const again = { ...input, reading: readQuickEntry(line, there), today: there };
    return { ...draftEntry({ ...again, words, candidates }, line), reading: again.reading, candidates, today: there };
  }

  async #candidates(
    tx: Transaction,
    actor: Actor,
    { reading, line, set, usual, today }: QuickEntryInput & { reading: QuickEntryReading },
  ): Promise<{ words: readonly string[]; candidates: readonly BookableSubscription[] }> {
    const visibility = visibilityOf(actor, 'time-entries.log');
    const find = async (words: readonly string[], ids: readonly (string | undefined)[]) => ({
      words,
      candidates: await this.store.bookable(tx, visibility, {
        words,
        ids: ids.filter((id) => id !== undefined),
        day: set.workDate ?? reading.parts.workDate?.value ?? today,
        userId: actor.userId,
        endedSince: addDays(today, -this.rules.lateEntryDays),
        limit: mostCandidates,
      }),
    });
    const words = namingWords(reading, line);
    if (words.length > 0) {
      const named = await find(words, [set.subscriptionId]);
      // Words that are an activity or a day name a customer only if one is called so.
      if (named.candidates.length > 0 || reading.words.length > 0) return named;
    }
    const recent = await this.store.recent(tx, visibility, actor.userId, mostCandidates);
    return find([], [set.subscriptionId, usual.subscriptionId, ...recent]);
  }
}
