import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
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

@ApiTags('Report schedules')
@Controller('v1/report-schedules')
export class ReportScheduleController {
  constructor(
    private readonly schedules: ReportScheduleService,
    private readonly mails: ReportDeliveryService,
  ) {}

  /**
   * Send a report by mail every month
   * @remarks The report goes out on `dayOfMonth`. It shows what its owner may see at that moment.
   */
  @Post()
  @Allow('reports.schedule')
  @Refuses('customer-unknown', 'not-a-csm', 'roles-need-customer', 'report-not-for-customers', 'rules-violated')
  createReportSchedule(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Body() body: NewReportSchedule,
  ): Promise<ReportScheduleAnswer> {
    return this.schedules.enter(tx, actor, body);
  }

  /** List report schedules */
  @Get()
  @Allow('reports.schedule')
  listReportSchedules(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Query() query: PageQuery,
  ): Promise<ReportScheduleList> {
    return this.schedules.list(tx, actor, query);
  }

  /** Get a report schedule */
  @Get(':id')
  @Allow('reports.schedule')
  getReportSchedule(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
  ): Promise<ReportScheduleAnswer> {
    return this.schedules.read(tx, actor, id);
  }

  /** Change a report schedule */
  @Patch(':id')
  @Allow('reports.schedule')
  @Refuses('customer-unknown', 'not-a-csm', 'roles-need-customer', 'report-not-for-customers', 'rules-violated')
  updateReportSchedule(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReportScheduleChange,
  ): Promise<ReportScheduleAnswer> {
    return this.schedules.change(tx, actor, id, version, body);
  }

  /**
   * Delete a report schedule
   * @remarks No further mail goes out. Links in earlier mails stop working at once.
   */
  @Delete(':id')
  @HttpCode(204)
  @Allow('reports.schedule')
  deleteReportSchedule(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
  ): Promise<void> {
    return this.schedules.delete(tx, actor, id, version);
  }

  /**
   * Send a scheduled report now
   * @remarks The report covers the same days as if it went out this month. The monthly run does not change.
   */
  @Post(':id/run')
  @HttpCode(200)
  @Allow('reports.schedule')
  @Refuses('report-owner-lost-sight')
  runReportSchedule(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<ReportRunAnswer> {
    return this.schedules.run(tx, actor, id);
  }

  /**
   * List the mails of a report schedule
   * @remarks Sent, failed and waiting mails, and the next ones.
   */
  @Get(':id/deliveries')
  @Allow('reports.schedule')
  listReportDeliveries(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<ReportDeliveryList> {
    return this.mails.list(tx, actor, id, query);
  }

  /**
   * Send a failed report mail again
   * @remarks The service sends the same message, with all its retries.
   */
  @Post(':id/deliveries/:mailId/resend')
  @HttpCode(200)
  @Allow('reports.schedule')
  @Refuses('mail-not-failed', 'mail-no-longer-true')
  resendReportDelivery(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Param('mailId') mailId: string,
  ): Promise<ReportDeliveryAnswer> {
    return this.mails.resend(tx, actor, id, mailId);
  }
}
