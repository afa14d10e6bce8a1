import { Get, Param, Post } from '@nestjs/common';
import type { VisitEvent } from '../../domain/onsite.js';
import { Refusal } from '../../domain/refusal.js';
import { AllocationService } from '../../features/allocations/allocation.service.js';
import { BalanceService } from '../../features/balances/balance.service.js';
import { NewExpense, NewExpenseReversal } from '../../features/onsite/expense.dto.js';
import { ExpenseService } from '../../features/onsite/expense.service.js';
import { NewVisit } from '../../features/onsite/visit.dto.js';
import { VisitService } from '../../features/onsite/visit.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { visitsWords } from './people.words.js';
import { sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { daysOfVisit, expensesPage, visitsPage, type VisitExpenses, type Visits } from './visits.page.js';
import { wellFormed } from '../page/well-formed.js';

const mostRows = 200;

/** The onsite visits of a subscription, and their travel expenses. */
@ConsoleController('subscriptions/:id/visits')
export class VisitsController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly visits: VisitService,
    private readonly expenses: ExpenseService,
    private readonly balances: BalanceService,
    private readonly allocations: AllocationService,
  ) {}

  @Get()
  @ConsolePage('visits.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return visitsPage(await this.#read(tx, reader, id), reader);
  }

  @Post()
  @ConsolePage('visits.write')
  plan(@Reader() reader: PageReader, @Param('id') id: string, @Typed(NewVisit) form: Form<NewVisit>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const visit = await this.visits.plan(tx, actor, id, wellFormed(form));
        const days = daysOfVisit(visit, await this.heads.read(tx, reader, id), reader);
        return {
          to: sectionPath(id, 'visits'),
          said: say(visitsWords[language].saved, language, { place: visit.place, days }),
        };
      },
      again: async (tx, refusal) =>
        visitsPage(await this.#read(tx, reader, id), reader, { form: 'new', typed: form.typed, refusal }),
    };
  }

  @Post(':visitId/cancel')
  @ConsolePage('visits.write')
  cancel(@Reader() reader: PageReader, @Param('id') id: string, @Param('visitId') visitId: string): FormSteps {
    return this.#move(reader, id, visitId, 'cancel', visitsWords[reader.language].cancelled);
  }

  @Post(':visitId/complete')
  @ConsolePage('visits.write')
  complete(@Reader() reader: PageReader, @Param('id') id: string, @Param('visitId') visitId: string): FormSteps {
    return this.#move(reader, id, visitId, 'complete', visitsWords[reader.language].completed);
  }

  @Get(':visitId/expenses')
  @ConsolePage('expenses.read')
  async showExpenses(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('visitId') visitId: string,
  ): Promise<ShownPage> {
    return expensesPage(await this.#expenses(tx, reader, id, visitId), reader);
  }

  @Post(':visitId/expenses')
  @ConsolePage('expenses.write')
  recordExpense(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('visitId') visitId: string,
    @Typed(NewExpense) form: Form<NewExpense>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { amount, currency } = await this.expenses.record(tx, actor, visitId, wellFormed(form));
        return {
          to: expensesPath(id, visitId),
          said: say(visitsWords[language].expenseRecorded, language, { amount, currency }),
        };
      },
      again: async (tx, refusal) => {
        const shown = await this.#expenses(tx, reader, id, visitId);
        return expensesPage(shown, reader, { form: 'new', typed: form.typed, refusal });
      },
    };
  }

  @Post(':visitId/expenses/:expenseId/reversal')
  @ConsolePage('expenses.write')
  reverseExpense(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('visitId') visitId: string,
    @Param('expenseId') expenseId: string,
    @Typed(NewExpenseReversal) form: Form<NewExpenseReversal>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { amount, currency } = await this.expenses.reverse(tx, actor, expenseId, wellFormed(form));
        return {
          to: expensesPath(id, visitId),
          said: say(visitsWords[language].expenseReversed, language, { amount, currency }),
        };
      },
      again: async (tx, refusal) => {
        const shown = await this.#expenses(tx, reader, id, visitId);
        return expensesPage(shown, reader, { form: 'reversal', typed: form.typed, refusal });
      },
    };
  }

  #move(reader: PageReader, id: string, visitId: string, event: VisitEvent, said: string): FormSteps {
    return {
      act: async (tx) => {
        await this.visits.move(tx, reader.actor, visitId, event);
        return { to: sectionPath(id, 'visits'), said };
      },
      again: async (tx, refusal) =>
        visitsPage(await this.#read(tx, reader, id), reader, { form: 'move', typed: {}, refusal }),
    };
  }

  async #read(tx: Transaction, reader: PageReader, id: string): Promise<Visits> {
    const head = await this.heads.read(tx, reader, id);
    const { data } = await this.visits.list(tx, reader.actor, id, { limit: mostRows });
    const { onsite } = await this.balances.balance(tx, reader.actor, id, undefined);
    const present = (await this.allocations.setsOf(tx, [head.term.id])).get(head.term.id)?.at(-1)?.allocations ?? [];
    const consultantIds = [...new Set(present.map(({ consultantId }) => consultantId))];
    const names = await this.heads.names(tx, head, {
      consultantIds: [...consultantIds, ...data.flatMap((visit) => visit.consultantIds)],
    });
    const visits = data.toSorted((one, other) => (one.startsOn < other.startsOn ? 1 : -1));
    return { head, visits, onsite, names, consultantIds };
  }

  async #expenses(tx: Transaction, reader: PageReader, id: string, visitId: string): Promise<VisitExpenses> {
    const head = await this.heads.read(tx, reader, id);
    const visit = await this.visits.read(tx, reader.actor, visitId);
    if (visit.subscriptionId !== id) throw new Refusal('not-found');
    const { data } = await this.expenses.list(tx, reader.actor, visitId, { limit: mostRows });
    return { head, visit, expenses: data };
  }
}

const expensesPath = (id: string, visitId: string): string => `${sectionPath(id, 'visits')}/${visitId}/expenses`;
