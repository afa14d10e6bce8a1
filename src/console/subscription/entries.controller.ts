import { Get, Param, Post, Query } from '@nestjs/common';
import { monthOf } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import type { BookingResult } from '../../features/hours/booking.js';
import { HoursService, type BookingRequest } from '../../features/hours/hours.service.js';
import type {
  CorrectedEntryAnswer,
  LoggedEntryAnswer,
  NewTimeEntry,
  ReversedEntryAnswer,
} from '../../features/hours/time-entry.dto.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NoFields } from '../../platform/http/validation.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, Fragment, PageReader, Redirect, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, FormKey, Reader } from '../page/console.decorators.js';
import type { KeyOfForm } from '../page/form-key.js';
import { dayText, minutesText, monthText } from '../words/formats.js';
import { EntriesQuery } from './entries.query.js';
import { correctedSentence, correctionPage, entriesPage, newEntryPage, reversalPage } from './entries.page.js';
import { EntriesService } from './entries.service.js';
import { entriesWords } from './entries.words.js';
import {
  AdjustmentFields,
  CorrectionFields,
  entryBeingTyped,
  EntryFields,
  entryOf,
  ReversalFields,
  TypedEntryQuery,
} from './entry-fields.js';
import { EntryPreview, type PreviewFigures } from './entry-preview.js';
import { sectionPath } from './subscription.frame.js';
import { wellFormed } from '../page/well-formed.js';

/** The time entries of a subscription: listed, logged, corrected and reversed. */
@ConsoleController('subscriptions/:id/entries')
export class EntriesController {
  constructor(
    private readonly entries: EntriesService,
    private readonly hours: HoursService,
  ) {}

  @Get()
  @ConsolePage('time-entries.read')
  async list(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() query: EntriesQuery,
  ): Promise<ShownPage> {
    return entriesPage(await this.entries.list(tx, reader, id, query), query, reader);
  }

  @Get('new')
  @ConsolePage('time-entries.log')
  async newEntry(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return newEntryPage(await this.entries.choices(tx, reader, id), 'new', reader);
  }

