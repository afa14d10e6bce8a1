import { Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { packageCodes, packageOn, type PackageCode } from '../../domain/package.js';
import { Refusal } from '../../domain/refusal.js';
import { PackageService } from '../../features/packages/package.service.js';
import type { WhatIfQuestion } from '../../features/what-if/what-if.dto.js';
import { WhatIfService } from '../../features/what-if/what-if.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsText } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { SubscriptionHeads } from './subscription.head.js';
import { typedHours } from '../page/well-formed.js';
import { whatIfPage, type WhatIf } from './what-if.page.js';

class WhatIfQuery {
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** Default: today. */
  @IsOptional()
  @IsDay()
  packageOn?: string;

  @IsOptional()
  @IsText({ max: 20 })
  topUpHours?: string;

  /** Default: today. */
  @IsOptional()
  @IsDay()
  topUpOn?: string;

  @IsOptional()
  @IsText({ max: 20 })
  monthlyHours?: string;

  @IsOptional()
  @IsDay()
  noticeOn?: string;
}

/** The figures to which changes of the current term would lead. */
@ConsoleController('subscriptions/:id/what-if')
export class WhatIfPageController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly whatIfs: WhatIfService,
    private readonly packages: PackageService,
  ) {}

  @Get()
  @ConsolePage('what-if.read')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() query: WhatIfQuery,
  ): Promise<ShownPage> {
    const head = await this.heads.read(tx, reader, id);
    const { today } = head;
    const shown: WhatIf = {
      head,
      typed: { ...query },
      packages: packageCodes.flatMap((code) => packageOn(this.packages.table, code, today) ?? []),
      now: null,
      then: null,
      refusal: undefined,
    };
    try {
      shown.now = await this.whatIfs.answer(tx, reader.actor, id, {});
      const question = questionOf(query, today);
      if (Object.keys(question).length > 0) shown.then = await this.whatIfs.answer(tx, reader.actor, id, question);
    } catch (error) {
      // The rules judge the question from the snapshot of the page. A refusal is part of the page.
      if (!(error instanceof Refusal)) throw error;
      shown.refusal = error;
    }
    return whatIfPage(shown, reader);
  }
}

/** @throws Refusal `malformed-body` for an amount of time that cannot be read */
function questionOf(
  { package: code, packageOn: upgradeOn, topUpHours, topUpOn, monthlyHours, noticeOn }: WhatIfQuery,
  today: string,
): WhatIfQuestion {
  return {
    ...(code !== undefined && { upgrade: { package: code, on: upgradeOn ?? today } }),
    ...(topUpHours !== undefined && {
      topUp: { minutes: typedHours(topUpHours, 'topUpHours'), on: topUpOn ?? today },
    }),
    ...(monthlyHours !== undefined && { monthlyMinutes: typedHours(monthlyHours, 'monthlyHours') }),
    ...(noticeOn !== undefined && { noticeOn }),
  };
}
