import { Get, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { expectations, type Expectation } from '../../domain/outlook.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { MailListService } from '../../features/mails/mail-list.service.js';
import { OutlookService } from '../../features/outlook/outlook.service.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsText, QueryInt } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { Refusal } from '../../domain/refusal.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { ownPath } from '../page/own-path.js';
import { wellFormed } from '../page/well-formed.js';
import { dayText, minutesText } from '../words/formats.js';
import { renewalsPage } from './renewals.page.js';
import type { RefusedRenewalForm } from './renewals.shown.js';
import { RenewalsPageQuery } from './renewals.query.js';
import { RenewalPagesService } from './renewals.service.js';
import { expectationText, renewalsWords } from './renewals.words.js';

class BackForm {
  /** The page to go back to, with its filter. */
  @IsOptional()
  @IsString()
  from?: string;
}

export class RenewalOutlookForm extends BackForm {
  /** The number of outlooks that the reader has seen. */
  @QueryInt()
  version!: number;

  @IsIn(expectations)
  expectation!: Expectation;

  @IsOptional()
  @IsText({ max: 2_000 })
  reason?: string;

  @IsOptional()
  @IsText({ max: 500 })
  nextStep?: string;

  @IsOptional()
  @IsDay()
  nextStepOn?: string;
}

export class NextPackageForm extends BackForm {
  /** The version of the subscription that the reader has seen. Without it, e.g. in an undo, the present one. */
  @IsOptional()
  @QueryInt()
  version?: number;

  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;
}

export class NextPackageUndo {
  /** The package that was set before; without it, the present package stays. */
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;
}

/** The renewals of a portfolio: by deadline, or by where each contract stands. */
@ConsoleController('renewals')
export class RenewalsController {
  constructor(
    private readonly pages: RenewalPagesService,
    private readonly outlooks: OutlookService,
    private readonly subscriptions: SubscriptionService,
    private readonly mails: MailListService,
  ) {}

  @Get()
  @ConsolePage('renewals.read')
  show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() query: RenewalsPageQuery): Promise<ShownPage> {
    return this.#page(tx, reader, query);
  }

  @Post(':subscriptionId/outlook')
  @ConsolePage('outlook.write')
  stateOutlook(
    @Reader() reader: PageReader,
    @Param('subscriptionId') id: string,
    @Typed(RenewalOutlookForm) form: Form<RenewalOutlookForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, from, ...outlook } = wellFormed(form);
        await this.outlooks.state(tx, actor, id, version, outlook);
        const { customerName: customer } = await this.subscriptions.read(tx, actor, id);
        const expectation = expectationText(outlook.expectation, language);
        return {
          to: backTo(from, id),
          said: say(renewalsWords[language].outlookStated, language, { customer, expectation }),
        };
      },
      again: (tx, refusal) => this.#again(tx, reader, 'outlook', id, form.typed, refusal),
    };
  }

  @Post(':subscriptionId/next-package')
  @ConsolePage('upgrades.write')
  setNextPackage(
    @Reader() reader: PageReader,
    @Param('subscriptionId') id: string,
    @Typed(NextPackageForm) form: Form<NextPackageForm>,
  ): FormSteps {
    return {
      act: async (tx) => {
        const { version, from, package: wanted } = wellFormed(form);
        return this.#setPackage(tx, reader, id, { wanted, version, to: backTo(from, id) });
      },
      again: (tx, refusal) => this.#again(tx, reader, 'package', id, form.typed, refusal),
    };
  }

  /** The button beside the message of `setNextPackage`. */
  @Post(':subscriptionId/next-package/undo')
  @ConsolePage('upgrades.write')
  undoNextPackage(
    @Reader() reader: PageReader,
    @Param('subscriptionId') id: string,
    @Query() { package: wanted }: NextPackageUndo,
  ): FormSteps {
    return {
      act: (tx) => this.#setPackage(tx, reader, id, { wanted, to: '/console/renewals' }),
      again: (tx, refusal) => this.#again(tx, reader, 'package', id, {}, refusal),
    };
  }

  @Post('mails/:mailId/resend')
  @ConsolePage('reminders.resend')
  resend(
    @Reader() reader: PageReader,
    @Param('mailId') mailId: string,
    @Typed(BackForm) form: Form<BackForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { subscriptionId, recipient } = await this.mails.resend(tx, actor, mailId);
        const to = backTo(wellFormed(form).from, subscriptionId ?? '');
        return { to, said: say(renewalsWords[language].resent, language, { recipient: recipient.name }) };
      },
      again: (tx, refusal) => this.#page(tx, reader, {}, { refusal, typed: {} }),
    };
  }

  async #page(
    tx: Transaction,
    reader: PageReader,
    query: RenewalsPageQuery,
    refused?: RefusedRenewalForm,
  ): Promise<ShownPage> {
    return renewalsPage(await this.pages.read(tx, reader.actor, reader.language, query), reader, refused);
  }

  /** The page from which the form came, with the form open. */
  #again(
    tx: Transaction,
    reader: PageReader,
    edit: 'outlook' | 'package',
    subscriptionId: string,
    typed: Readonly<Record<string, string>>,
    refusal: Refusal,
  ): Promise<ShownPage> {
    const { view, csmId, month, outlook } = filterOf(typed.from);
    const query = { view, csmId, month, outlook, edit, subscriptionId };
    return this.#page(tx, reader, query, { refusal, typed });
  }

  /** Sets the next package, or drops it: the present package counts as no change. */
  async #setPackage(
    tx: Transaction,
    { actor, language }: PageReader,
    id: string,
    { wanted, version, to }: { wanted: PackageCode | undefined; version?: number; to: string },
  ): Promise<{ to: string; said: string; undo?: { action: string; label: string } }> {
    const before = await this.subscriptions.read(tx, actor, id);
    const next = wanted === undefined || wanted === before.package ? null : wanted;
    // An unchanged choice is no fault: the page says what renews.
    if (next !== before.nextPackage) {
      await this.subscriptions.setNextPackage(tx, actor, id, version ?? before.version, next);
    }
    const { startsOn, offered, present } = this.pages.choiceOf(before);
    const { name, grantedMinutes } = offered.find(({ code }) => code === next) ?? present;
    const words = renewalsWords[language];
    const said = say(next === null ? words.packageKept : words.packageSet, language, {
      customer: before.customerName,
      package: name[language],
      granted: minutesText(grantedMinutes, language),
      day: dayText(startsOn, language),
    });
    if (next === before.nextPackage) return { to, said };
    const action = `/console/renewals/${id}/next-package/undo`;
    const undone = before.nextPackage === null ? action : `${action}?package=${before.nextPackage}`;
    return { to, said, undo: { action: undone, label: words.undo } };
  }
}

/** Back to the page with its filter, at the card. */
const backTo = (from: string | undefined, subscriptionId: string): string =>
  `${ownPath(from) ?? '/console/renewals'}#renewal-${subscriptionId}`;

/** The filter of the page that a form came from. It was a valid query when the page was shown. */
function filterOf(from: string | undefined): RenewalsPageQuery {
  const query = new URL(ownPath(from) ?? '/console/renewals', 'http://console').searchParams;
  return Object.fromEntries(query);
}
