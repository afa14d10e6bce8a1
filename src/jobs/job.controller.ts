import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath, ApiTags } from '@nestjs/swagger';
import type { Transaction } from '../platform/database/transaction.js';
import { Allow, Refuses } from '../platform/http/access.decorators.js';
import { DryRunQuery } from '../platform/http/dry-run.dto.js';
import { KeepsAnswer } from '../platform/http/kept-answer.interceptor.js';
import { Tx } from '../platform/http/transaction.decorators.js';
import { DryRunAnswer, JobRunAnswer, JobRunList, JobRunsQuery } from './job.dto.js';
import { JobService } from './job.service.js';

@ApiTags('Operation')
@Controller('v1/jobs')
export class JobController {
  constructor(private readonly jobs: JobService) {}

  /**
   * List the jobs and their runs
   * @remarks The schedule with the next due time of each job, and the runs, newest first.
   */
  @Get()
  @Allow('jobs.manage')
  listJobs(@Tx() tx: Transaction, @Query() query: JobRunsQuery): Promise<JobRunList> {
    return this.jobs.list(tx, query);
  }

  /**
   * Run a job now
   * @remarks The answer comes when the run is done and says how it ended. With `dryRun=true`, it lists what the run
   * would do.
   */
  @Post(':name/run')
  @HttpCode(200)
  @Allow('jobs.manage', 'own-transaction')
  @Refuses('job-unknown', 'job-running', 'dry-run-not-supported')
  @KeepsAnswer()
  @ApiExtraModels(JobRunAnswer, DryRunAnswer)
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(JobRunAnswer) }, { $ref: getSchemaPath(DryRunAnswer) }] },
  })
  runJob(@Param('name') name: string, @Query() { dryRun }: DryRunQuery): Promise<JobRunAnswer | DryRunAnswer> {
    return dryRun ? this.jobs.dryRun(name) : this.jobs.run(name);
  }
}
