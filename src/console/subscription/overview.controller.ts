import { Get, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { expectations, type Expectation } from '../../domain/outlook.js';
import { OutlookService } from '../../features/outlook/outlook.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsName, IsText, QueryInt } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, PageResult } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { overviewPage } from './overview.page.js';
import { OverviewService } from './overview.service.js';
import { overviewWords } from './overview.words.js';
import { sectionPath } from './subscription.frame.js';
import { subscriptionWords } from './subscription.words.js';
import { wellFormed } from '../page/well-formed.js';

class OverviewQuery {
  /** Leads to the entries with this reference: the finder knows only the subscription. */
  @IsOptional()
  @IsName({ max: 200 })
  reference?: string;
}

class OutlookForm {
  /** The number of outlooks that the reader has seen. */
  @QueryInt()
  version!: number;

  @IsIn(expectations)
  expectation!: Expectation;

  @IsOptional()
  @IsText({ max: 2_000 })
  reason?: string;

  @IsOptional()
  @IsText({ max: 500 })
  nextStep?: string;

  @IsOptional()
  @IsDay()
  nextStepOn?: string;
}

/** The overview of a subscription, and the outlook of its renewal. */
@ConsoleController('subscriptions/:id')
export class OverviewController {
  constructor(
    private readonly overviews: OverviewService,
    private readonly outlooks: OutlookService,
  ) {}

  @Get()
  @ConsolePage('subscriptions.read')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() { reference }: OverviewQuery,
  ): Promise<PageResult> {
    if (reference !== undefined) {
      return { to: `${sectionPath(id, 'entries')}?reference=${encodeURIComponent(reference)}` };
    }
    return overviewPage(await this.overviews.read(tx, reader, id), reader);
  }

  @Post('outlook')
  @ConsolePage('outlook.write')
  stateOutlook(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(OutlookForm) form: Form<OutlookForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, ...outlook } = wellFormed(form);
        await this.outlooks.state(tx, actor, id, version, outlook);
        const expectation = subscriptionWords[language].expectations[outlook.expectation];
        const said = say(overviewWords[language].stated, language, { expectation });
        return { to: `${sectionPath(id, 'overview')}#outlook`, said };
      },
      again: async (tx, refusal) =>
        overviewPage(await this.overviews.read(tx, reader, id), reader, { typed: form.typed, refusal }),
    };
  }
}
