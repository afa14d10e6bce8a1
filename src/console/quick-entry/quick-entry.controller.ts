import { Get, Headers, Param, Post, Query } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { say } from '../../platform/sentences.js';
import { ConsoleController, ConsolePage, FormKey, Reader } from '../page/console.decorators.js';
import type { FormSteps, Fragment, PageReader, ShownPage } from '../page/console-page.js';
import type { KeyOfForm } from '../page/form-key.js';
import { ownPath } from '../page/own-path.js';
import { RefusalPage } from '../parts/refusal.js';
import { minutesText, shortDayText } from '../words/formats.js';
import { QuickEntryForm, QuickEntryQuery } from './quick-entry.form.js';
import { quickEntryPage } from './quick-entry.page.js';
import { QuickEntryPageService, type LoggedQuickEntry } from './quick-entry.service.js';
import { quickEntryWords } from './quick-entry.words.js';
import { QuickReading } from './reading.js';

/** A time entry in one line, from every page. */
@ConsoleController('quick-entry')
export class QuickEntryController {
  constructor(private readonly entries: QuickEntryPageService) {}

  @Get()
  @ConsolePage('time-entries.log', 'own-transaction')
  async show(@Reader() reader: PageReader, @Query() query: QuickEntryQuery): Promise<ShownPage | Fragment> {
    const view = await this.entries.read(reader, query);
    return query.part === 'reading' ? { fragment: QuickReading({ view, reader }) } : quickEntryPage(view, reader);
  }

  @Post()
  @ConsolePage('time-entries.log', 'own-transaction')
  log(
    @Reader() reader: PageReader,
    @Typed(QuickEntryForm) { checked }: Form<QuickEntryForm>,
    @FormKey() key: KeyOfForm | undefined,
    @Headers('referer') referer: string | undefined,
  ): FormSteps {
    const form = 'value' in checked ? checked.value : {};
    return {
      act: async () => {
        if ('errors' in checked) throw new Refusal('malformed-body', {}, checked);
        const logged = await this.entries.log(reader, checked.value, key);
        const { id, subscriptionId, consultantId } = logged.entry;
        return {
          to: pageBefore(referer, { usualSubscriptionId: subscriptionId, usualConsultantId: consultantId }),
          said: loggedText(logged, reader),
          undo: { action: `/console/quick-entry/undo/${id}`, label: quickEntryWords[reader.language].undo },
        };
      },
      again: async (tx, refusal) => quickEntryPage(await this.entries.again(tx, reader, form, refusal), reader),
    };
  }

  @Post('undo/:id')
  @ConsolePage('time-entries.log', 'own-transaction')
  undo(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @FormKey() key: KeyOfForm | undefined,
    @Headers('referer') referer: string | undefined,
  ): FormSteps {
    const { language, today } = reader;
    const words = quickEntryWords[language];
    return {
      act: async () => {
        const { minutes, workDate } = await this.entries.undo(reader, id, words.undoReason, key);
        const values = { amount: minutesText(minutes, language), day: shortDayText(workDate, language, today) };
        return { to: pageBefore(referer), said: say(words.undone, language, values) };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }
}

function loggedText({ entry, balance, warnings, customer }: LoggedQuickEntry, { language, today }: PageReader): string {
  const said = say(quickEntryWords[language].logged, language, {
    customer,
    amount: minutesText(entry.minutes, language),
    day: shortDayText(entry.workDate, language, today),
    left: minutesText(balance.remainingMinutes, language),
  });
  return [said, ...warnings.map(({ detail }) => detail)].join(language === 'ja' ? '' : ' ');
}

const ownPage = '/console/quick-entry';

/**
 * The page on which the form stood. The page of the quick entry begins anew, with the customer and the consultant of the entry before as
 * its usual ones.
 */
function pageBefore(referer: string | undefined, usual: Readonly<Record<string, string>> = {}): string {
  const path = referer !== undefined && URL.canParse(referer) ? new URL(referer) : undefined;
  const before = path && ownPath(path.pathname + path.search);
  if (before !== undefined && path?.pathname !== ownPage) return before;
  const query = new URLSearchParams(usual).toString();
  return query === '' ? ownPage : `${ownPage}?${query}`;
}
