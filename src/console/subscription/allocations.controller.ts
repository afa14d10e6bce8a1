import { Get, Param, Post, Query } from '@nestjs/common';
import { AllocationService } from '../../features/allocations/allocation.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, Fragment, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { minutesText } from '../words/formats.js';
import { AllocationFields, allocationsOf } from './allocation-fields.js';
import { allocationsPage, Sum, sumTyped } from './allocations.page.js';
import { AllocationsPageService } from './allocations.service.js';
import { allocationsWords } from './allocations.words.js';
import { sectionPath } from './subscription.frame.js';
import { wellFormed } from '../page/well-formed.js';

/** The allocations of the current term. */
@ConsoleController('subscriptions/:id/allocations')
export class AllocationsController {
  constructor(
    private readonly pages: AllocationsPageService,
    private readonly allocations: AllocationService,
  ) {}

  @Get()
  @ConsolePage('allocations.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return allocationsPage(await this.pages.read(tx, reader, id), reader);
  }

  /** The sum of what somebody types, without a judgement by the rules. */
  @Get('sum')
  @ConsolePage('allocations.write')
  async sum(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() query: AllocationFields,
  ): Promise<Fragment> {
    const sum = sumTyped(await this.pages.read(tx, reader, id), query as unknown as Record<string, string>);
    return { fragment: Sum({ sum, reader }) };
  }

  @Post()
  @ConsolePage('allocations.write')
  save(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(AllocationFields) form: Form<AllocationFields>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const fields = wellFormed(form);
        const allocations = allocationsOf(fields);
        const { unallocatedMinutes } = await this.allocations.replace(tx, actor, id, fields.version, { allocations });
        const unallocated = minutesText(unallocatedMinutes, language);
        return {
          to: sectionPath(id, 'allocations'),
          said: say(allocationsWords[language].saved, language, { unallocated }),
        };
      },
      again: async (tx, refusal) =>
        allocationsPage(await this.pages.read(tx, reader, id), reader, { typed: form.typed, refusal }),
    };
  }
}
