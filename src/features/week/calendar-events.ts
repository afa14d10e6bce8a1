import { createContext, Script } from 'node:vm';
import ICAL from 'ical.js';
import { addDays, dayAt, daysBetween, instantAt, isTimeZone, startOfDay, type Day } from '../../domain/calendar.js';
import type { EventWords } from '../../domain/week-events.js';

/** A calendar file of a whole year with many meetings has less. */
export const mostCalendarCharacters = 2_000_000;
const mostEvents = 5_000;
const mostOccurrences = 5_000;
/** The most proposals from one file. */
const mostFound = 200;
/** ical.js never ends with some repetition rules, such as the 30 February of every day. Ordinary files need a few milliseconds. */
const timeLimitMs = 500;

/** Time spent on one day of the reader's zone. */
export interface WorkedEvent extends EventWords {
  day: Day;
  minutes: number;
}

export interface CalendarWeek {
  events: WorkedEvent[];
  /** How many events of the week were left out: whole days, cancelled or declined ones. */
  leftOut: number;
}

/** `not-a-calendar`: the text cannot be read. `too-large`: it has more events or repetitions than the service reads. */
export type CalendarFault = 'not-a-calendar' | 'too-large';

/** Whose calendar it is, and which week is wanted. */
export interface CalendarReader {
  /** An event that this address has declined is left out. */
  email: string;
  /** The zone of the week's days, and of times without a zone. */
  timeZone: string;
}

/** Reads the timed events of a week from an iCalendar file (RFC 5545), in the order of their beginnings. */
export function readCalendar(text: string, monday: Day, reader: CalendarReader): CalendarWeek | CalendarFault {
  if (text.length > mostCalendarCharacters) return 'too-large';
  const work = (): CalendarWeek | CalendarFault => new WeekOfCalendar(monday, reader).read(text);
  try {
    return new Script('work()').runInContext(createContext({ work }), { timeout: timeLimitMs }) as ReturnType<
      typeof work
    >;
  } catch (error) {
    if (error instanceof TooLarge || isTimeout(error)) return 'too-large';
    return 'not-a-calendar';
  }
}

class TooLarge extends Error {}

const isTimeout = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

class WeekOfCalendar {
  readonly #from: Date;
  readonly #to: Date;
  #occurrencesLeft = mostOccurrences;
  #leftOut = 0;

  constructor(
    private readonly monday: Day,
    private readonly reader: CalendarReader,
  ) {
    this.#from = startOfDay(monday, reader.timeZone);
    this.#to = startOfDay(addDays(monday, 7), reader.timeZone);
  }

