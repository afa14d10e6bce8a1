import { Get, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { SeatService } from '../../features/learning/seat.service.js';
import { NewSeat } from '../../features/learning/seat.dto.js';
import { declineWords } from '../../features/notices/decline-words.js';
import { DeclineService } from '../../features/notices/decline.service.js';
import { NoticeService } from '../../features/notices/notice.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsId, IsName, IsText } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { Refusal } from '../../domain/refusal.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { wellFormed } from '../page/well-formed.js';
import { noticeChoicePage, noticeTitle, ownNoticePage, type RefusedNoticeForm } from './own-notice.page.js';
import { ownAddress, withoutSubscription } from './own-parts.js';
import { ownSeatsPage, seatWords } from './own-seats.page.js';
import { OwnQuery } from './own.controller.js';
import { OwnService, type OwnSubscriptions } from './own.service.js';

export class OwnNoticeForm {
  /** The person who signs for the customer. */
  @IsName({ max: 200 })
  signedBy!: string;

  @IsOptional()
  @IsText({ max: 2000 })
  note?: string;

  /** The person states that he or she may give the notice. */
  @IsIn(['true'])
  authorised!: 'true';
}

export class OwnWithdrawalForm {
  @IsName({ max: 200 })
  signedBy!: string;

  @IsText({ max: 2000 })
  reason!: string;

  @IsId()
  noticeId!: string;
}

/** What a customer does: assign and release learning seats, give a notice of non-renewal and take it back. */
@ConsoleController('own')
export class OwnFormsController {
  constructor(
    private readonly own: OwnService,
    private readonly seats: SeatService,
    private readonly declines: DeclineService,
    private readonly notices: NoticeService,
  ) {}

  @Get('seats')
  @ConsolePage('own-pages.use')
  async showSeats(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { subscriptionId }: OwnQuery,
  ): Promise<ShownPage> {
    return this.#seats(tx, reader, subscriptionId);
  }

  @Post('seats')
  @ConsolePage('own-pages.use')
  assignSeat(
    @Reader() reader: PageReader,
    @Query() { subscriptionId }: OwnQuery,
    @Typed(NewSeat) form: Form<NewSeat>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const own = await this.#chosen(tx, reader, subscriptionId);
        const { learnerName } = await this.seats.assign(tx, actor, own.chosen.id, wellFormed(form));
        const to = ownAddress('/seats', own.chosen.id, own.choices);
        return { to, said: say(seatWords[language].assigned, language, { learner: learnerName }) };
      },
      again: (tx, refusal) => this.#seats(tx, reader, subscriptionId, form.typed, refusal),
    };
  }

  @Post('seats/:id/release')
  @ConsolePage('own-pages.use')
  releaseSeat(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { subscriptionId, learnerName } = await this.seats.read(tx, actor, id);
        await this.seats.release(tx, actor, id);
        const { choices } = await this.#chosen(tx, reader, subscriptionId);
        const to = ownAddress('/seats', subscriptionId, choices);
        return { to, said: say(seatWords[language].released, language, { learner: learnerName }) };
      },
      again: (tx, refusal) => this.#seats(tx, reader, undefined, {}, refusal),
    };
  }

  @Get('notice')
  @ConsolePage('own-pages.use')
  async showNotice(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { subscriptionId }: OwnQuery,
  ): Promise<ShownPage> {
    return this.#notice(tx, reader, subscriptionId);
  }

  /** Sent again after its receipt, e.g. by a reload, the form records nothing: the rules refuse a second notice. */
  @Post('notice/:subscriptionId')
  @ConsolePage('own-pages.use')
  giveNotice(
    @Reader() reader: PageReader,
    @Param('subscriptionId') subscriptionId: string,
    @Typed(OwnNoticeForm) form: Form<OwnNoticeForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { signedBy, note } = wellFormed(form);
        const notice = { party: 'customer', channel: 'portal', signedBy, note } as const;
        const { effective } = await this.notices.give(tx, actor, subscriptionId, notice);
        const said = declineWords[language][effective ? 'headingGiven' : 'headingGivenLate'];
        return { to: `/console/own/notice?subscriptionId=${subscriptionId}`, said };
      },
      again: (tx, refusal) => this.#notice(tx, reader, subscriptionId, { form: 'notice', typed: form.typed, refusal }),
    };
  }

  @Post('notice/:subscriptionId/withdrawal')
  @ConsolePage('own-pages.use')
  withdrawNotice(
    @Reader() reader: PageReader,
    @Param('subscriptionId') subscriptionId: string,
    @Typed(OwnWithdrawalForm) form: Form<OwnWithdrawalForm>,
  ): FormSteps {
    return {
      act: async (tx) => {
        const { noticeId, signedBy, reason } = wellFormed(form);
        await this.notices.withdraw(tx, reader.actor, noticeId, { signedBy, reason });
        return { to: `/console/own/notice?subscriptionId=${subscriptionId}` };
      },
      again: (tx, refusal) =>
        this.#notice(tx, reader, subscriptionId, { form: 'withdrawal', typed: form.typed, refusal }),
    };
  }

  async #seats(
    tx: Transaction,
    reader: PageReader,
    subscriptionId: string | undefined,
    typed?: Readonly<Record<string, string>>,
    refusal?: Refusal,
  ): Promise<ShownPage> {
    const { actor, language } = reader;
    const own = await this.own.choose(tx, actor, language, subscriptionId);
    if (!own) return withoutSubscription(seatWords[language].title, reader);
    const { data } = await this.seats.list(tx, actor, own.chosen.id, { includeEnded: true, limit: 200 });
    return ownSeatsPage(own, data, reader, typed, refusal);
  }

  async #notice(
    tx: Transaction,
    reader: PageReader,
    subscriptionId: string | undefined,
    refused?: RefusedNoticeForm,
  ): Promise<ShownPage> {
    const { actor, language } = reader;
    const own = await this.own.choose(tx, actor, language, subscriptionId);
    if (!own) return withoutSubscription(noticeTitle(language), reader);
    if (own.choices.length > 1 && subscriptionId === undefined) return noticeChoicePage(own, reader);
    return ownNoticePage(own, await this.declines.standing(tx, actor, own.chosen.id), reader, refused);
  }

  async #chosen(tx: Transaction, reader: PageReader, subscriptionId: string | undefined): Promise<OwnSubscriptions> {
    const own = await this.own.choose(tx, reader.actor, reader.language, subscriptionId);
    if (!own) throw new Refusal('not-found');
    return own;
  }
}
