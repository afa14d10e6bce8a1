import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { KeepsAnswer } from '../../platform/http/kept-answer.interceptor.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ImportRecords } from '../hours/import-records.js';
import { ImportList, KeptImportAnswer, NewUndo } from './import.dto.js';

@Controller('v1/imports')
export class ImportRecordsController {
  constructor(private readonly records: ImportRecords) {}

  /** Lists imports from the newest to the oldest. A CSM sees the imports that they made. */
  @Get()
  @Allow('time-entries.log')
  @ApiOkResponse({ type: ImportList })
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: PageQuery): Promise<ImportList> {
    return this.records.list(tx, actor, query);
  }

  @Get(':id')
  @Allow('time-entries.log')
  @ApiOkResponse({ type: KeptImportAnswer })
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<KeptImportAnswer> {
    return this.records.read(tx, actor, id);
  }

  /**
   * Reverses all entries of an import that still stand.
   * @remarks Up to 10,000 entries are reversed as one; more go chunk by chunk, and the import is `undoing` until the last one is
   * reversed. Undoing it again goes on where it was, and changes nothing of an import that is undone.
   * Entries of closed months are reversed as adjustments.
   */
  @Post(':id/undo')
  @HttpCode(200)
  @Allow('time-entries.log', 'own-transaction')
  @KeepsAnswer()
  @ApiOkResponse({ type: KeptImportAnswer })
  undo(@Who() actor: Actor, @Param('id') id: string, @Body() { reason }: NewUndo): Promise<KeptImportAnswer> {
    return this.records.undo(actor, id, reason);
  }
}
