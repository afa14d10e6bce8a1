import { Get, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { instantAt } from '../../domain/calendar.js';
import { parties, type Party } from '../../domain/notice.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { Refusal } from '../../domain/refusal.js';
import { channels, type Channel } from '../../features/notices/notice.js';
import { NewWaiver, NewWithdrawal, type NewNotice } from '../../features/notices/notice.dto.js';
import { NoticeService } from '../../features/notices/notice.service.js';
import { PackageService } from '../../features/packages/package.service.js';
import { ReminderService } from '../../features/renewals/reminder.service.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import { UpgradeService } from '../../features/subscriptions/upgrade.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsName, IsText, QueryInt } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NoFields } from '../../platform/http/validation.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { dayText, minutesText } from '../words/formats.js';
import { noticeChangePage, noticePage, renewalPage, type RefusedTermForm } from './renewal.page.js';
import { RenewalPageService } from './renewal.service.js';
import { renewalWords } from './renewal.words.js';
import { sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { wellFormed } from '../page/well-formed.js';

class RenewalQuery {
  @IsOptional()
  @IsIn(packageCodes)
  upgradeTo?: PackageCode;

  @IsOptional()
  @IsDay()
  upgradeOn?: string;
}

class UpgradeFields {
  @IsIn(packageCodes)
  upgradeTo!: PackageCode;

  @IsDay()
  upgradeOn!: string;
}

class VersionField {
  /** The version of the subscription that the reader has seen. */
  @QueryInt()
  version!: number;
}

class NextPackageFields extends VersionField {
  @IsIn(packageCodes)
  nextPackage!: PackageCode;
}

class NoticeFields {
  /** Customers give only their own notice. */
  @IsOptional()
  @IsIn(parties)
  party?: Party;

  @IsName({ max: 200 })
  signedBy!: string;

  @IsOptional()
  @IsIn(channels)
  channel?: Channel;

  /** The day and time of receipt in the customer's zone. */
  @IsOptional()
  @IsDay()
  receivedOn?: string;

  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  receivedTime?: string;

  @IsOptional()
  @IsText({ max: 2_000 })
  note?: string;

  /** Only of customers, who sign for their company. */
  @IsOptional()
  @IsIn(['true'])
  authorised?: 'true';
}

/** The renewal of a subscription: notices, mails, the next package and upgrades. */
@ConsoleController('subscriptions/:id/renewal')
export class SubscriptionRenewalController {
  constructor(
    private readonly renewals: RenewalPageService,
    private readonly heads: SubscriptionHeads,
    private readonly notices: NoticeService,
    private readonly reminders: ReminderService,
    private readonly subscriptions: SubscriptionService,
    private readonly upgrades: UpgradeService,
    private readonly packages: PackageService,
  ) {}

  @Get()
  @ConsolePage('notices.read')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() query: RenewalQuery,
  ): Promise<ShownPage> {
    return renewalPage(await this.renewals.read(tx, reader, id, query), query, reader);
  }

  @Post('upgrade')
  @ConsolePage('upgrades.write')
  upgrade(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(UpgradeFields) form: Form<UpgradeFields>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { upgradeTo, upgradeOn } = wellFormed(form);
        const asked = { package: upgradeTo, effectiveOn: upgradeOn };
        const { change } = await this.upgrades.upgrade(tx, actor, id, asked, false);
        const said = say(renewalWords[language].upgraded, language, {
          package: this.#nameOf(change.to, reader),
          day: dayText(upgradeOn, language),
          added: minutesText(change.grantedAfterMinutes - change.grantedBeforeMinutes, language),
        });
        return { to: sectionPath(id, 'overview'), said };
      },
      again: (tx, refusal) => this.#again(tx, reader, id, { form: 'upgrade', typed: form.typed, refusal }),
    };
  }

  @Post('next-package')
  @ConsolePage('upgrades.write')
  setNextPackage(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(NextPackageFields) form: Form<NextPackageFields>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, nextPackage } = wellFormed(form);
        await this.subscriptions.setNextPackage(tx, actor, id, version, nextPackage);
        const said = say(renewalWords[language].nextSet, language, { package: this.#nameOf(nextPackage, reader) });
        return { to: sectionPath(id, 'renewal'), said };
      },
      again: (tx, refusal) => this.#again(tx, reader, id, { form: 'next-package', typed: form.typed, refusal }),
    };
  }

  @Post('next-package/dropped')
  @ConsolePage('upgrades.write')
  dropNextPackage(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(VersionField) form: Form<VersionField>,
  ): FormSteps {
    return {
      act: async (tx) => {
        await this.subscriptions.setNextPackage(tx, reader.actor, id, wellFormed(form).version, null);
        return { to: sectionPath(id, 'renewal'), said: renewalWords[reader.language].nextKept };
      },
      again: (tx, refusal) => this.#again(tx, reader, id, { form: 'next-package', typed: form.typed, refusal }),
    };
  }

  @Post('mails/:mailId/resend')
  @ConsolePage('reminders.resend')
  resend(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('mailId') mailId: string,
    @Typed(NoFields) form: Form<NoFields>,
  ): FormSteps {
    return {
      act: async (tx) => {
        await this.reminders.resend(tx, reader.actor, mailId);
        return { to: `${sectionPath(id, 'renewal')}#timeline`, said: renewalWords[reader.language].resent };
      },
      again: (tx, refusal) => this.#again(tx, reader, id, { form: 'mail', typed: form.typed, refusal }),
    };
  }

  @Get('notice')
  @ConsolePage('notices.give')
  async newNotice(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return noticePage(await this.heads.read(tx, reader, id), reader);
  }

  @Post('notice')
  @ConsolePage('notices.give')
  give(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(NoticeFields) form: Form<NoticeFields>,
  ): FormSteps {
    const { actor, language } = reader;
    const words = renewalWords[language];
    return {
      act: async (tx) => {
        const fields = wellFormed(form);
        const { contract, term } = await this.heads.read(tx, reader, id);
        const { effective } = await this.notices.give(tx, actor, id, noticeOf(fields, contract.timeZone, reader));
        const ends = say(words.given, language, { endsOn: dayText(term.endsOn, language) });
        const recorded = effective ? words.recorded : words.recordedLate;
        return { to: sectionPath(id, 'renewal'), said: actor.role === 'customer' && effective ? ends : recorded };
      },
      again: async (tx, refusal) =>
        noticePage(await this.heads.read(tx, reader, id), reader, { typed: form.typed, refusal }),
    };
  }

  @Get('notices/:noticeId/withdrawal')
  @ConsolePage('notices.withdraw')
  async newWithdrawal(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('noticeId') noticeId: string,
  ): Promise<ShownPage> {
    return noticeChangePage(await this.renewals.read(tx, reader, id), { noticeId, change: 'withdrawal' }, reader);
  }

  @Post('notices/:noticeId/withdrawal')
  @ConsolePage('notices.withdraw')
  withdraw(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('noticeId') noticeId: string,
    @Typed(NewWithdrawal) form: Form<NewWithdrawal>,
  ): FormSteps {
    return {
      act: async (tx) => {
        await this.notices.withdraw(tx, reader.actor, noticeId, wellFormed(form));
        return { to: sectionPath(id, 'renewal'), said: renewalWords[reader.language].withdrawnSaid };
      },
      again: async (tx, refusal) => {
        const renewal = await this.renewals.read(tx, reader, id);
        return noticeChangePage(renewal, { noticeId, change: 'withdrawal' }, reader, { typed: form.typed, refusal });
      },
    };
  }

  @Get('notices/:noticeId/waiver')
  @ConsolePage('notices.waive')
  async newWaiver(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('noticeId') noticeId: string,
  ): Promise<ShownPage> {
    return noticeChangePage(await this.renewals.read(tx, reader, id), { noticeId, change: 'waiver' }, reader);
  }

  @Post('notices/:noticeId/waiver')
  @ConsolePage('notices.waive')
  waive(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Param('noticeId') noticeId: string,
    @Typed(NewWaiver) form: Form<NewWaiver>,
  ): FormSteps {
    return {
      act: async (tx) => {
        await this.notices.waive(tx, reader.actor, noticeId, wellFormed(form));
        return { to: sectionPath(id, 'renewal'), said: renewalWords[reader.language].waivedSaid };
      },
      again: async (tx, refusal) => {
        const renewal = await this.renewals.read(tx, reader, id);
        return noticeChangePage(renewal, { noticeId, change: 'waiver' }, reader, { typed: form.typed, refusal });
      },
    };
  }

  async #again(tx: Transaction, reader: PageReader, id: string, again: RefusedTermForm): Promise<ShownPage> {
    return renewalPage(await this.renewals.read(tx, reader, id), {}, reader, again);
  }

  #nameOf(code: PackageCode, { language }: PageReader): string {
    return this.packages.table[code][0]!.name[language];
  }
}

/**
 * The notice of a form. Staff may say when it arrived; a day needs its time, because the moment of receipt decides.
 * @throws Refusal `malformed-body`
 */
function noticeOf(
  { party = 'customer', signedBy, channel, receivedOn, receivedTime, note, authorised }: NoticeFields,
  timeZone: string,
  { actor }: PageReader,
): NewNotice {
  const missing = (pointer: string) => new Refusal('malformed-body', {}, { errors: [{ pointer, code: 'required' }] });
  if (actor.role === 'customer') {
    if (authorised === undefined) throw missing('/authorised');
    return { party: 'customer', signedBy, channel: 'portal', ...(note && { note }) };
  }
  if (receivedOn === undefined && receivedTime !== undefined) throw missing('/receivedOn');
  if (receivedOn !== undefined && receivedTime === undefined) throw missing('/receivedTime');
  const receivedAt =
    receivedOn !== undefined && receivedTime !== undefined
      ? instantAt(receivedOn, receivedTime, timeZone).toISOString()
      : undefined;
  return { party, signedBy, channel: channel ?? 'other', ...(receivedAt && { receivedAt }), ...(note && { note }) };
}
