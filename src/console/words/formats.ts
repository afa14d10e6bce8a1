import { addDays, dayAt, daysBetween, utcOffsetAt, type Day, type Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';

/** Days, times and amounts as the pages write them, in the way of the reader. */

const tags = { en: 'en-GB', ja: 'ja-JP' } as const;

/** `41 h 30`, `45 min`, `41時間30分`; negative amounts with a minus sign. */
export function minutesText(minutes: number, language: Language): string {
  const size = Math.abs(minutes);
  const hours = Math.floor(size / 60);
  const rest = size % 60;
  const sign = minutes < 0 ? '−' : '';
  const number = numberText(hours, language);
  if (language === 'ja') {
    const shown = [hours > 0 && `${number}時間`, (rest > 0 || hours === 0) && `${rest}分`].filter(Boolean).join('');
    return sign + shown;
  }
  if (hours === 0) return `${sign}${rest} min`;
  return rest === 0 ? `${sign}${number} h` : `${sign}${number} h ${String(rest).padStart(2, '0')}`;
}

/** `41:30`, for tables and fields; the same in both languages. */
export function clockText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : ''}${Math.floor(size / 60)}:${String(size % 60).padStart(2, '0')}`;
}

/** `+12 h 30`, `−45 min`, `±0`: a difference. */
export function differenceText(minutes: number, language: Language): string {
  if (minutes === 0) return '±0';
  return minutes > 0 ? `+${minutesText(minutes, language)}` : minutesText(minutes, language);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(day: Day, language: Language, options: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(tags[language], { ...options, timeZone: 'UTC' })));
  return format.format(new Date(`${day}T00:00:00Z`));
}

/** `31 March 2027`, `2027年3月31日`. */
export const dayText = (day: Day, language: Language): string =>
  formatted(day, language, { day: 'numeric', month: 'long', year: 'numeric' });

/** With the weekday: `Wed 31 March 2027`, `2027年3月31日(水)`. */
export function weekdayText(day: Day, language: Language): string {
  const weekday = formatted(day, language, { weekday: 'short' });
  return language === 'ja' ? `${dayText(day, language)}(${weekday})` : `${weekday} ${dayText(day, language)}`;
}

/** For narrow places: `Wed 31 Mar`, `3月31日(水)`; the year only if it is not that of `today`. */
export function shortDayText(day: Day, language: Language, today: Day): string {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  const date = formatted(day, language, { day: 'numeric', month: language === 'ja' ? 'long' : 'short', ...year });
  const weekday = formatted(day, language, { weekday: 'short' });
  return language === 'ja' ? `${date}(${weekday})` : `${weekday} ${date}`;
}

/** `March 2027`, `2027年3月`. */
export const monthText = (month: Month, language: Language): string =>
  formatted(`${month}-01`, language, { month: 'long', year: 'numeric' });

/** `today`, `tomorrow`, `in 12 days`, `3 days ago`; `今日`, `明日`, `12日後`, `3日前`. */
export function inDaysText(day: Day, today: Day, language: Language): string {
  const days = daysBetween(today, day);
  if (language === 'ja') {
    if (days === 0) return '今日';
    if (days === 1) return '明日';
    if (days === -1) return '昨日';
    return days > 0 ? `${numberText(days, 'ja')}日後` : `${numberText(-days, 'ja')}日前`;
  }
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  if (days === -1) return 'yesterday';
  return days > 0 ? `in ${numberText(days, 'en')} days` : `${numberText(-days, 'en')} days ago`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes 0.2 ms, fifty times as long as using it, and each row of a ledger has a moment. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** `31 March 2027, 18:05 (UTC+09:00)`, `2027年3月31日 18:05 (UTC+09:00)`. */
export function momentText(instant: Date, timeZone: string, language: Language): string {
  const day = dayText(dayAt(instant, timeZone), language);
  const time = clockOf(timeZone).format(instant);
  return `${day}${language === 'ja' ? ' ' : ', '}${time} (UTC${utcOffsetAt(instant, timeZone)})`;
}

/** `1,600`, `1,600`. */
export const numberText = (value: number, language: Language): string => value.toLocaleString(tags[language]);

/** The seven days from a Monday. */
export const weekDays = (monday: Day): Day[] => [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(monday, days));
