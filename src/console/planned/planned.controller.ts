import { Get, Param, Post, Query } from '@nestjs/common';
import type { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { PlanningService } from '../../features/planning/planning.service.js';
import { ProposalService } from '../../features/planning/proposal.service.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, FormKey, Reader } from '../page/console.decorators.js';
import type { KeyOfForm } from '../page/form-key.js';
import { addressOf } from '../page/address.js';
import { typedMinutes, wellFormed } from '../page/well-formed.js';
import { dayText, minutesText } from '../words/formats.js';
import {
  NewSessionForm,
  NewSessionQuery,
  PlannedPageQuery,
  ProposalForm,
  ProposalQuery,
  SessionCancelForm,
  SessionChangeForm,
  SessionLogForm,
  type SessionForm,
} from './planned.forms.js';
import { chooseSubscriptionPage, editSessionPage, logSessionPage, newSessionPage } from './planned-forms.page.js';
import { plannedPage } from './planned.page.js';
import { proposalPage } from './proposal.page.js';
import { PlannedPageService } from './planned.service.js';
import { plannedWords } from './planned.words.js';

const listPath = '/console/planned';

/** Planned sessions: overdue and coming, planned, moved, cancelled, and logged with one click. */
@ConsoleController('planned')
export class PlannedController {
  constructor(
    private readonly pages: PlannedPageService,
    private readonly planning: PlanningService,
    private readonly proposals: ProposalService,
  ) {}

  @Get()
  @ConsolePage('planned-sessions.read')
  async list(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() query: PlannedPageQuery,
  ): Promise<ShownPage> {
    // Sees to it that the subscription is visible, before its name is read.
    const overdue = await this.pages.overdue(tx, reader.actor, query);
    const coming = await this.pages.coming(tx, reader.actor, query);
    const subscription = await this.pages.subscription(tx, query.subscription);
    return plannedPage({ reader, query, overdue, coming, subscription });
  }

  @Get('new')
  @ConsolePage('planned-sessions.write')
  new(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { subscription }: NewSessionQuery,
  ): Promise<ShownPage> {
    return this.#newPage(tx, reader, subscription, {});
  }

  @Post('new')
  @ConsolePage('planned-sessions.write')
  plan(@Reader() reader: PageReader, @Typed(NewSessionForm) form: Form<NewSessionForm>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { subscription, everyWeeks, until, ...session } = wellFormed(form);
        const series = everyWeeks && { everyWeeks: Number(everyWeeks), until };
        const asked = { ...workOf(session), series };
        const { sessions } = await this.planning.plan(tx, actor, subscription, asked, { dryRun: false, language });
        const named = await this.pages.subscription(tx, subscription);
        const said = say(plannedWords[language].planned, language, {
          count: sessions.length,
          customer: named!.customer,
          day: dayText(sessions[0]!.plannedOn, language),
        });
        return { to: addressOf(listPath, { subscription }), said };
      },
      again: (tx, refusal) => this.#newPage(tx, reader, form.typed['subscription'], form.typed, refusal),
    };
  }

  @Get('proposal')
  @ConsolePage('planned-sessions.write')
  async proposal(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() query: ProposalQuery,
  ): Promise<ShownPage> {
    return this.#proposalPage(tx, reader, query);
  }

  @Post('proposal')
  @ConsolePage('planned-sessions.write')
  planTheRest(@Reader() reader: PageReader, @Typed(ProposalForm) form: Form<ProposalForm>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { subscription, everyWeeks } = wellFormed(form);
        const asked = { everyWeeks: Number(everyWeeks) };
        const { sessions } = await this.proposals.propose(tx, actor, subscription, asked, false);
        const named = await this.pages.subscription(tx, subscription);
        const said = say(plannedWords[language].proposal.planned, language, {
          count: sessions.length,
          customer: named!.customer,
        });
        return { to: addressOf(listPath, { subscription }), said };
      },
      again: (tx, refusal) => {
        const { subscription = '', everyWeeks } = form.typed;
        return this.#proposalPage(tx, reader, { subscription, everyWeeks } as ProposalQuery, refusal);
      },
    };
  }

  @Get(':id/edit')
  @ConsolePage('planned-sessions.write')
  async edit(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return this.#editPage(tx, reader, id);
  }

  @Post(':id/edit')
  @ConsolePage('planned-sessions.write')
  change(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(SessionChangeForm) form: Form<SessionChangeForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, ...session } = wellFormed(form);
        const { plannedOn } = await this.planning.change(tx, actor, id, Number(version), workOf(session));
        const { customer } = await this.pages.session(tx, actor, id);
        const said = say(plannedWords[language].moved, language, { customer, day: dayText(plannedOn, language) });
        return { to: listPath, said };
      },
      again: (tx, refusal) => this.#editPage(tx, reader, id, form.typed, refusal),
    };
  }

  @Post(':id/cancel')
  @ConsolePage('planned-sessions.write')
  cancel(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(SessionCancelForm) form: Form<SessionCancelForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, following } = wellFormed(form);
        const { customer } = await this.pages.session(tx, actor, id);
        await this.planning.cancel(tx, actor, id, Number(version), { following: following === 'true' });
        const words = { customer, following: following === 'true' ? 'yes' : 'no' };
        return { to: listPath, said: say(plannedWords[language].cancelled, language, words) };
      },
      again: (tx, refusal) => this.#editPage(tx, reader, id, {}, refusal),
    };
  }

  @Get(':id/log')
  @ConsolePage('time-entries.log')
  async logForm(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return logSessionPage({ reader, ...(await this.pages.toLog(tx, reader.actor, id)), typed: {} });
  }

  @Post(':id/log')
  @ConsolePage('time-entries.log', 'own-transaction')
  log(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(SessionLogForm) form: Form<SessionLogForm>,
    @FormKey() key: KeyOfForm | undefined,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async () => {
        const { minutes, ...done } = wellFormed(form);
        const typed = { ...done, ...(minutes !== undefined && { minutes: typedMinutes(minutes, 'minutes') }) };
        const { session, logged } = await this.pages.log(reader, id, typed, key);
        const said = say(plannedWords[language].logged, language, {
          customer: session.customer,
          minutes: minutesText(logged.entry.minutes, language),
          left: minutesText(logged.balance.remainingMinutes, language),
        });
        const undo = { action: `/console/quick-entry/undo/${logged.entry.id}`, label: plannedWords[language].undo };
        return { to: listPath, said, undo };
      },
      again: async (tx, refusal) =>
        logSessionPage({ reader, ...(await this.pages.toLog(tx, actor, id)), typed: form.typed, refusal }),
    };
  }

  async #newPage(
    tx: Transaction,
    reader: PageReader,
    subscriptionId: string | undefined,
    typed: Readonly<Record<string, string>>,
    refusal?: Refusal,
  ): Promise<ShownPage> {
    if (subscriptionId === undefined || subscriptionId === '') {
      return chooseSubscriptionPage(reader, await this.pages.subscriptions(tx, reader.actor));
    }
    const choices = await this.pages.choices(tx, reader.actor, subscriptionId);
    return newSessionPage({ reader, choices, typed, refusal });
  }

  async #editPage(
    tx: Transaction,
    reader: PageReader,
    id: string,
    typed: Readonly<Record<string, string>> = {},
    refusal?: Refusal,
  ): Promise<ShownPage> {
    const session = await this.pages.session(tx, reader.actor, id);
    const choices = await this.pages.choices(tx, reader.actor, session.subscriptionId);
    return editSessionPage({ reader, session, choices, typed, refusal });
  }

  async #proposalPage(
    tx: Transaction,
    reader: PageReader,
    { subscription, everyWeeks = '2' }: ProposalQuery,
    refusal?: Refusal,
  ): Promise<ShownPage> {
    const { actor } = reader;
    const preview = refusal
      ? undefined
      : await this.proposals.preview(tx, actor, subscription, { everyWeeks: Number(everyWeeks) });
    const { subscription: named } = await this.pages.choices(tx, actor, subscription);
    return proposalPage({ reader, subscription: named, everyWeeks, preview, refusal });
  }
}

/** What a form says about the work of a session. */
function workOf({ minutes, pair, ...work }: SessionForm) {
  const [consultantId = '', productLineId = ''] = pair.split('.');
  return { ...work, minutes: typedMinutes(minutes, 'minutes'), consultantId, productLineId };
}
