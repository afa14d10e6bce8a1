import { Get, Param, Post, type StreamableFile } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import { EvidenceService } from '../../features/evidence/evidence.service.js';
import { TermStatementService } from '../../features/statements/term-statement.service.js';
import { PurchaseOrderService } from '../../features/subscriptions/purchase-order.service.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsName, QueryInt } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { purchaseOrderPage, termsPage } from './terms.page.js';
import { termsWords } from './terms.words.js';
import { wellFormed } from '../page/well-formed.js';

const mostTerms = 200;

class PurchaseOrderFields {
  /** The version of the term that the reader has seen. */
  @QueryInt()
  version!: number;

  /** Empty: the term has no purchase order. */
  @IsOptional()
  @IsName({ max: 50 })
  purchaseOrder?: string;
}

/** The terms of a subscription, with their purchase orders and documents. */
@ConsoleController('subscriptions/:id/terms')
export class TermsController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly subscriptions: SubscriptionService,
    private readonly purchaseOrders: PurchaseOrderService,
    private readonly statements: TermStatementService,
    private readonly evidence: EvidenceService,
  ) {}

  @Get()
  @ConsolePage('terms.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    const head = await this.heads.read(tx, reader, id);
    const { data } = await this.subscriptions.listTerms(tx, reader.actor, id, { limit: mostTerms });
    return termsPage(head, data, reader);
  }

  @Get(':termId/purchase-order')
  @ConsolePage('subscriptions.write')
  editPurchaseOrder(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('termId') termId: string,
  ): Promise<ShownPage> {
    return this.#orderPage(tx, reader, id, termId);
  }

  @Post(':termId/purchase-order')
  @ConsolePage('subscriptions.write')
  setPurchaseOrder(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('termId') termId: string,
    @Typed(PurchaseOrderFields) form: Form<PurchaseOrderFields>,
  ): FormSteps {
    const { language, actor } = reader;
    return {
      act: async (tx) => {
        const { version, purchaseOrder = null } = wellFormed(form);
        const { number } = await this.purchaseOrders.change(tx, actor, termId, version, { purchaseOrder });
        const said = say(termsWords[language].orderSaved, language, { number: number + 1 });
        return { to: sectionPath(id, 'terms'), said };
      },
      again: (tx, refusal) => this.#orderPage(tx, reader, id, termId, { typed: form.typed, refusal }),
    };
  }

  /** The usage statement as a PDF, in the language of the customer. */
  @Get(':termId/statement')
  @ConsolePage('reports.usage', 'own-transaction')
  statement(@Reader() { actor }: PageReader, @Param('termId') termId: string): Promise<StreamableFile> {
    return this.statements.file(actor, termId);
  }

  /** Everything that proves what was sold, used, announced and decided. */
  @Get(':termId/evidence')
  @ConsolePage('evidence.read', 'own-transaction')
  zip(@Reader() { actor }: PageReader, @Param('termId') termId: string): Promise<StreamableFile> {
    return this.evidence.zip(actor, termId);
  }

  async #orderPage(
    tx: Transaction,
    reader: PageReader,
    id: string,
    termId: string,
    again?: Parameters<typeof purchaseOrderPage>[3],
  ): Promise<ShownPage> {
    const head = await this.heads.read(tx, reader, id);
    return purchaseOrderPage(head, await this.purchaseOrders.read(tx, reader.actor, termId), reader, again);
  }
}
