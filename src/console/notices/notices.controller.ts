import { Get, Post, Query } from '@nestjs/common';
import { visibilityOf } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { AttentionService } from '../../features/attention/attention.service.js';
import type { NoticePreview } from '../../features/notices/notice.dto.js';
import { NoticeService } from '../../features/notices/notice.service.js';
import type { SubscriptionName } from '../../features/subscriptions/contract.js';
import { ContractService } from '../../features/subscriptions/contract.service.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { wellFormed } from '../page/well-formed.js';
import { dayText } from '../words/formats.js';
import { NewNoticeQuery, NoticeForm, NoticesQuery, receiptOf } from './notices.forms.js';
import { chooseNoticePage, newNoticePage } from './new-notice.page.js';
import { noticesPage } from './notices.page.js';
import { noticesWords } from './notices.words.js';

/** How many near deadlines the page lists. */
const mostNear = 20;

/** The notices of all subscriptions, and the recording of one that arrived. */
@ConsoleController('notices')
export class NoticesController {
  constructor(
    private readonly notices: NoticeService,
    private readonly attentions: AttentionService,
    private readonly contracts: ContractService,
  ) {}

  // Customers have a page of their own.
  @Get()
  @ConsolePage('renewals.read')
  async list(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() query: NoticesQuery): Promise<ShownPage> {
    const { actor, language } = reader;
    const { standing = 'standing', ...paging } = query;
    const list = await this.notices.listAll(tx, actor, standing, paging);
    const asked = { reason: 'notice-deadline-near', limit: mostNear } as const;
    const near = query.cursor === undefined ? (await this.attentions.list(tx, actor, asked, language)).data : [];
    return noticesPage({ reader, standing, list, near });
  }

  @Get('new')
  @ConsolePage('notices.give')
  new(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { subscription }: NewNoticeQuery,
  ): Promise<ShownPage> {
    return this.#newPage(tx, reader, subscription, {});
  }

  @Post('new')
  @ConsolePage('notices.give')
  record(@Reader() reader: PageReader, @Typed(NoticeForm) form: Form<NoticeForm>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { subscription, step, receivedOn, receivedTime, ...asked } = wellFormed(form);
        const { timeZone, customer } = await this.#subscription(tx, reader, subscription);
        const receivedAt = receiptOf({ receivedOn, receivedTime }, timeZone);
        const preview = await this.notices.preview(tx, actor, subscription, {
          party: asked.party,
          receivedAt: receivedAt ?? reader.now,
        });
        if (step === 'check') return this.#newPage(tx, reader, subscription, form.typed, { preview });
        const notice = { ...asked, ...(receivedAt && { receivedAt: receivedAt.toISOString() }) };
        const { effective } = await this.notices.give(tx, actor, subscription, notice);
        const words = noticesWords[language];
        const values = { customer, endsOn: dayText(preview.endsOn, language) };
        const said = say(effective ? words.recorded : words.recordedLate, language, values);
        return { to: '/console/notices', said };
      },
      again: (tx, refusal) => this.#newPage(tx, reader, form.typed['subscription'], form.typed, { refusal }),
    };
  }

  async #newPage(
    tx: Transaction,
    reader: PageReader,
    id: string | undefined,
    typed: Readonly<Record<string, string>>,
    judged: { preview?: NoticePreview; refusal?: Refusal } = {},
  ): Promise<ShownPage> {
    if (id === undefined || id === '') {
      const visibility = visibilityOf(reader.actor, 'notices.give');
      return chooseNoticePage(reader, await this.contracts.activeNames(tx, visibility));
    }
    return newNoticePage({ reader, subscription: await this.#subscription(tx, reader, id), typed, ...judged });
  }

  /** @throws Refusal `not-found` if the reader cannot record a notice for it */
  async #subscription(tx: Transaction, { actor }: PageReader, id: string): Promise<SubscriptionName> {
    await this.contracts.see(tx, visibilityOf(actor, 'notices.give'), id);
    return (await this.contracts.names(tx, [id])).get(id)!;
  }
}
