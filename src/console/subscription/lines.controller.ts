import { Get, Param, Post } from '@nestjs/common';
import { ArrayMaxSize, ArrayUnique, IsOptional } from 'class-validator';
import { enrolledOn } from '../../domain/contract.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import { ProductLineService } from '../../features/customers/product-line.service.js';
import { EnrolmentService } from '../../features/subscriptions/enrolment.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsId, QueryInt } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { dayText } from '../words/formats.js';
import { linesPage, type Lines } from './lines.page.js';
import { linesWords } from './people.words.js';
import { may, sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { wellFormed } from '../page/well-formed.js';

/** The longest page of a list. */
const mostLines = 200;

class LinesFields {
  /** The version of the subscription that the reader has seen. */
  @QueryInt()
  version!: number;

  @IsDay()
  effectiveOn!: string;

  @IsOptional()
  @IsId({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(100)
  productLineIds?: string[];
}

/** The product lines of a subscription. */
@ConsoleController('subscriptions/:id/lines')
export class LinesController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly enrolments: EnrolmentService,
    private readonly productLines: ProductLineService,
  ) {}

  @Get()
  @ConsolePage('subscriptions.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return linesPage(await this.#read(tx, reader, id), reader);
  }

  @Post()
  @ConsolePage('subscriptions.write')
  change(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(LinesFields) form: Form<LinesFields>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, effectiveOn, productLineIds = [] } = wellFormed(form);
        await this.enrolments.change(tx, actor, id, version, { effectiveOn, productLineIds });
        const said = say(linesWords[language].saved, language, { day: dayText(effectiveOn, language) });
        return { to: sectionPath(id, 'lines'), said };
      },
      again: async (tx, refusal) => linesPage(await this.#read(tx, reader, id), reader, { typed: form.typed, refusal }),
    };
  }

  async #read(tx: Transaction, reader: PageReader, id: string): Promise<Lines> {
    const head = await this.heads.read(tx, reader, id);
    const { contract, term, today } = head;
    const on = today > term.startsOn ? today : term.startsOn;
    const listed = may(reader, 'subscriptions.write')
      ? await this.productLines.list(tx, { limit: mostLines })
      : { data: [], nextCursor: null };
    return {
      head,
      names: await this.heads.names(tx, head, { consultantIds: [] }),
      presentIds: enrolledOn(contract.enrolments, on),
      max: packageInForceOn(term.periods, on).maxProductLines,
      known: listed.data.toSorted((one, other) => one.name.localeCompare(other.name)),
      isCut: listed.nextCursor !== null,
    };
  }
}
