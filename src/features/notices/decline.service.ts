import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { currentTerm } from '../../domain/contract.js';
import type { FieldError } from '../../domain/field-errors.js';
import { judgeWithdrawal, noticeGiven, stands } from '../../domain/notice.js';
import { remainingMinutes } from '../../domain/ledger.js';
import { packageAtRenewal } from '../../domain/package.js';
import { Refusal } from '../../domain/refusal.js';
import { termDates } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
import type { Form } from '../../platform/pages/form.js';
import type { PageAnswer, Rendering } from '../../platform/pages/page.js';
import type { Visitor } from '../../platform/pages/page.decorators.js';
import { CustomerService } from '../customers/customer.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { PackageService } from '../packages/package.service.js';
import { UserService } from '../people/user.service.js';
import { ConsoleLinks } from '../subscriptions/console-links.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { DeclineLinks } from './decline-link.js';
import type { DeclineForm, DeclineWithdrawalForm } from './decline.dto.js';
import { declinePage, type Refused } from './decline.page.js';
import type { DeclinedTerm, DeclineView, RenewalStanding } from './decline-view.js';
import { stateOf, type LinkUsed } from './notice.js';
import { NoticeService } from './notice.service.js';

/** A request with a valid link: the term of the link, and the contact who owns it. */
interface Visit {
  token: string;
  term: DeclinedTerm;
  contact: { name: string; email: string };
  now: Date;
}

/** Longer texts are cut: the useful part of a user agent is at its beginning. */
const maxUserAgent = 300;

