import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Transaction } from '../../platform/database.js';
import type { Language } from '../../platform/http/language.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import type { PageAnswer, Rendering } from '../../platform/pages/page.js';
import {
  AskedLanguage,
  PublicPage,
  TakesForm,
  Typed,
  VisitedFrom,
  type Visitor,
} from '../../platform/pages/page.decorators.js';
import { DeclineForm, DeclineWithdrawalForm } from './decline.dto.js';
import { DeclineService } from './decline.service.js';

/** The personal page behind the link in a reminder. */
@Controller('decline')
export class DeclineController {
  constructor(private readonly declines: DeclineService) {}

  /** Shows the facts, or the receipt, and changes nothing however often it is opened; `?lang=` chooses `en` or `ja`. */
  @Get([':token', ':token/withdrawal'])
  @PublicPage()
  show(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @AskedLanguage() language: Language | undefined,
  ): Promise<PageAnswer> {
    return this.declines.show(tx, token, language);
  }

  /** Gives the customer's notice of non-renewal: `signedBy` and, if wanted, `note`, as a form or as JSON. */
  @Post(':token')
  @TakesForm(DeclineForm)
  @HttpCode(200)
  @PublicPage()
  give(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @Typed(DeclineForm) form: Form<DeclineForm>,
    @VisitedFrom() visitor: Visitor,
    @AskedLanguage() language: Language | undefined,
  ): Promise<Rendering> {
    return this.declines.give(tx, token, form, visitor, language);
  }

  /** Takes that notice back, until the last day for one: `signedBy` and `reason`, as a form or as JSON. */
  @Post(':token/withdrawal')
  @TakesForm(DeclineWithdrawalForm)
  @HttpCode(200)
  @PublicPage()
  withdraw(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @Typed(DeclineWithdrawalForm) form: Form<DeclineWithdrawalForm>,
    @VisitedFrom() visitor: Visitor,
    @AskedLanguage() language: Language | undefined,
  ): Promise<Rendering> {
    return this.declines.withdraw(tx, token, form, visitor, language);
  }
}
