import { Controller, Get, Param, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { EvidenceService } from './evidence.service.js';

@ApiTags('Terms and balances')
@Controller('v1/terms')
export class EvidenceController {
  constructor(private readonly evidence: EvidenceService) {}

  /**
   * Download the evidence of a term
   * @remarks A ZIP archive with the contract, the ledger, all mails and all notices of the term, and the facts behind
   * the renewal decision. The script `check.mjs` in the archive verifies it without the service.
   */
  @Get(':id/evidence')
  @Allow('evidence.read', 'own-transaction')
  @Refuses('too-many-reports', 'reports-busy')
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  downloadEvidence(@Who() actor: Actor, @Param('id') termId: string): Promise<StreamableFile> {
    return this.evidence.zip(actor, termId);
  }
}