/** The page behind the personal link in a mail. Opening it changes nothing; sending the form gives the notice (§11). */
@Injectable()
export class DeclineService {
  constructor(
    private readonly links: DeclineLinks,
    private readonly consoleLinks: ConsoleLinks,
    private readonly notices: NoticeService,
    private readonly contracts: ContractService,
    private readonly customers: CustomerService,
    private readonly users: UserService,
    private readonly balances: TermBalanceService,
    private readonly packages: PackageService,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `link-not-valid` */
  async show(tx: Transaction, token: string, language: Language | undefined): Promise<PageAnswer> {
    return this.#page(tx, await this.#visit(tx, token), language);
  }

  /**
   * Records the customer's notice. If the form is sent again, the page shows the receipt of the first notice.
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
      await this.notices.giveByLink(tx, visit.term, linkUsed(visit, visitor), checked.value, visit.now);
    }
    return (snapshot) => this.#page(snapshot, visit, language, refused);
  }

  /**
   * Withdraws the customer's notice if the customer may do so alone. Otherwise the page names the CSM to ask.
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
    const notices = await this.notices.ofTerm(tx, visit.term.termId);
    const given = noticeGiven(
      notices.map((row) => ({ ...stateOf(row), id: row.id })),
      'customer',
    );
    // The form was sent again, or it belongs to an earlier notice that has been withdrawn since.
    if (!given || !isMeant(given.id, typed.noticeId)) return page();
    if ('errors' in checked) return page(refused);
    const used = linkUsed(visit, visitor);
    const isWithdrawn = await this.notices.withdrawByLink(tx, visit.term, used, given.id, checked.value, visit.now);
    return page(isWithdrawn ? undefined : refused);
  }

  /**
   * How the renewal of the current term stands, for a page of a signed-in reader.
   * @throws Refusal `not-found`
   */
  async standing(tx: Transaction, actor: Actor, subscriptionId: string): Promise<RenewalStanding> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'notices.read'), subscriptionId);
    return this.#standing(tx, currentTerm(contract).id, this.clock.now());
  }

  /** Refuses links of terms that are over, and of contacts that have lost the role `renewal`. */
  async #visit(tx: Transaction, token: string): Promise<Visit> {
    const now = this.clock.now();
    const link = this.links.read(token);
    const term = link && (await this.#term(tx, link.termId));
    const contact = term?.contacts.find(({ roles, email }) => roles.includes('renewal') && link!.isFor(email));
    if (!term || !contact || now >= term.endsAt || hasRolledOver(term)) throw new Refusal('link-not-valid');
    return { token, term, contact, now };
  }

  async #term(tx: Transaction, termId: string): Promise<DeclinedTerm | undefined> {
    const contract = await this.contracts.findByTerm(tx, termId);
    if (!contract) return undefined;
    const { subscriptionId, customerId, csmId, anchorOn, nextPackage } = contract;
    const term = contract.terms.find(({ id }) => id === termId)!;
    // The visitor has no account, and sees only this customer.
    const viewer = { userId: '', role: 'customer', customerId, deputyFor: [] } as const;
    const customer = (await this.customers.find(tx, viewer, customerId))!;
    const csm = (await this.users.find(tx, csmId))!;
    const { balance, seatsUsed, maxSeats } = (await this.balances.balancesWithoutRecentUse(tx, [termId])).get(termId)!;
    const { table } = this.packages;
    const { code } = term.periods.at(-1)!.package;
    const nextDates = termDates(anchorOn, term.number + 1);
    return {
      termId,
      subscriptionId,
      customerId,
      customerName: customer.name,
      contacts: customer.contacts,
      locale: customer.locale,
      timeZone: customer.timeZone,
      csmName: csm.name,
      csmEmail: csm.email,
      startsOn: term.startsOn,
      endsOn: term.endsOn,
      endsAt: term.endsAt,
      noticeDeadlineOn: term.noticeDeadlineOn,
      lockAt: term.lockAt,
      deadlineZone: term.deadlineZone,
      renewalState: term.renewalState,
      package: table[code][0]!,
      next: { ...nextDates, package: packageAtRenewal(table, { package: code, nextPackage }, nextDates.startsOn) },
      grantedMinutes: balance.grantedMinutes,
      usedMinutes: balance.usedMinutes,
      remainingMinutes: remainingMinutes(balance),
      seatsInUse: seatsUsed,
      maxSeats,
    };
  }

  async #page(tx: Transaction, visit: Visit, asked: Language | undefined, refused?: Refused): Promise<PageAnswer> {
    const view = await this.#view(tx, visit);
    const language = asked ?? view.term.locale;
    // Once a notice is recorded, the page shows its receipt instead of the errors of another form.
    const stillRefused = refused?.form === 'notice' && view.given ? undefined : refused;
    const status = !stillRefused ? 200 : stillRefused.errors.length > 0 ? 400 : 422;
    return { html: declinePage(view, language, stillRefused), language, status };
  }

  /** Reads the term again, as the form may have changed it. */
  async #view(tx: Transaction, { token, contact, now, term: { termId } }: Visit): Promise<DeclineView> {
    const standing = await this.#standing(tx, termId, now);
    const { subscriptionId } = standing.term;
    const reader = { recipientRole: 'customer', recipientAddress: contact.email, subscriptionId } as const;
    return {
      ...standing,
      path: this.links.pathOf(token),
      contactName: contact.name,
      consoleLink: await this.consoleLinks.linkFor(tx, reader),
    };
  }

  async #standing(tx: Transaction, termId: string, now: Date): Promise<RenewalStanding> {
    const term = (await this.#term(tx, termId))!;
    const notices = (await this.notices.ofTerm(tx, termId)).map((record) => ({ ...stateOf(record), record }));
    const given = noticeGiven(notices, 'customer');
    const others = notices.filter((notice) => notice !== given);
    return {
      term,
      isLate: now >= term.lockAt,
      given: given?.record,
      canWithdraw:
        given !== undefined &&
        stands(given) &&
        !judgeWithdrawal({ notice: given, others, term, now, recordedByStaff: false }).violation,
      givenByProvider: notices.find((notice) => notice.party === 'provider' && stands(notice))?.record,
      withdrawn: given ? undefined : notices.findLast(({ party }) => party === 'customer')?.record,
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

const hasRolledOver = ({ renewalState }: DeclinedTerm): boolean =>
  renewalState === 'renewed' || renewalState === 'ended';
