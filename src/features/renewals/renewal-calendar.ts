import { createRequire } from 'node:module';
import type * as ICal from 'ical-generator';
import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../platform/http/language.js';
import type { Attachment } from '../../platform/mail/mail-writer.js';

/** A whole day to be noted, with reminders so many days before. */
export interface CalendarDay {
  /** The same in every mail of a term, so that calendars change the entry they have. */
  uid: string;
  on: Day;
  title: string;
  details: string;
  alarmDays: readonly number[];
}

/** Loaded when the first mail with one is written. */
const load = createRequire(__filename);

const secondsOfDay = 86_400;

/** A calendar file (RFC 5545) of whole days; `writtenAt` tells calendars which of two is the newer one. */
export function calendarFile(
  days: readonly CalendarDay[],
  { language, writtenAt }: { language: Language; writtenAt: Date },
): Attachment {
  const {
    default: ical,
    ICalCalendarMethod,
    ICalAlarmType,
    ICalEventTransparency,
  } = load('ical-generator') as typeof ICal;
  const calendar = ical({
    prodId: { company: 'TRM', product: 'Renewals', language: language.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const { uid, on, title, details, alarmDays } of days) {
    calendar.createEvent({
      id: uid,
      start: on,
      allDay: true,
      stamp: writtenAt,
      sequence: Math.floor(writtenAt.getTime() / 60_000),
      summary: title,
      description: details,
      transparency: ICalEventTransparency.TRANSPARENT,
      alarms: alarmDays.map((daysBefore) => ({
        type: ICalAlarmType.display,
        trigger: daysBefore * secondsOfDay,
        description: title,
      })),
    });
  }
  return {
    fileName: 'renewal.ics',
    contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
    // Every line ends so (RFC 5545), the last one too.
    content: `${calendar.toString()}\r\n`,
  };
}
