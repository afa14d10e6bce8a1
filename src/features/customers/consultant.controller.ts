import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Transaction } from '../../platform/database.js';
import { Allow } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ConsultantChange, ConsultantAnswer, ConsultantList, NewConsultant } from './consultant.dto.js';
import { ConsultantService } from './consultant.service.js';

@Controller('v1/consultants')
export class ConsultantController {
  constructor(private readonly consultants: ConsultantService) {}

  @Post()
  @Allow('consultants.write')
  enter(@Tx() tx: Transaction, @Body() body: NewConsultant): Promise<ConsultantAnswer> {
    return this.consultants.enter(tx, body);
  }

  @Get()
  @Allow('consultants.read')
  list(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<ConsultantList> {
    return this.consultants.list(tx, query);
  }

  @Get(':id')
  @Allow('consultants.read')
  read(@Tx() tx: Transaction, @Param('id') id: string): Promise<ConsultantAnswer> {
    return this.consultants.read(tx, id);
  }

  @Patch(':id')
  @Allow('consultants.write')
  change(
    @Tx() tx: Transaction,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ConsultantChange,
  ): Promise<ConsultantAnswer> {
    return this.consultants.change(tx, id, version, body);
  }
}