  /** What the entry that is being typed would leave, judged by the same rules. Nothing is booked. */
  @Get('new/preview')
  @ConsolePage('time-entries.log', 'own-transaction')
  previewEntry(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() query: TypedEntryQuery,
  ): Promise<Fragment> {
    return this.#preview(reader, query, async (entry) => {
      const { balance } = bodyOf<LoggedEntryAnswer>(await this.hours.log(dryRunOf(reader), id, entry));
      return { minutes: entry.minutes, leftMinutes: balance.remainingMinutes };
    });
  }

  @Post('new')
  @ConsolePage('time-entries.log', 'own-transaction')
  log(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(EntryFields) form: Form<EntryFields>,
    @FormKey() idempotency: KeyOfForm | undefined,
  ): FormSteps {
    const { language } = reader;
    const words = entriesWords[language];
    return {
      act: async () => {
        const result = await this.hours.log(requestOf(reader, idempotency), id, entryOf(wellFormed(form)));
        const { entry, balance, warnings } = bodyOf<LoggedEntryAnswer>(result);
        const sentence = say(words.logged, language, {
          minutes: minutesText(entry.minutes, language),
          day: dayText(entry.workDate, language),
          left: minutesText(balance.remainingMinutes, language),
        });
        const isRepeated = warnings.some(({ code }) => code === 'possible-duplicate');
        return {
          to: sectionPath(id, 'entries'),
          said: isRepeated ? `${sentence} ${words.loggedTwice}` : sentence,
          undo: { action: `${sectionPath(id, 'entries')}/${entry.id}/undo`, label: words.undo },
        };
      },
      again: async (tx, refusal) =>
        newEntryPage(await this.entries.choices(tx, reader, id), 'new', reader, { typed: form.typed, refusal }),
    };
  }

  @Get('adjustment')
  @ConsolePage('adjustments.write')
  async newAdjustment(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
  ): Promise<ShownPage> {
    return newEntryPage(await this.entries.choices(tx, reader, id), 'adjustment', reader);
  }

  @Post('adjustment')
  @ConsolePage('adjustments.write', 'own-transaction')
  adjust(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(AdjustmentFields) form: Form<AdjustmentFields>,
    @FormKey() idempotency: KeyOfForm | undefined,
  ): FormSteps {
    const { language } = reader;
    return {
      act: async () => {
        const { reason, ...fields } = wellFormed(form);
        const asked = { ...entryOf(fields), subscriptionId: id, reason };
        const result = await this.hours.adjust(requestOf(reader, idempotency), monthOf(asked.workDate), asked);
        const { entry, balance } = bodyOf<LoggedEntryAnswer>(result);
        const said = say(entriesWords[language].adjusted, language, {
          minutes: minutesText(entry.minutes, language),
          day: dayText(entry.workDate, language),
          month: monthText(entry.accountingMonth, language),
          left: minutesText(balance.remainingMinutes, language),
        });
        return { to: sectionPath(id, 'entries'), said };
      },
      again: async (tx, refusal) =>
        newEntryPage(await this.entries.choices(tx, reader, id), 'adjustment', reader, { typed: form.typed, refusal }),
    };
  }

  @Get(':entryId/correction')
  @ConsolePage('time-entries.log')
  async newCorrection(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('entryId') entryId: string,
  ): Promise<ShownPage> {
    const { entry, choices } = await this.entries.entry(tx, reader, id, entryId);
    return correctionPage(entry, choices, reader);
  }

  /** What a correction that is being typed would change, judged by the same rules. Nothing is booked. */
  @Get(':entryId/correction/preview')
  @ConsolePage('time-entries.log', 'own-transaction')
  previewCorrection(
    @Reader() reader: PageReader,
    @Param('entryId') entryId: string,
    @Query() query: TypedEntryQuery,
  ): Promise<Fragment> {
    return this.#preview(reader, query, async (typed) => {
      const asked = { plannedSessionId: null, ...typed, reason: typed.summary };
      const result = await this.hours.correct(dryRunOf(reader), entryId, asked);
      const { reversed, entry, balance } = bodyOf<CorrectedEntryAnswer>(result);
      return { before: reversed.minutes, minutes: entry.minutes, leftMinutes: balance.remainingMinutes };
    });
  }

  @Post(':entryId/correction')
  @ConsolePage('time-entries.log', 'own-transaction')
  correct(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('entryId') entryId: string,
    @Typed(CorrectionFields) form: Form<CorrectionFields>,
    @FormKey() idempotency: KeyOfForm | undefined,
  ): FormSteps {
    return {
      act: async () => {
        const { reason, customerNote, ...fields } = wellFormed(form);
        // Without a session, a correction would take over the one of the entry that it replaces.
        const asked = { plannedSessionId: null, ...entryOf(fields), reason, customerNote: customerNote ?? null };
        const result = await this.hours.correct(requestOf(reader, idempotency), entryId, asked);
        const { entry, reversed, balance } = bodyOf<CorrectedEntryAnswer>(result);
        const said = correctedSentence(reversed, entry, balance.remainingMinutes, reader);
        return { to: sectionPath(id, 'entries'), said };
      },
      again: async (tx, refusal) => {
        const { entry, choices } = await this.entries.entry(tx, reader, id, entryId);
        return correctionPage(entry, choices, reader, { typed: form.typed, refusal });
      },
    };
  }

  @Get(':entryId/reversal')
  @ConsolePage('time-entries.log')
  async newReversal(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('entryId') entryId: string,
  ): Promise<ShownPage> {
    const { entry, choices } = await this.entries.entry(tx, reader, id, entryId);
    return reversalPage(entry, choices, reader);
  }

  @Post(':entryId/reversal')
  @ConsolePage('time-entries.log', 'own-transaction')
  reverse(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('entryId') entryId: string,
    @Typed(ReversalFields) form: Form<ReversalFields>,
    @FormKey() idempotency: KeyOfForm | undefined,
  ): FormSteps {
    return {
      act: async () => {
        const { reason, customerNote = null } = wellFormed(form);
        return this.#reversed(reader, id, entryId, { reason, customerNote }, idempotency);
      },
      again: async (tx, refusal) => {
        const { entry, choices } = await this.entries.entry(tx, reader, id, entryId);
        return reversalPage(entry, choices, reader, { typed: form.typed, refusal });
      },
    };
  }

  /** Takes back an entry that was just logged, without asking for a reason. */
  @Post(':entryId/undo')
  @ConsolePage('time-entries.log', 'own-transaction')
  undo(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('entryId') entryId: string,
    @Typed(NoFields) form: Form<NoFields>,
    @FormKey() idempotency: KeyOfForm | undefined,
  ): FormSteps {
    return {
      act: () => {
        const reason = entriesWords[reader.language].undone;
        return this.#reversed(reader, id, entryId, { reason, customerNote: null }, idempotency);
      },
      again: async (tx, refusal) => {
        const { entry, choices } = await this.entries.entry(tx, reader, id, entryId);
        return reversalPage(entry, choices, reader, { typed: form.typed, refusal });
      },
    };
  }

  /** An entry that is incomplete shows nothing; one that the rules refuse shows why. */
  async #preview(
    reader: PageReader,
    query: TypedEntryQuery,
    judge: (entry: NewTimeEntry) => Promise<PreviewFigures>,
  ): Promise<Fragment> {
    try {
      return { fragment: EntryPreview({ figures: await judge(entryBeingTyped(query)), reader }) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const refusal = error.code === 'malformed-body' ? undefined : error;
      return { fragment: EntryPreview({ refusal, reader }) };
    }
  }

  async #reversed(
    reader: PageReader,
    id: string,
    entryId: string,
    why: { reason: string; customerNote: string | null },
    idempotency: KeyOfForm | undefined,
  ): Promise<Redirect> {
    const { language } = reader;
    const result = await this.hours.reverse(requestOf(reader, idempotency), entryId, why);
    const { reversed, balance } = bodyOf<ReversedEntryAnswer>(result);
    const said = say(entriesWords[language].reversedSaid, language, {
      minutes: minutesText(reversed.minutes, language),
      day: dayText(reversed.workDate, language),
      left: minutesText(balance.remainingMinutes, language),
    });
    return { to: sectionPath(id, 'entries'), said };
  }
}

/** What a booking takes from a form instead of a REST request. */
function requestOf({ actor, language, path }: PageReader, idempotency: KeyOfForm | undefined): BookingRequest {
  return { actor, language, instance: path, dryRun: false, idempotency };
}

const dryRunOf = (reader: PageReader): BookingRequest => ({ ...requestOf(reader, undefined), dryRun: true });

/** @throws Refusal if the booking was refused */
function bodyOf<Body>({ answer }: BookingResult): Body {
  if ('refusal' in answer) throw answer.refusal;
  return answer.body as Body;
}
