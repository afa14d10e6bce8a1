import { Get, Param, Post, Query } from '@nestjs/common';
import { Min } from 'class-validator';
import { NewProductLine } from '../../features/customers/product-line.dto.js';
import { ProductLineService } from '../../features/customers/product-line.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { QueryInt } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { wellFormed } from '../page/well-formed.js';
import { masterFormPage, masterListPage } from './master-data.page.js';
import { masterDataWords } from './master-data.words.js';

class ChangedProductLine extends NewProductLine {
  @QueryInt()
  @Min(1)
  version!: number;
}

/** The product lines. All staff read the list, and administrators keep it. */
@ConsoleController('product-lines')
export class ProductLinesController {
  constructor(private readonly productLines: ProductLineService) {}

  @Get()
  @ConsolePage('product-lines.read')
  async list(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() query: PageQuery): Promise<ShownPage> {
    const { data, nextCursor } = await this.productLines.list(tx, query);
    const rows = data.map(({ id, name, code, createdAt }) => ({ id, name, mark: code, createdAt }));
    const nextHref = nextCursor === null ? null : `/console/product-lines?cursor=${encodeURIComponent(nextCursor)}`;
    return masterListPage(reader, 'product-lines', { rows, nextHref });
  }

  @Get('new')
  @ConsolePage('product-lines.write')
  enterForm(@Reader() reader: PageReader): ShownPage {
    return masterFormPage(reader, 'product-lines', { typed: {} });
  }

  @Post()
  @ConsolePage('product-lines.write')
  enter(@Reader() reader: PageReader, @Typed(NewProductLine) { typed, checked }: Form<NewProductLine>): FormSteps {
    const { language } = reader;
    return {
      act: async (tx) => {
        const { name } = await this.productLines.enter(tx, wellFormed({ checked }));
        return {
          to: '/console/product-lines',
          said: say(masterDataWords[language]['product-lines'].added, language, { name }),
        };
      },
      again: async (_tx, refusal) => masterFormPage(reader, 'product-lines', { typed, refusal }),
    };
  }

  @Get(':id')
  @ConsolePage('product-lines.write')
  async changeForm(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    const { name, code, version } = await this.productLines.read(tx, id);
    return masterFormPage(reader, 'product-lines', {
      row: { id, name },
      typed: { name, code, version: String(version) },
    });
  }

  @Post(':id')
  @ConsolePage('product-lines.write')
  change(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(ChangedProductLine) { typed, checked }: Form<ChangedProductLine>,
  ): FormSteps {
    const { language } = reader;
    return {
      act: async (tx) => {
        const { version, ...change } = wellFormed({ checked });
        const { name } = await this.productLines.change(tx, id, version, change);
        return {
          to: '/console/product-lines',
          said: say(masterDataWords[language]['product-lines'].changed, language, { name }),
        };
      },
      again: async (tx, refusal) => {
        const { name } = await this.productLines.read(tx, id);
        return masterFormPage(reader, 'product-lines', { row: { id, name }, typed, refusal });
      },
    };
  }
}
