import { Injectable } from '@nestjs/common';
import { scopeOf, type Actor } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { packageCodes, packageOn, type PackageCode, type PackageVersion } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { termDates } from '../../domain/term.js';
import type { OutlookHistory } from '../../features/outlook/outlook.dto.js';
import { OutlookService } from '../../features/outlook/outlook.service.js';
import { PackageService } from '../../features/packages/package.service.js';
import type {
  RenewalBoardColumn,
  RenewalCard,
  RenewalCsm,
  RenewalMonth,
} from '../../features/renewals/renewal-board.js';
import { RenewalService } from '../../features/renewals/renewal.service.js';
import type { SubscriptionAnswer } from '../../features/subscriptions/subscription.dto.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { RenewalsPageQuery } from './renewals.query.js';

/** The packages from which the next one is chosen, as they are sold on the first day of the next term. */
export interface NextPackageChoice {
  startsOn: Day;
  present: PackageVersion;
  offered: readonly PackageVersion[];
}

/** A renewal whose form is open. */
export interface EditedRenewal {
  what: 'outlook' | 'package';
  subscription: SubscriptionAnswer;
  outlook: Pick<OutlookHistory, 'outlook' | 'version'>;
  packages: NextPackageChoice;
}

/** Everything that the page shows. */
export interface Renewals {
  query: RenewalsPageQuery;
  months: readonly RenewalMonth[];
  csms: readonly RenewalCsm[];
  /** The columns of the board; undefined in the time line. */
  columns?: readonly RenewalBoardColumn[];
  /** The renewals of the time line by deadline; undefined on the board. */
  cards?: readonly RenewalCard[];
  nextCursor: string | null;
  edited?: EditedRenewal;
  /** The days before a deadline from which it is near. */
  nearDays: number;
  packageNames: Readonly<Record<PackageCode, string>>;
}

/** The cards of a column on the whole board, and of a column alone. A page stays small with any number of subscriptions. */
const cardsOfBoard = 12;
const cardsOfColumn = 100;
const rowsOfTimeline = 60;

/** Puts the page of renewals together. */
@Injectable()
export class RenewalPagesService {
  constructor(
    private readonly renewals: RenewalService,
    private readonly subscriptions: SubscriptionService,
    private readonly outlooks: OutlookService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {}

  async read(tx: Transaction, actor: Actor, language: Language, query: RenewalsPageQuery): Promise<Renewals> {
    const { view = 'board', csmId, month, outlook, column, cursor, edit, subscriptionId } = query;
    const filter = { csmId, month, outlook };
    const shown: Renewals = {
      query,
      months: await this.renewals.months(tx, actor, { csmId, outlook }),
      csms: await this.renewals.csms(tx, actor),
      nextCursor: null,
      nearDays: this.rules.noticeNearDays,
      packageNames: Object.fromEntries(
        packageCodes.map((code) => [code, this.packages.table[code][0]!.name[language]]),
      ) as Record<PackageCode, string>,
      ...(edit !== undefined &&
        subscriptionId !== undefined &&
        mayEdit(actor) && { edited: await this.edited(tx, actor, edit, subscriptionId) }),
    };
    if (view === 'timeline') {
      const { data, nextCursor } = await this.renewals.timeline(tx, actor, {
        ...filter,
        cursor,
        limit: rowsOfTimeline,
      });
      return { ...shown, cards: data, nextCursor };
    }
    const columns = await this.renewals.board(tx, actor, filter, column === undefined ? cardsOfBoard : cardsOfColumn);
    return { ...shown, columns: columns.filter((one) => column === undefined || one.column === column) };
  }

  /** @throws Refusal `not-found` */
  async edited(
    tx: Transaction,
    actor: Actor,
    what: EditedRenewal['what'],
    subscriptionId: string,
  ): Promise<EditedRenewal> {
    const subscription = await this.subscriptions.read(tx, actor, subscriptionId);
    const { outlook, version } = await this.outlooks.read(tx, actor, subscriptionId, { limit: 1 });
    return { what, subscription, outlook: { outlook, version }, packages: this.choiceOf(subscription) };
  }

  /** The packages that can renew the current term. */
  choiceOf({ startsOn: anchorOn, currentTerm, package: code }: SubscriptionAnswer): NextPackageChoice {
    const { startsOn } = termDates(anchorOn, currentTerm.number + 1);
    const { table } = this.packages;
    const offered = packageCodes.map((one) => packageOn(table, one, startsOn)).filter((one) => one !== undefined);
    return { startsOn, present: offered.find((one) => one.code === code) ?? table[code][0]!, offered };
  }
}

/** Whether a page shows the verbs that change something. */
export const mayEdit = ({ role }: Pick<Actor, 'role'>): boolean => scopeOf('outlook.write', role) !== 'never';
