import { attentionCodes } from '../../domain/attention.js';
import type { Day } from '../../domain/calendar.js';
import type { Expectation } from '../../domain/outlook.js';
import { packageCodes } from '../../domain/package.js';
import type { NextDeadline } from '../../domain/today.js';
import type { PortfolioColumn, PortfolioSort } from './portfolio.dto.js';
import type { PortfolioEntry, PortfolioKey } from './portfolio.store.js';

/** What the portfolio can be sorted by, beside the stored facts. */
export interface EntryFigures {
  /** Today in the customer's time zone. */
  today: Day;
  /** The place of the gravest reason in `attentionCodes`; null without a reason. */
  gravity: number | null;
  /** Null unless the list is sorted or filtered by it, or if none is to come. */
  deadline: NextDeadline | null;
  /** Used minus planned minutes; 0 unless the list is sorted by it. */
  paceMinutes: number;
  /** 0 unless the list is sorted by it. */
  expiringMinutes: number;
}

export type SortedEntry = PortfolioEntry & EntryFigures;

/** What the order of attention needs. */
export type RankedKey = PortfolioKey & Pick<EntryFigures, 'gravity'>;

/** Null: last in both directions. */
type Key = number | string | null;

/** Where an entry stands in a sorted portfolio. */
export interface PortfolioPlace {
  key: Key;
  id: string;
}

const outlookOrder: readonly Expectation[] = ['leaves', 'unsure', 'upgrades', 'renews'];

const attentionKey = ({ gravity, noticeDeadlineOn }: RankedKey): Key =>
  `${String(gravity ?? attentionCodes.length).padStart(2, '0')} ${noticeDeadlineOn}`;

const keys: Readonly<Record<PortfolioColumn, (entry: SortedEntry) => Key>> = {
  attention: attentionKey,
  customer: ({ customer }) => nameKey(customer),
  package: (entry) => packageCodes.indexOf(entry.package),
  pace: ({ paceMinutes }) => paceMinutes,
  left: ({ leftMinutes }) => leftMinutes,
  expiring: ({ expiringMinutes }) => expiringMinutes,
  onsite: ({ onsiteUsedMinutes }) => onsiteUsedMinutes,
  visits: ({ visitsUsed }) => visitsUsed,
  seats: ({ seatsUsed }) => seatsUsed,
  deadline: ({ deadline }) => deadline?.date ?? null,
  outlook: ({ outlook }) => (outlook === null ? null : outlookOrder.indexOf(outlook)),
  // A subscription without any entry comes before those with an old one.
  'last-entry': ({ lastEntryOn }) => lastEntryOn ?? '',
  csm: ({ csm }) => nameKey(csm),
};

const numberColumns: ReadonlySet<PortfolioColumn> = new Set([
  'package',
  'pace',
  'left',
  'expiring',
  'onsite',
  'visits',
  'seats',
  'outlook',
]);

/** The column of an order, which stands after a minus sign if the order is descending. */
export const columnOf = (sort: PortfolioSort): PortfolioColumn => sort.replace(/^-/, '') as PortfolioColumn;

/** Sorts a portfolio. Equal keys are in the order of the ids. */
export class PortfolioOrder<Entry extends { id: string }> {
  readonly #column: PortfolioColumn;
  readonly #direction: 1 | -1;

  private constructor(
    sort: PortfolioSort,
    private readonly keyOf: (entry: Entry) => Key,
  ) {
    this.#direction = sort.startsWith('-') ? -1 : 1;
    this.#column = columnOf(sort);
  }

  static of(sort: PortfolioSort): PortfolioOrder<SortedEntry> {
    return new PortfolioOrder(sort, keys[columnOf(sort)]);
  }

  /** For a `sort` by attention, of rows that have only its key. */
  static ofKeys(sort: PortfolioSort): PortfolioOrder<RankedKey> {
    return new PortfolioOrder(sort, attentionKey);
  }

  placeOf(entry: Entry): PortfolioPlace {
    return { key: this.keyOf(entry), id: entry.id };
  }

  /** The entries after a place, in order. */
  after(entries: readonly Entry[], last: PortfolioPlace | undefined): Entry[] {
    return entries
      .map((entry) => ({ entry, place: this.placeOf(entry) }))
      .filter(({ place }) => last === undefined || this.#compare(place, last) > 0)
      .sort((one, other) => this.#compare(one.place, other.place))
      .map(({ entry }) => entry);
  }

  /** The parts of a cursor: whether there is a key, the key, and the id. */
  written({ key, id }: PortfolioPlace): readonly [number, string, string] {
    return [key === null ? 0 : 1, String(key ?? ''), id];
  }

  /** Undefined if the parts are of no cursor of this order. */
  read([hasKey, text, id]: readonly string[]): PortfolioPlace | undefined {
    const key = hasKey === '0' ? null : numberColumns.has(this.#column) ? Number(text) : text!;
    return typeof key === 'number' && !Number.isSafeInteger(key) ? undefined : { key, id: id! };
  }

  #compare(one: PortfolioPlace, other: PortfolioPlace): number {
    if (one.key === null || other.key === null) {
      return Number(one.key === null) - Number(other.key === null) || compared(one.id, other.id);
    }
    return this.#direction * compared(one.key, other.key) || compared(one.id, other.id);
  }
}

/** Without differences of width, case and spaces, which Japanese names may or may not have. */
const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s/g, '');

const compared = <T extends number | string>(one: T, other: T): number => (one < other ? -1 : Number(one > other));
