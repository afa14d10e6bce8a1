import type { Pair } from './allocation.js';
import type { Day } from './calendar.js';
import { visitsTaking, type ContractVisit } from './contract.js';
import type { LineQuestion, PartName, QuickEntryReading, ReadPart } from './quick-entry.js';
import type { Activity, Delivery } from './time-entry.js';

/** A subscription on which the reader may log time, with the names that a line can mean. */
export interface BookableSubscription {
  id: string;
  customer: string;
  customerCode: string | null;
  contractNumber: string | null;
  package: string;
  timeZone: string;
  /** The words of the line are exactly the customer's name or code, or the contract number. */
  isExact: boolean;
  /** The consultants who may log time, the primary one first. */
  consultants: readonly { id: string; name: string; email: string }[];
  /** The enrolled product lines. */
  productLines: readonly { id: string; code: string; name: string }[];
  /** The consultants on their product lines. */
  pairs: readonly Pair[];
  visits: readonly ContractVisit[];
  /** The latest entry that the reader logged on it. */
  lastEntry: (Pair & { activity: Activity; delivery: Delivery }) | null;
}

/** The fields of an entry, as far as they are known. */
export interface DraftFields {
  subscriptionId: string;
  workDate: Day;
  minutes: number;
  consultantId: string;
  productLineId: string;
  activity: Activity;
  delivery: Delivery;
  visitId: string;
  summary: string;
  reference: string;
  severity: number;
}
export type DraftField = keyof DraftFields;

/**
 * Where a value is from: the line, the reader's own choice, the only possible value, the reader's last entry, or what is usual (today,
 * remote, the customer of the entry before).
 */
export type FieldSource = 'line' | 'reader' | 'only' | 'last-entry' | 'usual';

type DraftValues = { readonly [Field in DraftField]?: { value: DraftFields[Field]; source: FieldSource } };

/** A name of the line that fits several, or none. The choices are ids: the ones that fit, or all if none fits. */
export interface NameQuestion {
  about: 'subscriptionId' | 'consultantId' | 'productLineId' | 'visitId';
  fits: 'several' | 'none';
  text: string;
  choices: readonly string[];
}

/** A time entry in the making. */
export interface EntryDraft {
  fields: DraftValues;
  /** The open questions about the line, without those that the reader has answered by setting the field. */
  lineQuestions: readonly LineQuestion[];
  nameQuestions: readonly NameQuestion[];
  /** The subscription of `fields`. */
  subscription: BookableSubscription | undefined;
  /** The fields that an entry needs and that are not known. */
  missing: readonly DraftField[];
}

/** Values that apply where the line says nothing, such as the customer of the entry before. */
export type UsualFields = Partial<Pick<DraftFields, 'subscriptionId' | 'consultantId'>>;

export interface DraftFacts {
  reading: QuickEntryReading;
  /** The words that searched for the customer. */
  words: readonly string[];
  /** The subscriptions that these words can mean; without a word, all subscriptions. */
  candidates: readonly BookableSubscription[];
  /** The fields that the reader has set. They win over the line. */
  set: Partial<DraftFields>;
  usual: UsualFields;
  today: Day;
}

/** The text by which names are compared: without capitals, widths and blanks. */
export const nameKeyOf = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s/g, '');

/** The words of a line that search for the customer. If nothing else is a word, the parts that could be words of a name are. */
export function namingWords({ words, parts }: QuickEntryReading, line: string): string[] {
  const naming = words.length > 0 ? words : maybeNames(parts);
  return naming.map(({ from, to }) => line.slice(from, to));
}

/**
 * Completes a reading with names and with values that need no choice: the only consultant or product line, else those of the reader's
 * last entry on the subscription. A name that fits several is never guessed.
 */
export function draftEntry(facts: DraftFacts, line: string): EntryDraft {
  return new Drafting(facts, line).draft();
}

class Drafting {
  readonly #fields: { -readonly [Field in DraftField]?: DraftValues[Field] } = {};
  readonly #questions: NameQuestion[] = [];
  #subscription: BookableSubscription | undefined;

  constructor(
    private readonly facts: DraftFacts,
    private readonly line: string,
  ) {}

