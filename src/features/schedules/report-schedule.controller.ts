import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ReportDeliveryAnswer, ReportDeliveryList } from './report-delivery.dto.js';
import { ReportDeliveryService } from './report-delivery.service.js';
import {
  NewReportSchedule,
  ReportRunAnswer,
  ReportScheduleAnswer,
  ReportScheduleChange,
  ReportScheduleList,
} from './report-schedule.dto.js';
import { ReportScheduleService } from './report-schedule.service.js';

@Controller('v1/report-schedules')
export class ReportScheduleController {
  constructor(
    private readonly schedules: ReportScheduleService,
    private readonly mails: ReportDeliveryService,
  ) {}

  /** Has a report come by mail on a day of each month, with what its owner may see when it goes out. */
  @Post()
  @Allow('reports.schedule')
  enter(@Tx() tx: Transaction, @Who() actor: Actor, @Body() body: NewReportSchedule): Promise<ReportScheduleAnswer> {
    return this.schedules.enter(tx, actor, body);
  }

  @Get()
  @Allow('reports.schedule')
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: PageQuery): Promise<ReportScheduleList> {
    return this.schedules.list(tx, actor, query);
  }

  @Get(':id')
  @Allow('reports.schedule')
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<ReportScheduleAnswer> {
    return this.schedules.read(tx, actor, id);
  }

  @Patch(':id')
  @Allow('reports.schedule')
  change(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReportScheduleChange,
  ): Promise<ReportScheduleAnswer> {
    return this.schedules.change(tx, actor, id, version, body);
  }

  /** Ends a schedule: nothing goes out any more, and links in mails that were sent are dead from now on. */
  @Delete(':id')
  @HttpCode(204)
  @Allow('reports.schedule')
  delete(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
  ): Promise<void> {
    return this.schedules.delete(tx, actor, id, version);
  }

  /** Sends the report to its recipients now, as it would go out in this month; its own day stays as it is. */
  @Post(':id/run')
  @HttpCode(200)
  @Allow('reports.schedule')
  run(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<ReportRunAnswer> {
    return this.schedules.run(tx, actor, id);
  }

  /** The mails of a report: sent, failed and waiting, and those that come next. */
  @Get(':id/deliveries')
  @Allow('reports.schedule')
  deliveries(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<ReportDeliveryList> {
    return this.mails.list(tx, actor, id, query);
  }

  /** Sends a failed mail again, with all its retries. */
  @Post(':id/deliveries/:mailId/resend')
  @HttpCode(200)
  @Allow('reports.schedule')
  resend(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Param('mailId') mailId: string,
  ): Promise<ReportDeliveryAnswer> {
    return this.mails.resend(tx, actor, id, mailId);
  }
}
