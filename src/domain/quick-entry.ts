import type { Day } from './calendar.js';
import { readDuration } from './duration-text.js';
import { readDay } from './quick-entry-day.js';
import { tokensOf, type LineToken } from './quick-entry-tokens.js';
import { activities, type Activity, type Delivery } from './time-entry.js';
import { activityWords, deliveryWords } from './work-words.js';

/** A value that was read from a line, with its place in the line. */
export interface ReadPart<Value> {
  value: Value;
  from: number;
  to: number;
  /** The text could also be a word of a customer's name, such as `sun` or `health`. */
  maybeName?: true;
}

/** The parts of a line that have a value each. */
export interface QuickEntryParts {
  minutes: number;
  workDate: Day;
  /** The text after `@`. */
  consultant: string;
  /** The text after `#`. */
  productLine: string;
  activity: Activity;
  delivery: Delivery;
  summary: string;
  /** The text after `^`. */
  reference: string;
  severity: number;
}
export type PartName = keyof QuickEntryParts;

/** A value that answers a question, and the line in which it stands plainly. */
export type Meaning = { [Name in PartName]: { part: Name; value: QuickEntryParts[Name]; line: string } }[PartName];

/**
 * Why a part is asked for:
 * - `bare-number`: `8` can be minutes, hours or a day of the month;
 * - `thousands`: `1,500` can be 1,500 minutes or 1.5 hours;
 * - `day-order`: `03/04` can be 3 April or 4 March;
 * - `no-such-day`: the calendar has no such day;
 * - `several`: the line has more than one value of the part;
 * - `which-activity`: the text begins the names of several activities;
 * - `which-severity`: the severities are 1 to 4.
 */
export type QuestionReason =
  'bare-number' | 'thousands' | 'day-order' | 'no-such-day' | 'several' | 'which-activity' | 'which-severity';

/** A text that has no single meaning, with all its possible meanings. */
export interface LineQuestion {
  about: PartName;
  reason: QuestionReason;
  text: string;
  from: number;
  to: number;
  answers: readonly Meaning[];
}

/** What a line says. A part is missing if the line does not name it or if a question is open about it. */
export interface QuickEntryReading {
  /** The words that are nothing else: they name the customer or the subscription. */
  words: readonly ReadPart<string>[];
  parts: { readonly [Name in PartName]?: ReadPart<QuickEntryParts[Name]> };
  questions: readonly LineQuestion[];
}

export const severities = [1, 2, 3, 4] as const;

/** The shortest text that may stand for the beginning of an activity. Japanese words say more with fewer characters. */
const shortestPrefix = { latin: 3, other: 2 };

/**
 * Reads a time entry from one line, such as `acme 1:30 @suzuki #db health-check "Index review" yesterday onsite ^CASE-123`. The
 * order of the parts is free. A text with several meanings becomes a question and is never guessed.
 *
 * A day without a year, and a weekday, is the latest such day up to `today`.
 */
export function readQuickEntry(line: string, today: Day): QuickEntryReading {
  const reader = new LineReader(line, today);
  return reader.read(tokensOf(line));
}

/** A possible meaning of a piece of the line. */
type Found = { [Name in PartName]: { part: Name; value: QuickEntryParts[Name] } }[PartName] & {
  from: number;
  to: number;
  maybeName?: true;
};

class LineReader {
  readonly #found: Found[] = [];
  readonly #words: ReadPart<string>[] = [];
  readonly #questions: LineQuestion[] = [];
  /** Numbers without a unit; their meaning depends on the other parts. */
  readonly #numbers: { token: LineToken; value: number }[] = [];
  /** Beginnings of activities; they count only if the line names no activity in full. */
  readonly #prefixes: { token: LineToken; matches: readonly Activity[] }[] = [];

  constructor(
    readonly line: string,
    readonly today: Day,
  ) {}

  read(tokens: readonly LineToken[]): QuickEntryReading {
    let place = 0;
    while (place < tokens.length) place += this.#take(tokens, place);
    this.#readPrefixes();
    this.#readNumbers();
    const parts = this.#single();
    this.#words.sort((one, other) => one.from - other.from);
    this.#questions.sort((one, other) => one.from - other.from);
    return { words: this.#words, parts, questions: this.#questions };
  }

  /** Reads what begins at this token. Returns the number of tokens that belong to it. */
  #take(tokens: readonly LineToken[], place: number): number {
    const token = tokens[place]!;
    if (token.sign === '"') return this.#keep({ part: 'summary', value: token.value, ...spanOf(token) });
    if (token.sign === '@') return this.#keep({ part: 'consultant', value: token.value, ...spanOf(token) });
    if (token.sign === '#') return this.#keep({ part: 'productLine', value: token.value, ...spanOf(token) });
    if (token.sign === '^') return this.#keep({ part: 'reference', value: token.value, ...spanOf(token) });
    if (token.sign === '!') return this.#takeSeverity(token);
    return this.#takeWord(token, tokens[place + 1]);
  }

