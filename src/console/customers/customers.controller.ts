import { Get, Param, Post, Query } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { check } from '../../platform/http/validation.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { CustomerChange, NewCustomer } from '../../features/customers/customer.dto.js';
import { CustomerService } from '../../features/customers/customer.service.js';
import { MailListService } from '../../features/mails/mail-list.service.js';
import { NewSubscription } from '../../features/subscriptions/subscription.dto.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { RefusalPage } from '../parts/refusal.js';
import { wellFormed } from '../page/well-formed.js';
import { customerPage } from './customer.page.js';
import { CustomerPageService, type TermPreview } from './customer-pages.service.js';
import {
  bodyOf,
  CustomerForm,
  CustomersPageQuery,
  editedCustomer,
  NewSubscriptionForm,
  tickedIds,
  typedCustomer,
  type EditedCustomer,
} from './customer.forms.js';
import { customersPage } from './customers.page.js';
import { customersWords } from './customers.words.js';
import { editCustomerPage } from './edit-customer.page.js';
import { newSubscriptionPage } from './new-subscription.page.js';

const listPath = '/console/customers';

const emptyCustomer: EditedCustomer = {
  name: '',
  code: '',
  locale: 'ja',
  timeZone: 'Asia/Tokyo',
  country: 'JP',
  contacts: [],
};

/** Customers: found, entered and edited, with their subscriptions, sessions and mails. */
@ConsoleController('customers')
export class CustomersPageController {
  constructor(
    private readonly customers: CustomerService,
    private readonly pages: CustomerPageService,
    private readonly subscriptions: SubscriptionService,
    private readonly mails: MailListService,
  ) {}

  @Get()
  @ConsolePage('customers.read')
  async list(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() query: CustomersPageQuery,
  ): Promise<ShownPage> {
    return customersPage({ reader, query, list: await this.customers.search(tx, reader.actor, query) });
  }

  @Get('new')
  @ConsolePage('customers.write')
  newForm(@Reader() reader: PageReader): ShownPage {
    return editCustomerPage({ reader, edited: { ...emptyCustomer, locale: reader.language } });
  }

  @Post('new')
  @ConsolePage('customers.write')
  enter(@Reader() reader: PageReader, @Typed(CustomerForm) form: Form<CustomerForm>): FormSteps {
    const edited = typedCustomer(wellFormed(form));
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { id, name } = await this.customers.enter(tx, actor, bodyOf(NewCustomer, edited, undefined));
        return { to: `${listPath}/${id}`, said: say(customersWords[language].entered, language, { name }) };
      },
      again: async (_tx, refusal) => editCustomerPage({ reader, edited, refusal }),
    };
  }

  @Get(':id')
  @ConsolePage('customers.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return customerPage(await this.pages.read(tx, reader.actor, id), reader);
  }

  @Get(':id/edit')
  @ConsolePage('customers.write')
  async editForm(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    const customer = await this.customers.read(tx, reader.actor, id);
    return editCustomerPage({ reader, customer, edited: editedCustomer(customer) });
  }

  @Post(':id/edit')
  @ConsolePage('customers.write')
  change(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(CustomerForm) form: Form<CustomerForm>,
  ): FormSteps {
    const fields = wellFormed(form);
    const edited = typedCustomer(fields);
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const change = bodyOf(CustomerChange, edited, null);
        const { name } = await this.customers.change(tx, actor, id, Number(fields.version), change);
        return { to: `${listPath}/${id}`, said: say(customersWords[language].saved, language, { name }) };
      },
      again: async (tx, refusal) => {
        const customer = await this.customers.read(tx, actor, id);
        return editCustomerPage({ reader, customer, edited, before: fields.before, refusal });
      },
    };
  }

  @Get(':id/subscriptions/new')
  @ConsolePage('subscriptions.write')
  async newSubscription(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
  ): Promise<ShownPage> {
    const choices = await this.pages.choices(tx, reader.actor, id, reader.now);
    const typed = { package: 'premier', startsOn: choices.today, pacePolicy: 'advise' } as const;
    const preview = this.pages.preview(typed.package, typed.startsOn);
    return newSubscriptionPage({ reader, choices, typed, ticked: [], preview });
  }

  @Post(':id/subscriptions/new')
  @ConsolePage('subscriptions.write')
  enterSubscription(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(NewSubscriptionForm) form: Form<NewSubscriptionForm>,
  ): FormSteps {
    const { actor, language } = reader;
    const { typed, checked } = form;
    const ticked = 'value' in checked ? tickedIds(checked.value.productLineIds) : tickedIds(typed['productLineIds']);
    const page = async (tx: Transaction, preview?: TermPreview, refusal?: Refusal): Promise<ShownPage> => {
      const choices = await this.pages.choices(tx, actor, id, reader.now);
      return newSubscriptionPage({ reader, choices, typed, ticked, preview, refusal });
    };
    return {
      act: async (tx) => {
        const { step, productLineIds: _ticked, ...asked } = wellFormed(form);
        if (step === 'preview') return page(tx, this.pages.preview(asked.package, asked.startsOn));
        const body = check(NewSubscription, { ...asked, customerId: id, productLineIds: ticked });
        if ('errors' in body) throw new Refusal('malformed-body', {}, body);
        const entered = await this.subscriptions.enter(tx, actor, body.value);
        const said = say(customersWords[language].subscription.entered, language, { customer: entered.customerName });
        return { to: `/console/subscriptions/${entered.id}`, said };
      },
      again: (tx, refusal) => page(tx, undefined, refusal),
    };
  }

  @Post(':id/mails/:mailId/resend')
  @ConsolePage('reminders.resend')
  resend(@Reader() reader: PageReader, @Param('id') id: string, @Param('mailId') mailId: string): FormSteps {
    return {
      act: async (tx) => {
        await this.mails.resend(tx, reader.actor, mailId);
        return { to: `${listPath}/${id}#mails`, said: customersWords[reader.language].resent };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }
}
