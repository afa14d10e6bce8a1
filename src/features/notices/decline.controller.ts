import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Refuses } from '../../platform/http/access.decorators.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
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
@ApiTags('Pages for customers')
@Controller('decline')
export class DeclineController {
  constructor(private readonly declines: DeclineService) {}

  /**
   * Show the page to decline a renewal
   * @remarks The page behind the personal link in a reminder. It shows the facts, or the receipt of a notice. Opening
   * it changes nothing.
   */
  @Get(':token')
  @PublicPage()
  @Refuses('link-not-valid')
  showDeclinePage(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @AskedLanguage() language: Language | undefined,
  ): Promise<PageAnswer> {
    return this.declines.show(tx, token, language);
  }

  /**
   * Show the page again after a withdrawal
   * @remarks A browser comes here when somebody reloads the answer to the form. Opening the page changes nothing.
   */
  @Get(':token/withdrawal')
  @PublicPage()
  @Refuses('link-not-valid')
  showDeclinePageAgain(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @AskedLanguage() language: Language | undefined,
  ): Promise<PageAnswer> {
    return this.declines.show(tx, token, language);
  }

  /**
   * Give notice on the page
   * @remarks Records the notice of non-renewal of the customer. Send a form or JSON.
   */
  @Post(':token')
  @TakesForm(DeclineForm)
  @HttpCode(200)
  @PublicPage()
  @Refuses('link-not-valid')
  declineRenewal(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @Typed(DeclineForm) form: Form<DeclineForm>,
    @VisitedFrom() visitor: Visitor,
    @AskedLanguage() language: Language | undefined,
  ): Promise<Rendering> {
    return this.declines.give(tx, token, form, visitor, language);
  }

  /**
   * Withdraw the notice on the page
   * @remarks Possible until `noticeDeadline`. Send a form or JSON.
   */
  @Post(':token/withdrawal')
  @TakesForm(DeclineWithdrawalForm)
  @HttpCode(200)
  @PublicPage()
  @Refuses('link-not-valid')
  withdrawDecline(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @Typed(DeclineWithdrawalForm) form: Form<DeclineWithdrawalForm>,
    @VisitedFrom() visitor: Visitor,
    @AskedLanguage() language: Language | undefined,
  ): Promise<Rendering> {
    return this.declines.withdraw(tx, token, form, visitor, language);
  }
}
