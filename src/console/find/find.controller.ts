import { Get, Query } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { FindService } from '../../features/find/find.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Fragment, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { actionsMatching } from './actions.js';
import { findPage, paletteDialog, paletteResults, type Findings } from './find.page.js';

class FindQuery {
  /** A part of a name, or the beginning of a number. */
  @IsOptional()
  @IsString()
  q?: string;
}

/** The finder: a page, and the palette over any other page. */
@ConsoleController('find')
export class FindController {
  constructor(private readonly finder: FindService) {}

  @Get()
  @ConsolePage('me.read')
  async page(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() { q }: FindQuery): Promise<ShownPage> {
    return findPage(reader, q === undefined ? undefined : await this.#find(tx, reader, q));
  }

  @Get('dialog')
  @ConsolePage('me.read')
  dialog(@Reader() reader: PageReader): Fragment {
    return { fragment: paletteDialog(reader) };
  }

  @Get('results')
  @ConsolePage('me.read')
  async results(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() { q }: FindQuery): Promise<Fragment> {
    return { fragment: paletteResults(reader, await this.#find(tx, reader, q ?? '')) };
  }

  async #find(tx: Transaction, { actor, language }: PageReader, asked: string): Promise<Findings> {
    const text = asked.trim();
    return {
      text,
      found: await this.finder.find(tx, actor, text),
      actions: actionsMatching(actor.role, text, language),
    };
  }
}
