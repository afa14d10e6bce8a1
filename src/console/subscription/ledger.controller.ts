import { Get, Param, Post, Query } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { LedgerListService } from '../../features/balances/ledger-list.service.js';
import { VerificationService } from '../../features/balances/verification.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsId } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { RefusalPage } from '../parts/refusal.js';
import { ledgerPage } from './ledger.page.js';
import { sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { ledgerWords } from './terms.words.js';

const rowsOnPage = 100;

class LedgerPageQuery {
  /** Default: the current term. */
  @IsOptional()
  @IsId()
  term?: string;

  @IsOptional()
  @IsString()
  cursor?: string;
}

/** The ledger of each term, and its verification. */
@ConsoleController('subscriptions/:id/ledger')
export class LedgerPageController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly ledger: LedgerListService,
    private readonly verifications: VerificationService,
  ) {}

  @Get()
  @ConsolePage('ledger.read')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() { term, cursor }: LedgerPageQuery,
  ): Promise<ShownPage> {
    const head = await this.heads.read(tx, reader, id);
    const termId = term ?? head.term.id;
    const list = await this.ledger.list(tx, reader.actor, id, { termId, cursor, limit: rowsOnPage });
    return ledgerPage({ head, termId, list }, reader);
  }

  @Post('verification')
  @ConsolePage('ledger.verify')
  verify(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    const { language, actor } = reader;
    const words = ledgerWords[language];
    return {
      act: async (tx) => {
        const { consistent, differences } = await this.verifications.verify(tx, actor, id);
        const fields = differences.map(({ field }) => field).join(', ');
        const said = consistent
          ? words.consistent
          : say(words.differences, language, { count: differences.length, fields });
        return { to: sectionPath(id, 'ledger'), said };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }
}