  /** Reads a word without a sign, together with the next one where both make one part: `90 min`, `1h 30m`, `health check`. */
  #takeWord(token: LineToken, next: LineToken | undefined): number {
    const { plain } = token;
    const following = next?.sign === '' ? next.plain : undefined;
    if (next && following !== undefined) {
      const both = { ...token, to: next.to, text: this.line.slice(token.from, next.to) };
      if (isUnitAfter(plain, following) && this.#takeDuration(both, `${plain} ${following}`)) return 2;
      const activity = activityNamed(`${plain}-${following}`);
      if (activity) return this.#keep({ part: 'activity', value: activity, ...spanOf(both) }) + 1;
    }
    if (/^\d+$/.test(plain)) {
      // `007` is no number of anything, but can belong to a name.
      if (plain.startsWith('0')) this.#keepWord(token);
      else this.#numbers.push({ token, value: Number(plain) });
      return 1;
    }
    if (this.#takeDuration(token, plain) || this.#takeDay(token)) return 1;
    const delivery = deliveriesByName.get(plain);
    if (delivery) return this.#keep({ part: 'delivery', value: delivery, ...spanOf(token) });
    const activity = activityNamed(plain);
    if (activity) return this.#keep({ part: 'activity', value: activity, ...spanOf(token), maybeName: true });
    const matches = activitiesBeginningWith(plain);
    if (matches.length > 0) this.#prefixes.push({ token, matches });
    else this.#keepWord(token);
    return 1;
  }

  #takeSeverity(token: LineToken): number {
    const value = severities.find((severity) => String(severity) === token.plain);
    if (value !== undefined) return this.#keep({ part: 'severity', value, ...spanOf(token) });
    this.#ask(
      'severity',
      'which-severity',
      token,
      severities.map((severity) => this.#answer(token, { part: 'severity', value: severity }, `!${severity}`)),
    );
    return 1;
  }

