import { Controller, Get, Param, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { EvidenceService } from './evidence.service.js';

@Controller('v1/terms')
export class EvidenceController {
  constructor(private readonly evidence: EvidenceService) {}

  /** What proves a term years later, with a script that checks it: contract, ledger, mails, notices, and why it was decided so. */
  @Get(':id/evidence')
  @Allow('evidence.read', 'own-transaction')
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  zip(@Who() actor: Actor, @Param('id') termId: string): Promise<StreamableFile> {
    return this.evidence.zip(actor, termId);
  }
}
