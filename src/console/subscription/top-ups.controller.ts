import { Get, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { topUpKinds, type TopUpKind } from '../../domain/entitlement.js';
import { Refusal } from '../../domain/refusal.js';
import { NewTopUpCancellation, type TopUpAnswer } from '../../features/top-ups/top-up.dto.js';
import { TopUpService } from '../../features/top-ups/top-up.service.js';
import { WhatIfService } from '../../features/what-if/what-if.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsName, IsText } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { minutesText } from '../words/formats.js';
import { may, sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { topUpsWords } from './terms.words.js';
import { cancellationPage, topUpsPage, type TopUps } from './top-ups.page.js';
import { typedHours, wellFormed } from '../page/well-formed.js';

const mostRows = 200;

/** A top-up that is considered. */
class TopUpsQuery {
  @IsOptional()
  @IsIn(topUpKinds)
  kind?: TopUpKind;

  @IsOptional()
  @IsText({ max: 20 })
  hours?: string;

  @IsOptional()
  @IsDay()
  on?: string;
}

class TopUpFields {
  @IsIn(topUpKinds)
  kind!: TopUpKind;

  @IsText({ max: 20 })
  hours!: string;

  @IsDay()
  on!: string;

  @IsOptional()
  @IsName({ max: 50 })
  orderNumber?: string;

  @IsOptional()
  @IsText({ max: 2_000 })
  reason?: string;
}

/** Hours that are added to a term, and taken back. */
@ConsoleController('subscriptions/:id/top-ups')
export class TopUpsController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly topUps: TopUpService,
    private readonly whatIfs: WhatIfService,
  ) {}

  @Get()
  @ConsolePage('top-ups.read')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() query: TopUpsQuery,
  ): Promise<ShownPage> {
    return topUpsPage(await this.#read(tx, reader, id, query), reader);
  }

  @Post()
  @ConsolePage('top-ups.enter')
  enter(@Reader() reader: PageReader, @Param('id') id: string, @Typed(TopUpFields) form: Form<TopUpFields>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { hours, on, ...fields } = wellFormed(form);
        const asked = { ...fields, minutes: typedHours(hours, 'hours'), effectiveOn: on };
        const { minutes, balance } = await this.topUps.enter(tx, actor, id, asked, false);
        const said = say(topUpsWords[language].saved, language, {
          minutes: minutesText(minutes, language),
          left: minutesText(balance.remainingMinutes, language),
        });
        return { to: sectionPath(id, 'top-ups'), said };
      },
      again: async (tx, refusal) => {
        const { kind, hours, on } = form.typed;
        const query = { kind: kind as TopUpKind | undefined, hours, on };
        return topUpsPage(await this.#read(tx, reader, id, query), reader, { typed: form.typed, refusal });
      },
    };
  }

  @Get(':topUpId/cancellation')
  @ConsolePage('top-ups.cancel')
  async newCancellation(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('topUpId') topUpId: string,
  ): Promise<ShownPage> {
    const head = await this.heads.read(tx, reader, id);
    return cancellationPage(head, await this.#one(tx, reader, id, topUpId), reader);
  }

  @Post(':topUpId/cancellation')
  @ConsolePage('top-ups.cancel')
  cancel(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('topUpId') topUpId: string,
    @Typed(NewTopUpCancellation) form: Form<NewTopUpCancellation>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { reason } = wellFormed(form);
        const { cancellation, balance } = await this.topUps.cancel(tx, actor, topUpId, reason, false);
        const said = say(topUpsWords[language].cancelled, language, {
          minutes: minutesText(cancellation?.minutes ?? 0, language),
          left: minutesText(balance.remainingMinutes, language),
        });
        return { to: sectionPath(id, 'top-ups'), said };
      },
      again: async (tx, refusal) => {
        const head = await this.heads.read(tx, reader, id);
        const topUp = await this.#one(tx, reader, id, topUpId);
        return cancellationPage(head, topUp, reader, { typed: form.typed, refusal });
      },
    };
  }

  /** The top-ups, and the figures of the one that is considered, by the same rules as the real one. */
  async #read(
    tx: Transaction,
    reader: PageReader,
    id: string,
    { kind = 'supplement', hours, on }: TopUpsQuery,
  ): Promise<TopUps> {
    const { actor } = reader;
    const head = await this.heads.read(tx, reader, id);
    const { data } = await this.topUps.list(tx, actor, id, { limit: mostRows });
    const typed = { kind, ...(hours !== undefined && { hours }), ...(on !== undefined && { on }) };
    const shown: TopUps = { head, topUps: data, typed, preview: null, previewRefusal: undefined };
    if (hours === undefined || !may(reader, 'top-ups.enter')) return shown;
    try {
      const minutes = typedHours(hours, 'hours');
      const day = on ?? head.today;
      const before = await this.whatIfs.answer(tx, actor, id, {});
      const after = await this.whatIfs.answer(tx, actor, id, { topUp: { minutes, on: day } });
      return { ...shown, preview: { kind, minutes, on: day, before, after } };
    } catch (error) {
      if (error instanceof Refusal) return { ...shown, previewRefusal: error };
      throw error;
    }
  }

  async #one(tx: Transaction, { actor }: PageReader, id: string, topUpId: string): Promise<TopUpAnswer> {
    const { data } = await this.topUps.list(tx, actor, id, { limit: mostRows });
    const found = data.find((topUp) => topUp.id === topUpId);
    if (!found) throw new Refusal('not-found');
    return found;
  }
}
