import type { Day } from '../../domain/calendar.js';
import type { PageReader } from '../page/console-page.js';
import { dayText, inDaysText, momentText, shortDayText } from '../words/formats.js';

/** A day: `31 March 2027`; short in tables. With `away`, also how far it is: `in 12 days`. */
export function DayTime({
  day,
  reader: { language, today },
  short = false,
  away = false,
}: {
  day: Day;
  reader: Pick<PageReader, 'language' | 'today'>;
  short?: boolean;
  away?: boolean;
}): JSX.Element {
  return (
    <>
      <time datetime={day} safe>
        {short ? shortDayText(day, language, today) : dayText(day, language)}
      </time>
      {away && (
        <span class="away" safe>
          {inDaysText(day, today, language)}
        </span>
      )}
    </>
  );
}

/** An instant in the zone of the reader, or another zone that the text names. */
export function Moment({
  at,
  reader,
  timeZone = reader.timeZone,
}: {
  at: Date;
  reader: Pick<PageReader, 'language' | 'timeZone'>;
  timeZone?: string;
}): JSX.Element {
  return (
    <time datetime={at.toISOString()} safe>
      {momentText(at, timeZone, reader.language)}
    </time>
  );
}
