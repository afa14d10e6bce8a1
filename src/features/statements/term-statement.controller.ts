import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { TermStatementQuery } from './term-statement.dto.js';
import { TermStatementService } from './term-statement.service.js';

@Controller('v1/terms')
export class TermStatementController {
  constructor(private readonly statements: TermStatementService) {}

  /** The usage statement of a term: balance, pace and every entry, as a document to print and to file. */
  @Get(':id/usage-statement')
  @Allow('reports.usage', 'own-transaction')
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  usageStatement(
    @Who() actor: Actor,
    @Param('id') termId: string,
    @Query() query: TermStatementQuery,
  ): Promise<StreamableFile> {
    return this.statements.file(actor, termId, query.language);
  }
}
