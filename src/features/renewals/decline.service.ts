import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FieldError } from '../../domain/field-errors.js';
import { judgeWithdrawal, noticeGiven, stands } from '../../domain/notice.js';
import { packageAtRenewal } from '../../domain/package.js';
import { Refusal } from '../../domain/refusal.js';
import { termDates } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/database.js';
import type { Language } from '../../domain/language.js';
import type { Form } from '../../platform/pages/form.js';
import type { PageAnswer, Rendering } from '../../platform/pages/page.js';
import type { Visitor } from '../../platform/pages/page.decorators.js';
import { PackageService } from '../packages/package.service.js';
import { DeclineLinks } from './decline-link.js';
import type { DeclineForm, DeclineWithdrawalForm } from './decline.dto.js';
import { declinePage, type DeclineView, type Refused } from './decline.page.js';
import { asRecorded, NoticeService } from './notice.service.js';
import type { LinkUsed } from './link-used.js';
import { RenewalStore, type RenewalFacts } from './renewal.store.js';

/** A link that was opened, and what it is for. */
interface Visit {
  token: string;
  facts: RenewalFacts;
  contact: { name: string; email: string };
  now: Date;
}

/** Longer ones are cut: what is of use stands at the beginning. */
const maxUserAgent = 300;

/** The customer's own page from the mail: reading it does nothing, confirming gives the notice (§11). */
@Injectable()
export class DeclineService {
  constructor(
    private readonly links: DeclineLinks,
    private readonly renewals: RenewalStore,
    private readonly notices: NoticeService,
    private readonly packages: PackageService,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `link-not-valid` */
  async show(tx: Transaction, token: string, language: Language | undefined): Promise<PageAnswer> {
    return this.#page(tx, await this.#visit(tx, token), language);
  }

  /**
   * Gives the customer's notice. The signed form is the confirmation; sent again, it shows the receipt of the notice that
   * there is.
   * @throws Refusal `link-not-valid`
   */
  async give(
    tx: Transaction,
    token: string,
    { typed, checked }: Form<DeclineForm>,
    visitor: Visitor,
    language: Language | undefined,
  ): Promise<Rendering> {
    const visit = await this.#visit(tx, token);
    const refused: Refused | undefined =
      'errors' in checked ? { form: 'notice', typed, errors: checked.errors } : undefined;
    if (!('errors' in checked)) {
      await this.notices.giveByLink(tx, visit.facts, linkUsed(visit, visitor), checked.value, visit.now);
    }
    return (snapshot) => this.#page(snapshot, visit, language, refused);
  }

  /**
   * Takes the customer's notice back, as long as the customer may do so alone; else the page says whom to ask.
   * @throws Refusal `link-not-valid`
   */
  async withdraw(
    tx: Transaction,
    token: string,
    { typed, checked }: Form<DeclineWithdrawalForm>,
    visitor: Visitor,
    language: Language | undefined,
  ): Promise<Rendering> {
    const visit = await this.#visit(tx, token);
    const errors: readonly FieldError[] = 'errors' in checked ? checked.errors : [];
    const refused: Refused = { form: 'withdrawal', typed, errors };
    const page =
      (without?: Refused): Rendering =>
      (snapshot) =>
        this.#page(snapshot, visit, language, without);
    const notices = await this.notices.ofTerm(tx, visit.facts.termId);
    const given = noticeGiven(
      notices.map((row) => ({ ...asRecorded(row), id: row.id })),
      'customer',
    );
    // The form was sent again, or was shown for a notice that has been taken back since.
    if (!given || !isMeant(given.id, typed.noticeId)) return page();
    if ('errors' in checked) return page(refused);
    const used = linkUsed(visit, visitor);
    const isWithdrawn = await this.notices.withdrawByLink(tx, visit.facts, used, given.id, checked.value, visit.now);
    return page(isWithdrawn ? undefined : refused);
  }

  /** What a link is for, as long as its term runs and its contact is still one for renewals. */
  async #visit(tx: Transaction, token: string): Promise<Visit> {
    const now = this.clock.now();
    const link = this.links.read(token);
    const facts = link && (await this.renewals.facts(tx, [link.termId])).get(link.termId);
    const contact = facts?.contacts.find(({ roles, email }) => roles.includes('renewal') && link!.isFor(email));
    if (!facts || !contact || now >= facts.endsAt || hasRolledOver(facts)) throw new Refusal('link-not-valid');
    return { token, facts, contact, now };
  }

  async #page(tx: Transaction, visit: Visit, asked: Language | undefined, refused?: Refused): Promise<PageAnswer> {
    const view = await this.#view(tx, visit);
    const language = asked ?? view.facts.locale;
    // A notice that there is already says more than what is wrong with a form for another.
    const stillRefused = refused?.form === 'notice' && view.given ? undefined : refused;
    const status = !stillRefused ? 200 : stillRefused.errors.length > 0 ? 400 : 422;
    return { html: declinePage(view, language, stillRefused), language, status };
  }

  /** Read anew, as a form may have changed it. */
  async #view(tx: Transaction, { token, contact, now, facts: { termId } }: Visit): Promise<DeclineView> {
    const facts = (await this.renewals.facts(tx, [termId])).get(termId)!;
    const notices = (await this.notices.ofTerm(tx, termId)).map((row) => ({ ...asRecorded(row), row }));
    const given = noticeGiven(notices, 'customer');
    const others = notices.filter((notice) => notice !== given);
    const dates = termDates(facts.anchorOn, facts.number + 1);
    const { table } = this.packages;
    return {
      facts,
      path: this.links.pathOf(token),
      contactName: contact.name,
      package: table[facts.package][0]!,
      next: { ...dates, package: packageAtRenewal(table, facts, dates.startsOn) },
      isLate: now >= facts.lockAt,
      given: given?.row,
      canWithdraw:
        given !== undefined &&
        stands(given) &&
        !judgeWithdrawal({ notice: given, others, term: facts, now, recordedByStaff: false }).violation,
      givenByProvider: notices.find((notice) => notice.party === 'provider' && stands(notice))?.row,
      withdrawn: given ? undefined : notices.findLast(({ party }) => party === 'customer')?.row,
    };
  }
}

function linkUsed({ token, contact }: Visit, { address, userAgent }: Visitor): LinkUsed {
  return {
    contactName: contact.name,
    contactEmail: contact.email,
    sha256: createHash('sha256').update(token).digest('hex'),
    address,
    userAgent: userAgent?.slice(0, maxUserAgent) ?? null,
  };
}

const isMeant = (noticeId: string, typed: string | undefined): boolean =>
  typed === undefined || typed === '' || typed.toLowerCase() === noticeId;

const hasRolledOver = ({ renewalState }: RenewalFacts): boolean =>
  renewalState === 'renewed' || renewalState === 'ended';
