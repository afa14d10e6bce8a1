import { utcOffsetAt, type Day, type Month } from '../../domain/calendar.js';
import { hoursText } from '../../domain/minutes.js';
import type { Language } from '../../domain/language.js';

/** The values that a sentence may contain. */
export type MailWords = Readonly<Record<string, string | number>>;

const weekdays = {
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  ja: ['日曜日', '月曜日', '火曜日', '水曜日', '木曜日', '金曜日', '土曜日'],
} as const;

/** `Saturday`, `土曜日`. */
export function weekdayText(day: Day, language: Language): string {
  return weekdays[language][new Date(`${day}T00:00:00Z`).getUTCDay()]!;
}

/** A day with its weekday: `2027-01-30 (Saturday)`, `2027年1月30日(土)`. */
export function dayText(day: Day, language: Language): string {
  const weekday = weekdayText(day, language);
  return language === 'ja' ? `${dateText(day, language)}(${weekday[0]})` : `${day} (${weekday})`;
}

/** A day without its weekday, for narrow places: `2027-01-30`, `2027年1月30日`. */
export function dateText(day: Day, language: Language): string {
  if (language === 'en') return day;
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** `2026-10`, `2026年10月`. */
export const monthText = (month: Month, language: Language): string =>
  language === 'ja' ? month.replace(/^(\d+)-0?(\d+)$/, '$1年$2月') : month;

/** An instant as local date and time of a zone: `2027-01-30 (Saturday) 18:05`, `2027年1月30日(土) 18:05`. */
export function momentText(instant: Date, timeZone: string, language: Language): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  const [day, time] = parts.format(instant).split(' ') as [Day, string];
  return `${dayText(day, language)} ${time}`;
}

/** A zone with its offset at an instant: `Asia/Tokyo, UTC+09:00`, `Asia/Tokyo、UTC+09:00`. */
export function zoneText(timeZone: string, at: Date, language: Language): string {
  return `${timeZone}${language === 'ja' ? '、' : ', '}UTC${utcOffsetAt(at, timeZone)}`;
}

const amounts = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** Hours in a sentence, without trailing zeros: `12.5 hours`, `1 hour`, `1,600 時間`. */
export function hours(minutes: number, language: Language): string {
  const amount = amounts.format(Number(hoursText(minutes)));
  if (language === 'ja') return `${amount} 時間`;
  return `${amount} ${amount === '1' ? 'hour' : 'hours'}`;
}

/** The opening of a Japanese mail to a customer: the greeting and the name of the writer. */
export const japaneseGreeting = (vendor: string, csm: string): string =>
  `いつもお世話になっております。\n${vendor} 担当CSMの${csm}でございます。`;

/** A name on one line, with all white space collapsed. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
