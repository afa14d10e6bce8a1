import { Get, Param, Post, Query } from '@nestjs/common';
import { IsOptional, IsString, Min } from 'class-validator';
import { NewConsultant } from '../../features/customers/consultant.dto.js';
import { ConsultantService } from '../../features/customers/consultant.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { QueryInt } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { wellFormed } from '../page/well-formed.js';
import { masterFormPage, masterListPage } from './master-data.page.js';
import { masterDataWords } from './master-data.words.js';

class ConsultantsQuery extends PageQuery {
  /** A part of the name or email address. */
  @IsOptional()
  @IsString()
  q?: string;
}

class ChangedConsultant extends NewConsultant {
  @QueryInt()
  @Min(1)
  version!: number;
}

const mostFound = 50;

/** The consultants. All staff read the list, and administrators keep it. */
@ConsoleController('consultants')
export class ConsultantsController {
  constructor(private readonly consultants: ConsultantService) {}

  @Get()
  @ConsolePage('consultants.read')
  async list(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { q = '', limit, cursor }: ConsultantsQuery,
  ): Promise<ShownPage> {
    const asked = q.trim();
    if (asked !== '') {
      const found = await this.consultants.matching(tx, asked, mostFound);
      const rows = found.map(({ id, name, email }) => ({ id, name, mark: email }));
      return masterListPage(reader, 'consultants', { rows, nextHref: null, asked });
    }
    const { data, nextCursor } = await this.consultants.list(tx, { limit, cursor });
    const rows = data.map(({ id, name, email, createdAt }) => ({ id, name, mark: email, createdAt }));
    const nextHref = nextCursor === null ? null : `/console/consultants?cursor=${encodeURIComponent(nextCursor)}`;
    return masterListPage(reader, 'consultants', { rows, nextHref });
  }

  @Get('new')
  @ConsolePage('consultants.write')
  enterForm(@Reader() reader: PageReader): ShownPage {
    return masterFormPage(reader, 'consultants', { typed: {} });
  }

  @Post()
  @ConsolePage('consultants.write')
  enter(@Reader() reader: PageReader, @Typed(NewConsultant) { typed, checked }: Form<NewConsultant>): FormSteps {
    const { language } = reader;
    return {
      act: async (tx) => {
        const { name } = await this.consultants.enter(tx, wellFormed({ checked }));
        return {
          to: '/console/consultants',
          said: say(masterDataWords[language].consultants.added, language, { name }),
        };
      },
      again: async (_tx, refusal) => masterFormPage(reader, 'consultants', { typed, refusal }),
    };
  }

  @Get(':id')
  @ConsolePage('consultants.write')
  async changeForm(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    const { name, email, version } = await this.consultants.read(tx, id);
    return masterFormPage(reader, 'consultants', {
      row: { id, name },
      typed: { name, email, version: String(version) },
    });
  }

  @Post(':id')
  @ConsolePage('consultants.write')
  change(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(ChangedConsultant) { typed, checked }: Form<ChangedConsultant>,
  ): FormSteps {
    const { language } = reader;
    return {
      act: async (tx) => {
        const { version, ...change } = wellFormed({ checked });
        const { name } = await this.consultants.change(tx, id, version, change);
        return {
          to: '/console/consultants',
          said: say(masterDataWords[language].consultants.changed, language, { name }),
        };
      },
      again: async (tx, refusal) => {
        const { name } = await this.consultants.read(tx, id);
        return masterFormPage(reader, 'consultants', { row: { id, name }, typed, refusal });
      },
    };
  }
}
