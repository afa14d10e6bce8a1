import { Get, Param, Post } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { pacePolicies, type PacePolicy } from '../../domain/contract.js';
import { NewAnnulment } from '../../features/notices/annulment.dto.js';
import { AnnulmentService } from '../../features/notices/annulment.service.js';
import { UserService } from '../../features/people/user.service.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsId, IsName, QueryInt } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { settingsPage, type Settings } from './settings.page.js';
import { sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { settingsWords } from './terms.words.js';
import { wellFormed } from '../page/well-formed.js';

/** The longest page of a list. */
const mostUsers = 200;

class SettingsFields {
  /** The version of the subscription that the reader has seen. */
  @QueryInt()
  version!: number;

  @IsId()
  csmId!: string;

  @IsIn(pacePolicies)
  pacePolicy!: PacePolicy;

  /** Empty: the subscription has no number. */
  @IsOptional()
  @IsName({ max: 50 })
  contractNumber?: string;
}

/** The settings of a subscription. */
@ConsoleController('subscriptions/:id/settings')
export class SettingsController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly users: UserService,
    private readonly subscriptions: SubscriptionService,
    private readonly annulments: AnnulmentService,
  ) {}

  @Get()
  @ConsolePage('subscriptions.write')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return settingsPage(await this.#read(tx, reader, id), reader);
  }

  @Post()
  @ConsolePage('subscriptions.write')
  change(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(SettingsFields) form: Form<SettingsFields>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, contractNumber = null, ...settings } = wellFormed(form);
        const { csmId } = await this.subscriptions.change(tx, actor, id, version, { ...settings, contractNumber });
        // A CSM who gives a subscription away no longer sees it.
        const isGivenAway = actor.role === 'csm' && csmId !== actor.userId && !actor.deputyFor.includes(csmId);
        return {
          to: isGivenAway ? '/console/portfolio' : sectionPath(id, 'settings'),
          said: settingsWords[language].saved,
        };
      },
      again: async (tx, refusal) =>
        settingsPage(await this.#read(tx, reader, id), reader, { form: 'settings', typed: form.typed, refusal }),
    };
  }

  @Post('annulment')
  @ConsolePage('subscriptions.annul')
  annul(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(NewAnnulment) form: Form<NewAnnulment>,
  ): FormSteps {
    return {
      act: async (tx) => {
        await this.annulments.annul(tx, reader.actor, id, wellFormed(form));
        return { to: sectionPath(id, 'overview'), said: settingsWords[reader.language].annulled };
      },
      again: async (tx, refusal) =>
        settingsPage(await this.#read(tx, reader, id), reader, { form: 'annulment', typed: form.typed, refusal }),
    };
  }

  async #read(tx: Transaction, reader: PageReader, id: string): Promise<Settings> {
    const head = await this.heads.read(tx, reader, id);
    const { data } = await this.users.list(tx, { limit: mostUsers });
    const csms = data.filter(({ role, active }) => active && (role === 'csm' || role === 'admin'));
    // The present CSM stays a choice, however many users there are.
    const all = csms.some((user) => user.id === head.csm.id) ? csms : [head.csm, ...csms];
    return { head, csms: all.toSorted((one, other) => one.name.localeCompare(other.name)) };
  }
}
