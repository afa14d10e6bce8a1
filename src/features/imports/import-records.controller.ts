import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { KeepsAnswer } from '../../platform/http/kept-answer.interceptor.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ImportRecords } from './import-records.js';
import { ImportList, ImportRecordAnswer, NewUndo } from './import.dto.js';

@ApiTags('Imports')
@Controller('v1/imports')
export class ImportRecordsController {
  constructor(private readonly records: ImportRecords) {}

  /**
   * List imports
   * @remarks Newest first. A CSM sees the imports that they made.
   */
  @Get()
  @Allow('time-entries.log')
  @ApiOkResponse({ type: ImportList })
  listImports(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: PageQuery): Promise<ImportList> {
    return this.records.list(tx, actor, query);
  }

  /** Get an import */
  @Get(':id')
  @Allow('time-entries.log')
  @ApiOkResponse({ type: ImportRecordAnswer })
  getImport(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<ImportRecordAnswer> {
    return this.records.read(tx, actor, id);
  }

  /**
   * Undo an import
   * @remarks The service reverses every entry of the import that is not reversed yet. It reverses up to 10,000
   * entries in one step, and more in chunks; meanwhile the import is `undoing`. If that is interrupted, send the
   * request again to continue. Entries of closed months are reversed as adjustments.
   */
  @Post(':id/undo')
  @HttpCode(200)
  @Allow('time-entries.log', 'own-transaction')
  @Refuses('import-beyond-portfolio', 'subscription-annulled')
  @KeepsAnswer()
  @ApiOkResponse({ type: ImportRecordAnswer })
  undoImport(@Who() actor: Actor, @Param('id') id: string, @Body() { reason }: NewUndo): Promise<ImportRecordAnswer> {
    return this.records.undo(actor, id, reason);
  }
}