  #takeDuration(token: LineToken, text: string): boolean {
    const read = readDuration(text);
    if (read === undefined || !('minutes' in read) || read.minutes === 0) return false;
    const { minutes } = read;
    const hasThousands = /^[1-9]\d{0,2}[.,]\d{3}$/.test(text);
    if (!hasThousands) this.#keep({ part: 'minutes', value: minutes, ...spanOf(token) });
    else this.#ask('minutes', 'thousands', token, this.#durations(token, [minutes, Number(text.replace(/[.,]/, ''))]));
    return true;
  }

  #takeDay(token: LineToken): boolean {
    const read = readDay(token.plain, this.today);
    if (read === undefined) return false;
    const [only, ...others] = read.days;
    if (only !== undefined && others.length === 0) {
      this.#keep({ part: 'workDate', value: only, ...spanOf(token), ...(read.maybeName && { maybeName: true }) });
    } else {
      const reason = only === undefined ? 'no-such-day' : 'day-order';
      this.#ask('workDate', reason, token, this.#days(token, read.days));
    }
    return true;
  }

  /** The beginning of an activity counts if the line names no activity in full. Else it is a word of a name. */
  #readPrefixes(): void {
    if (this.#found.some(({ part }) => part === 'activity')) {
      for (const { token } of this.#prefixes) this.#keepWord(token);
      return;
    }
    for (const { token, matches } of this.#prefixes) {
      if (matches.length === 1) {
        this.#keep({ part: 'activity', value: matches[0]!, ...spanOf(token), maybeName: true });
      } else {
        const answers = matches.map((value) => this.#answer(token, { part: 'activity', value }, value));
        this.#ask('activity', 'which-activity', token, answers);
      }
    }
  }

  /**
   * Gives numbers without a unit the only meaning that the rest of the line leaves, or asks about the first one. A number above 31
   * can only be minutes, one above 24 no hours, and one beside a duration only a day.
   */
  #readNumbers(): void {
    let numbers = this.#numbers;
    if (!this.#names('minutes')) {
      const minutesOnly = numbers.filter(({ value }) => value > mostDays && value <= mostMinutes);
      for (const { token, value } of minutesOnly) this.#keep({ part: 'minutes', value, ...spanOf(token) });
      numbers = numbers.filter((number) => !minutesOnly.includes(number));
    }
    for (const { token, value } of numbers) {
      const isDuration = !this.#names('minutes') && value <= mostMinutes;
      const isDay = !this.#names('workDate') && value <= mostDays;
      const hasHours = isDuration && value <= mostHours;
      const day = isDay ? readDay(`${value}日`, this.today)?.days[0] : undefined;
      if (isDuration && (hasHours || day !== undefined)) {
        this.#ask('minutes', 'bare-number', token, [
          this.#answer(token, { part: 'minutes', value }, `${value}m`),
          ...(hasHours ? [this.#answer(token, { part: 'minutes', value: value * 60 }, `${value}h`)] : []),
          ...(day === undefined ? [] : this.#days(token, [day])),
        ]);
      } else if (isDuration) this.#keep({ part: 'minutes', value, ...spanOf(token) });
      else if (day !== undefined) this.#keep({ part: 'workDate', value: day, ...spanOf(token), maybeName: true });
      else this.#keepWord(token);
    }
  }

  /** Whether the line names the part, or asks about it. */
  #names(part: PartName): boolean {
    return this.#found.some((found) => found.part === part) || this.#questions.some(({ about }) => about === part);
  }

  /** The one value of each part. Different values of a part become a question. */
  #single(): QuickEntryReading['parts'] {
    const parts: Partial<Record<PartName, ReadPart<unknown>>> = {};
    for (const name of new Set(this.#found.map(({ part }) => part))) {
      const values = this.#found.filter(({ part }) => part === name).sort((one, other) => one.from - other.from);
      const first = values[0]!;
      const isAsked = this.#questions.some(({ about }) => about === name);
      if (values.every(({ value }) => value === first.value)) {
        const { part: _, ...read } = first;
        if (!isAsked) parts[name] = read;
      } else {
        const answers = values.map((kept) => this.#without(values, kept));
        this.#questions.push({ about: name, reason: 'several', ...this.#place(values.at(-1)!), answers });
      }
    }
    return parts as QuickEntryReading['parts'];
  }

  /** The answer that keeps one of several values of a part. */
  #without(values: readonly Found[], kept: Found): Meaning {
    let { line } = this;
    for (const { from, to } of values.toReversed()) {
      if (from !== kept.from) line = `${line.slice(0, from).trimEnd()}${line.slice(to)}`;
    }
    const { part, value } = kept;
    return { part, value, line: line.trim() } as Meaning;
  }

  #durations(token: LineToken, minutes: readonly number[]): Meaning[] {
    return minutes.map((value) => this.#answer(token, { part: 'minutes', value }, `${value}m`));
  }

  #days(token: LineToken, days: readonly Day[]): Meaning[] {
    return days.map((value) => this.#answer(token, { part: 'workDate', value }, value));
  }

  #answer(token: LineToken, meaning: Omit<Meaning, 'line'>, text: string): Meaning {
    return { ...meaning, line: this.line.slice(0, token.from) + text + this.line.slice(token.to) } as Meaning;
  }

  #ask(about: PartName, reason: QuestionReason, token: LineToken, answers: readonly Meaning[]): void {
    this.#questions.push({ about, reason, ...this.#place(token), answers });
  }

  #place({ from, to }: { from: number; to: number }): Pick<LineQuestion, 'text' | 'from' | 'to'> {
    return { text: this.line.slice(from, to), from, to };
  }

  /** Returns the number of tokens read: a text that means nothing (`@` alone) is left out. */
  #keep(found: Found): 1 {
    if (found.value !== '') this.#found.push(found);
    return 1;
  }

  #keepWord({ text, from, to }: LineToken): void {
    this.#words.push({ value: text, from, to });
  }
}

/** The most minutes and hours of a day, and the most days of a month. */
const mostMinutes = 1_440;
const mostHours = 24;
const mostDays = 31;

const spanOf = ({ from, to }: LineToken): { from: number; to: number } => ({ from, to });

/** Whether two words can be one duration: `90 min`, `1h 30m`, `1時間 30分`. */
const isUnitAfter = (first: string, second: string): boolean =>
  /^[\d.,]/.test(first) && /^\d{0,2}[^\d:./-]+$/.test(second);

const plainOf = (text: string): string => text.toLowerCase().replaceAll(' ', '-');

const activitiesByName = new Map<string, Activity>(
  activities.flatMap((code) =>
    [code, activityWords[code].en, activityWords[code].ja].map((text) => [plainOf(text), code]),
  ),
);

const deliveriesByName = new Map<string, Delivery>([
  ['on-site', 'onsite'],
  ['オンサイト', 'onsite'],
  ...(['remote', 'onsite'] as const).flatMap((code) =>
    [code, deliveryWords[code].en, deliveryWords[code].ja].map((text) => [plainOf(text), code] as const),
  ),
]);

const activityNamed = (text: string): Activity | undefined => activitiesByName.get(text);

function activitiesBeginningWith(text: string): Activity[] {
  const shortest = /^[a-z-]+$/.test(text) ? shortestPrefix.latin : shortestPrefix.other;
  if (text.length < shortest) return [];
  return activities.filter((code) =>
    [code, activityWords[code].en, activityWords[code].ja].some((name) => plainOf(name).startsWith(text)),
  );
}