  read(text: string): CalendarWeek {
    const calendars = calendarsOf(ICAL.parse(text)).map((one) => new ICAL.Component(one as []));
    if (calendars.every(({ name }) => name !== 'vcalendar')) throw new Error('The file has no calendar');
    const events = calendars.flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
    if (events.length > mostEvents) throw new TooLarge();
    const overridden = this.#overridden(events);
    const found = events.flatMap((event) =>
      this.#starts(event, overridden).map((startsAt) => ({ event, startsAt, endsAt: this.#end(event, startsAt) })),
    );
    const worked = found
      .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime())
      .flatMap(({ event, startsAt, endsAt }) => this.#worked(event, startsAt, endsAt));
    if (worked.length > mostFound) throw new TooLarge();
    return { events: worked, leftOut: this.#leftOut };
  }

  #worked(event: ICAL.Component, startsAt: Date, endsAt: Date): WorkedEvent[] {
    const minutes = Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000);
    const isWholeDay = timeOf(event, 'dtstart')?.isDate ?? true;
    if (isWholeDay || minutes < 1 || minutes > mostMinutes || isCancelled(event) || this.#declined(event)) {
      this.#leftOut++;
      return [];
    }
    const text = ['description', 'location'].map((name) => textOf(event, name)).join('\n');
    const addresses = [...event.getAllProperties('attendee'), ...event.getAllProperties('organizer')].map(addressOf);
    const day = dayAt(startsAt, this.reader.timeZone);
    return [{ day, minutes, summary: textOf(event, 'summary'), text, addresses }];
  }

  #declined(event: ICAL.Component): boolean {
    const own = this.reader.email.toLowerCase();
    return event
      .getAllProperties('attendee')
      .some((one) => addressOf(one) === own && String(one.getParameter('partstat')).toUpperCase() === 'DECLINED');
  }

  /** The starts of repetitions that another event of the file replaces, by the UID. */
  #overridden(events: readonly ICAL.Component[]): Set<string> {
    return new Set(
      events.flatMap((event) => {
        const replaced = event.getFirstProperty('recurrence-id');
        return replaced ? [`${textOf(event, 'uid')} ${this.#instant(replaced).getTime()}`] : [];
      }),
    );
  }

  /** When an event begins in the week: once, or by its rules. */
  #starts(event: ICAL.Component, overridden: ReadonlySet<string>): Date[] {
    const property = event.getFirstProperty('dtstart');
    const first = timeOf(event, 'dtstart');
    if (!property || !first) return [];
    const isMoved = event.getFirstProperty('recurrence-id') !== null;
    const rules = isMoved ? [] : event.getAllProperties('rrule');
    const repeated = rules.flatMap((rule) =>
      this.#repeated(rule.getFirstValue() as unknown as ICAL.Recur, first, property),
    );
    const added = event.getAllProperties('rdate').flatMap((one) => this.#instants(one));
    const excepted = new Set(
      event.getAllProperties('exdate').flatMap((one) => this.#instants(one).map((at) => at.getTime())),
    );
    const starts = new Set([this.#instant(property), ...repeated, ...added].map((at) => at.getTime()));
    const uid = textOf(event, 'uid');
    return [...starts]
      .filter((at) => !excepted.has(at) && (isMoved || !overridden.has(`${uid} ${at}`)))
      .filter((at) => this.#from.getTime() <= at && at < this.#to.getTime())
      .map((at) => new Date(at));
  }

  #repeated(rule: ICAL.Recur, first: ICAL.Time, property: ICAL.Property): Date[] {
    const starts: Date[] = [];
    const next = rule.iterator(this.#nearWeek(rule, first));
    for (let time = next.next() as ICAL.Time | null; time; time = next.next() as ICAL.Time | null) {
      if (--this.#occurrencesLeft < 0) throw new TooLarge();
      const at = this.#instantOf(time, property);
      if (at >= this.#to) break;
      if (at >= this.#from) starts.push(at);
    }
    return starts;
  }

  /**
   * A start of the rule shortly before the week. A rule by days or weeks without a count repeats from there as it does from its first
   * start, so years of repetitions need not be walked.
   */
  #nearWeek(rule: ICAL.Recur, first: ICAL.Time): ICAL.Time {
    const stepDays = rule.interval * (rule.freq === 'WEEKLY' ? 7 : rule.freq === 'DAILY' ? 1 : 0);
    const days = daysBetween(dayOf(first), this.monday) - 2;
    if (!(stepDays > 0) || rule.count || days < stepDays || rule.parts.BYSETPOS) return first;
    const near = first.clone();
    near.adjust(days - (days % stepDays), 0, 0, 0);
    return near;
  }

  #end(event: ICAL.Component, startsAt: Date): Date {
    const [start, end] = [event.getFirstProperty('dtstart'), event.getFirstProperty('dtend')];
    if (start && end) {
      const lasting = this.#instant(end).getTime() - this.#instant(start).getTime();
      return new Date(startsAt.getTime() + lasting);
    }
    const duration = event.getFirstPropertyValue('duration') as unknown as ICAL.Duration | null;
    return new Date(startsAt.getTime() + (duration?.toSeconds() ?? 0) * 1_000);
  }

  #instants(property: ICAL.Property): Date[] {
    const values = property.getValues() as unknown as (ICAL.Time | ICAL.Period)[];
    return values.map((value) => this.#instantOf(value instanceof ICAL.Period ? value.start : value, property));
  }

  #instant(property: ICAL.Property): Date {
    return this.#instants(property)[0]!;
  }

  /** A time with a zone of the file, in UTC, or in a zone that only its name says; any other time is in the reader's zone. */
  #instantOf(time: ICAL.Time, property: ICAL.Property): Date {
    const isFloating = !time.zone || time.zone === ICAL.Timezone.localTimezone;
    if (!isFloating) return new Date(time.toUnixTime() * 1_000);
    const named = property.getParameter('tzid');
    const clock = [time.hour, time.minute].map((part) => String(part).padStart(2, '0')).join(':');
    return instantAt(dayOf(time), clock, isTimeZone(named) ? named : this.reader.timeZone);
  }
}

/** A longer event is a journey or a holiday. */
const mostMinutes = 24 * 60;

/** One file can hold several calendars. */
function calendarsOf(parsed: unknown): unknown[] {
  if (!Array.isArray(parsed)) return [];
  return typeof parsed[0] === 'string' ? [parsed] : parsed;
}

const dayOf = ({ year, month, day }: ICAL.Time): Day =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

const timeOf = (event: ICAL.Component, name: string): ICAL.Time | null => {
  const value: unknown = event.getFirstPropertyValue(name);
  return value instanceof ICAL.Time ? value : null;
};

const textOf = (event: ICAL.Component, name: string): string => {
  const value: unknown = event.getFirstPropertyValue(name);
  return typeof value === 'string' ? value.trim() : '';
};

const isCancelled = (event: ICAL.Component): boolean => textOf(event, 'status').toUpperCase() === 'CANCELLED';

const addressOf = (property: ICAL.Property): string =>
  String(property.getFirstValue())
    .replace(/^mailto:/i, '')
    .toLowerCase();