  draft(): EntryDraft {
    const { reading, today } = this.facts;
    this.#subscription = this.#findSubscription();
    const parts = this.#ownParts();
    for (const field of ['minutes', 'summary', 'reference', 'severity', 'activity', 'workDate', 'delivery'] as const) {
      this.#take(field, parts[field]);
    }
    this.#default('workDate', today, 'usual');
    this.#default('delivery', 'remote', 'usual');
    if (this.#subscription) this.#findPair(this.#subscription);
    const { lastEntry } = this.#subscription ?? {};
    if (lastEntry) this.#default('activity', lastEntry.activity, 'last-entry');
    if (this.#subscription && this.#fields.delivery?.value === 'onsite') this.#findVisit(this.#subscription);
    return {
      fields: this.#fields,
      lineQuestions: reading.questions.filter(({ about }) => this.#fields[fieldOf(about)] === undefined),
      nameQuestions: this.#questions,
      subscription: this.#subscription,
      missing: this.#missing(),
    };
  }

  #findSubscription(): BookableSubscription | undefined {
    const { candidates, set, usual, reading, words } = this.facts;
    const chosen = candidates.find(({ id }) => id === set.subscriptionId);
    if (chosen) return this.#use(chosen, 'reader');
    const exact = candidates.filter(({ isExact }) => isExact);
    const fitting = this.#fitting(exact.length === 1 ? exact : candidates);
    const [only, ...others] = fitting;
    if (only && others.length === 0) return this.#use(only, reading.words.length > 0 ? 'line' : 'only');
    const before = words.length === 0 ? candidates.find(({ id }) => id === usual.subscriptionId) : undefined;
    if (before) return this.#use(before, 'usual');
    const text = words.join(' ');
    // Without a word, nothing is asked: the reader has only begun.
    if (text !== '' && fitting.length > 0) {
      this.#questions.push({ about: 'subscriptionId', fits: 'several', text, choices: fitting.map(({ id }) => id) });
    } else if (reading.words.length > 0) {
      this.#questions.push({ about: 'subscriptionId', fits: 'none', text, choices: [] });
    }
    return undefined;
  }

  #use(subscription: BookableSubscription, source: FieldSource): BookableSubscription {
    this.#set('subscriptionId', subscription.id, source);
    return subscription;
  }

  /** The candidates that have a consultant and a product line of these names; all candidates if none has. */
  #fitting(candidates: readonly BookableSubscription[]): readonly BookableSubscription[] {
    const { consultant, productLine } = this.facts.reading.parts;
    const fitting = candidates.filter(
      ({ consultants, productLines }) =>
        (consultant === undefined || consultants.some((one) => isConsultant(one, consultant.value))) &&
        (productLine === undefined || productLines.some((one) => isProductLine(one, productLine.value))),
    );
    return fitting.length > 0 ? fitting : candidates;
  }

  /** The parts of the line without those that are words of the customer's name. */
  #ownParts(): QuickEntryReading['parts'] {
    const { reading } = this.facts;
    const { customer } = this.#subscription ?? {};
    if (customer === undefined || this.#fields.subscriptionId?.source === 'usual') return reading.parts;
    const name = nameKeyOf(customer);
    const entries = Object.entries(reading.parts).filter(
      ([, part]) => !part.maybeName || !name.includes(nameKeyOf(this.line.slice(part.from, part.to))),
    );
    return Object.fromEntries(entries);
  }

  /** Finds the consultant and the product line. What one leaves open, the other narrows. */
  #findPair(subscription: BookableSubscription): void {
    const { reading, set, usual } = this.facts;
    const { consultant, productLine } = reading.parts;
    const { consultants, productLines, pairs, lastEntry } = subscription;
    const setConsultant = consultants.find(({ id }) => id === set.consultantId);
    const setLine = productLines.find(({ id }) => id === set.productLineId);
    if (setConsultant) this.#set('consultantId', setConsultant.id, 'reader');
    else this.#name('consultantId', consultant, consultants, isConsultant);
    if (setLine) this.#set('productLineId', setLine.id, 'reader');
    else this.#name('productLineId', productLine, productLines, isProductLine);

