import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { Transaction } from '../platform/database.js';
import { Allow } from '../platform/http/access.decorators.js';
import { KeepsAnswer } from '../platform/http/kept-answer.interceptor.js';
import { Tx } from '../platform/http/transaction.decorators.js';
import { DryRunAnswer, JobRunAnswer, JobRunList, JobRunQuery, JobRunsQuery } from './job.dto.js';
import { JobService } from './job.service.js';

@Controller('v1/jobs')
export class JobController {
  constructor(private readonly jobs: JobService) {}

  @Get()
  @Allow('jobs.manage')
  list(@Tx() tx: Transaction, @Query() query: JobRunsQuery): Promise<JobRunList> {
    return this.jobs.list(tx, query);
  }

  /** Runs a job now and answers when it is done, with how it ended; with `dryRun`, what it would do. */
  @Post(':name/run')
  @HttpCode(200)
  @Allow('jobs.manage', 'own-transaction')
  @KeepsAnswer()
  @ApiExtraModels(JobRunAnswer, DryRunAnswer)
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(JobRunAnswer) }, { $ref: getSchemaPath(DryRunAnswer) }] },
  })
  run(@Param('name') name: string, @Query() { dryRun }: JobRunQuery): Promise<JobRunAnswer | DryRunAnswer> {
    return dryRun ? this.jobs.dryRun(name) : this.jobs.run(name);
  }
}
