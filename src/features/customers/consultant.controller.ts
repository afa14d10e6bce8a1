import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ConsultantChange, ConsultantAnswer, ConsultantList, NewConsultant } from './consultant.dto.js';
import { ConsultantService } from './consultant.service.js';

@ApiTags('Consultants and product lines')
@Controller('v1/consultants')
export class ConsultantController {
  constructor(private readonly consultants: ConsultantService) {}

  /** Create a consultant */
  @Post()
  @Allow('consultants.write')
  @Refuses('email-already-used')
  createConsultant(@Tx() tx: Transaction, @Body() body: NewConsultant): Promise<ConsultantAnswer> {
    return this.consultants.enter(tx, body);
  }

  /** List consultants */
  @Get()
  @Allow('consultants.read')
  listConsultants(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<ConsultantList> {
    return this.consultants.list(tx, query);
  }

  /** Get a consultant */
  @Get(':id')
  @Allow('consultants.read')
  getConsultant(@Tx() tx: Transaction, @Param('id') id: string): Promise<ConsultantAnswer> {
    return this.consultants.read(tx, id);
  }

  /** Change a consultant */
  @Patch(':id')
  @Allow('consultants.write')
  @Refuses('email-already-used')
  updateConsultant(
    @Tx() tx: Transaction,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ConsultantChange,
  ): Promise<ConsultantAnswer> {
    return this.consultants.change(tx, id, version, body);
  }
}
