import { createRequire } from 'node:module';
import type * as ICal from 'ical-generator';
import { addDays, type Day } from '../../../domain/calendar.js';
import { morningOf } from '../../../domain/morning.js';
import type { Language } from '../../../domain/language.js';
import type { Mailbox } from '../../../platform/mail/mail-transport.js';
import type { Attachment } from '../../../platform/mail/mail-writer.js';

/** A whole day to be noted in a calendar, or to be taken out of it. */
export interface CalendarDay {
  /** Names the file. */
  name: string;
  /** The same in every mail of a term, so that calendars change the entry they have. */
  uid: string;
  on: Day;
  title: string;
  details: string;
  /** How many days before it the calendar reminds. */
  alarmDays: readonly number[];
  isCancelled?: boolean;
}

/** What all calendar files of a mail have in common. */
export interface CalendarFacts {
  language: Language;
  /** When the reason of the mail arose. */
  writtenAt: Date;
  /** How many mails about the subscription came before: of two in one minute the later has the higher SEQUENCE. */
  mailsBefore: number;
  /** On the clocks of this zone alarms go off. */
  timeZone: string;
  organizer: Mailbox;
}

/** Loaded when the first mail with one is written. */
const load = createRequire(__filename);

/**
 * A calendar file (RFC 5545) with one whole day, published or cancelled by its organizer (RFC 5546). Alarms go off in the
 * morning, and none lies in the past.
 */
export function calendarFile(day: CalendarDay, facts: CalendarFacts): Attachment {
  const { name, uid, on, title, details, alarmDays, isCancelled = false } = day;
  const { language, writtenAt, mailsBefore, timeZone, organizer } = facts;
  const library = load('ical-generator') as typeof ICal;
  const { default: ical, ICalAlarmType, ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } = library;
  const method = isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH;
  const calendar = ical({
    prodId: { company: 'TRM', product: 'Renewals', language: language.toUpperCase() },
    method,
  });
  const alarms = isCancelled ? [] : alarmDays.map((daysBefore) => morningOf(addDays(on, -daysBefore), timeZone));
  calendar.createEvent({
    id: uid,
    start: on,
    end: addDays(on, 1),
    allDay: true,
    stamp: writtenAt,
    sequence: Math.floor(writtenAt.getTime() / 60_000) + mailsBefore,
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: organizer.name, email: organizer.address },
    summary: title,
    description: details,
    transparency: ICalEventTransparency.TRANSPARENT,
    alarms: alarms
      .filter((at) => at > writtenAt)
      .map((trigger) => ({ type: ICalAlarmType.display, trigger, description: title })),
  });
  return {
    fileName: `${name}.ics`,
    contentType: `text/calendar; charset=utf-8; method=${method}`,
    // Every line ends so (RFC 5545), the last one too.
    content: `${calendar.toString()}\r\n`,
  };
}
