import { createRequire } from 'node:module';
import type * as ICal from 'ical-generator';
import { addDays, type Day } from '../../../domain/calendar.js';
import { morningOf } from '../../../domain/morning.js';
import type { Language } from '../../../domain/language.js';
import type { Mailbox } from '../../../platform/mail/mail-transport.js';
import type { Attachment } from '../../../platform/mail/mail-writer.js';

/** An all-day entry for a calendar, or its cancellation. */
export interface CalendarDay {
  /** The name of the file. */
  name: string;
  /** The same in every mail of a term, so that calendars update their entry. */
  uid: string;
  on: Day;
  title: string;
  details: string;
  /** How many days before the day the calendar reminds. */
  alarmDays: readonly number[];
  isCancelled?: boolean;
}

/** What all calendar files of a mail share. */
export interface CalendarFacts {
  language: Language;
  /** When the mail was queued. */
  writtenAt: Date;
  /**
   * How many mails about the subscription were queued before. Of two mails in one minute, the later has the higher
   * SEQUENCE.
   */
  mailsBefore: number;
  /** Alarms go off in this zone. */
  timeZone: string;
  organizer: Mailbox;
}

/** Loaded for the first mail with a calendar file. */
const load = createRequire(__filename);

/**
 * A calendar file (RFC 5545) with an all-day entry, published or cancelled by its organizer (RFC 5546). Alarms go off
 * in the morning, and never lie in the past.
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
    // RFC 5545 ends every line so, also the last one.
    content: `${calendar.toString()}\r\n`,
  };
}
