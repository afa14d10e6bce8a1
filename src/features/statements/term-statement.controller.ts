import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { TermStatementQuery } from './term-statement.dto.js';
import { TermStatementService } from './term-statement.service.js';

@ApiTags('Terms and balances')
@Controller('v1/terms')
export class TermStatementController {
  constructor(private readonly statements: TermStatementService) {}

  /**
   * Download the usage statement of a term
   * @remarks A PDF with the balance, the pace and every time entry.
   */
  @Get(':id/usage-statement')
  @Allow('reports.usage', 'own-transaction')
  @Refuses('too-many-reports', 'reports-busy')
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  downloadUsageStatement(
    @Who() actor: Actor,
    @Param('id') termId: string,
    @Query() query: TermStatementQuery,
  ): Promise<StreamableFile> {
    return this.statements.file(actor, termId, query.language);
  }
}