    if (consultant === undefined) {
      const lineId = this.#fields.productLineId?.value;
      const possible = consultants.filter(({ id }) =>
        pairs.some((pair) => pair.consultantId === id && (lineId === undefined || pair.productLineId === lineId)),
      );
      this.#choose('consultantId', possible, [usual.consultantId, lastEntry?.consultantId]);
    }
    if (productLine === undefined) {
      const consultantId = this.#fields.consultantId?.value;
      const possible = productLines.filter(({ id }) =>
        pairs.some(
          (pair) => pair.productLineId === id && (consultantId === undefined || pair.consultantId === consultantId),
        ),
      );
      this.#choose('productLineId', possible, [lastEntry?.productLineId]);
    }
  }

  /** Sets the one that the text names, or asks. */
  #name<Named extends { id: string; name: string; code?: string; email?: string }>(
    about: 'consultantId' | 'productLineId',
    part: ReadPart<string> | undefined,
    known: readonly Named[],
    fits: (one: Named, text: string) => boolean,
  ): void {
    if (part === undefined) return;
    const fitting = known.filter((one) => fits(one, part.value));
    const exact = fitting.filter((one) => textsOf(one).some((text) => nameKeyOf(text) === nameKeyOf(part.value)));
    const found = exact.length === 1 ? exact : fitting;
    const [only, ...others] = found;
    if (only && others.length === 0) this.#set(about, only.id, 'line');
    else {
      const choices = (found.length > 0 ? found : known).map(({ id }) => id);
      this.#questions.push({ about, fits: found.length > 0 ? 'several' : 'none', text: part.value, choices });
    }
  }

  /** Sets the only possible one, else the first of `before` that is possible. */
  #choose(
    field: 'consultantId' | 'productLineId',
    possible: readonly { id: string }[],
    before: readonly (string | undefined)[],
  ): void {
    const [only, ...others] = possible;
    if (only && others.length === 0) this.#default(field, only.id, 'only');
    const again = before.find((id) => possible.some((one) => one.id === id));
    if (again !== undefined) this.#default(field, again, 'last-entry');
  }

  /** Sets the visit that covers the day, or asks if several do. */
  #findVisit({ visits }: BookableSubscription): void {
    const workDate = this.facts.set.workDate ?? this.#fields.workDate?.value;
    const consultantId = this.#fields.consultantId?.value;
    if (workDate === undefined || consultantId === undefined) return;
    const covering = visitsTaking(visits, workDate, consultantId);
    const chosen = covering.find(({ id }) => id === this.facts.set.visitId);
    if (chosen) {
      this.#set('visitId', chosen.id, 'reader');
      return;
    }
    const [only, ...others] = covering;
    if (only && others.length === 0) this.#set('visitId', only.id, 'only');
    else {
      const choices = covering.map(({ id }) => id);
      this.#questions.push({ about: 'visitId', fits: only ? 'several' : 'none', text: workDate, choices });
    }
  }

  #missing(): DraftField[] {
    const needed: DraftField[] = ['subscriptionId', 'minutes', 'workDate', 'consultantId', 'productLineId', 'activity'];
    if (this.#fields.delivery?.value === 'onsite') needed.push('visitId');
    needed.push('summary');
    return needed.filter((field) => this.#fields[field] === undefined);
  }

  /** Sets what the reader has set, else what the line says. */
  #take<Field extends DraftField>(field: Field, part: ReadPart<DraftFields[Field]> | undefined): void {
    const set: DraftFields[Field] | undefined = this.facts.set[field];
    if (set !== undefined) this.#set(field, set, 'reader');
    else if (part !== undefined) this.#set(field, part.value, 'line');
  }

  /** Sets a value that the line does not say, unless a question about the field is open. */
  #default<Field extends DraftField>(field: Field, value: DraftFields[Field], source: FieldSource): void {
    const isAsked = this.facts.reading.questions.some(({ about }) => fieldOf(about) === field);
    if (!isAsked && this.#fields[field] === undefined) this.#set(field, value, source);
  }

  #set<Field extends DraftField>(field: Field, value: DraftFields[Field], source: FieldSource): void {
    (this.#fields as Record<Field, { value: DraftFields[Field]; source: FieldSource }>)[field] = { value, source };
  }
}

/** The field that a part of the line fills. */
function fieldOf(part: PartName): DraftField {
  if (part === 'consultant') return 'consultantId';
  return part === 'productLine' ? 'productLineId' : part;
}

const maybeNames = (parts: QuickEntryReading['parts']): ReadPart<unknown>[] =>
  Object.values(parts)
    .filter(({ maybeName }) => maybeName)
    .sort((one, other) => one.from - other.from);

const textsOf = ({ name, code, email }: { name: string; code?: string; email?: string }): string[] =>
  [name, code, email].filter((text) => text !== undefined);

function isConsultant({ name, email }: { name: string; email: string }, text: string): boolean {
  const key = nameKeyOf(text);
  return nameKeyOf(name).includes(key) || email.toLowerCase().startsWith(key);
}

function isProductLine({ code, name }: { code: string; name: string }, text: string): boolean {
  const key = nameKeyOf(text);
  return nameKeyOf(code).includes(key) || nameKeyOf(name).includes(key);
}
