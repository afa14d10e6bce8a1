import { Get, Param, Post, Query } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { ContractService } from '../../features/subscriptions/contract.service.js';
import { JobService } from '../../jobs/job.service.js';
import type { JobName } from '../../jobs/job.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { RefusalPage } from '../parts/refusal.js';
import { dryRunPage, jobPage, jobsPage, ranText, subscriptionText } from './jobs.page.js';
import { jobsWords } from './jobs.words.js';

const runsOfPage = 20;

/** The jobs with their runs and their quarantine, for administrators. */
@ConsoleController('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobService,
    private readonly contracts: ContractService,
    private readonly database: Database,
  ) {}

  @Get()
  @ConsolePage('jobs.manage')
  async list(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<ShownPage> {
    return jobsPage(reader, await this.jobs.list(tx, { limit: 1 }));
  }

  @Get(':name')
  @ConsolePage('jobs.manage')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('name') name: string,
    @Query() { cursor }: PageQuery,
  ): Promise<ShownPage> {
    const { jobs, data, nextCursor } = await this.jobs.list(tx, { job: name as JobName, limit: runsOfPage, cursor });
    const job = jobs.find((one) => one.name === name);
    if (!job) throw new Refusal('job-unknown', { name: name.slice(0, 100) });
    return jobPage(reader, {
      job,
      runs: data,
      nextHref: nextCursor === null ? null : `/console/jobs/${name}?cursor=${encodeURIComponent(nextCursor)}`,
      names: await this.contracts.names(
        tx,
        job.setAside.map(({ subscriptionId }) => subscriptionId),
      ),
      hasDryRun: this.jobs.hasDryRun(job.name as JobName),
    });
  }

  /** A dry run writes in transactions that are rolled back, so it opens its own. */
  @Get(':name/dry-run')
  @ConsolePage('jobs.manage', 'own-transaction')
  async dryRun(@Reader() reader: PageReader, @Param('name') name: string): Promise<ShownPage> {
    const answer = await this.jobs.dryRun(name);
    const ids = answer.wouldHappen.map(({ subscriptionId }) => subscriptionId);
    return dryRunPage(reader, answer, await this.database.read((tx) => this.contracts.names(tx, ids)));
  }

  @Post(':name/run')
  @ConsolePage('jobs.manage', 'own-transaction')
  run(@Reader() reader: PageReader, @Param('name') name: string): FormSteps {
    return {
      act: async () => {
        const run = await this.jobs.run(name);
        return { to: `/console/jobs/${name}`, said: ranText(run, reader.language) };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }

  @Post(':name/quarantine/:id')
  @ConsolePage('jobs.manage')
  release(@Reader() reader: PageReader, @Param('name') name: string, @Param('id') id: string): FormSteps {
    return {
      act: async (tx) => {
        await this.jobs.release(tx, name, id);
        const subscription = subscriptionText((await this.contracts.names(tx, [id])).get(id), id);
        const { language } = reader;
        return {
          to: `/console/jobs/${name}`,
          said: say(jobsWords[language].released, language, { name: subscription }),
        };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }
}
