import type { Day } from '../../domain/calendar.js';
import { hoursText } from '../../domain/minutes.js';
import type { Language } from '../../platform/http/language.js';
import { say } from '../../platform/sentences.js';

/** The sentences of one mail in both languages (ICU MessageFormat); `Words` are what they may name. */
export type MailSentences = Readonly<Record<Language, { subject: string; text: string }>>;

export type Words = Readonly<Record<string, string | number>>;

export interface Written {
  subject: string;
  text: string;
}

/** Fills in the sentences of a mail. */
export function write(sentences: MailSentences, language: Language, words: Words): Written {
  const { subject, text } = sentences[language];
  return { subject: say(subject, language, words), text: `${say(text, language, words).trim()}\n` };
}

/** A day with its weekday: `2027-01-30 (Saturday)`, `2027年1月30日(土)`. */
export function dayText(day: Day, language: Language): string {
  const at = new Date(`${day}T00:00:00Z`);
  const weekday = new Intl.DateTimeFormat(language, {
    weekday: language === 'ja' ? 'short' : 'long',
    timeZone: 'UTC',
  }).format(at);
  if (language === 'en') return `${day} (${weekday})`;
  return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日(${weekday})`;
}

/** An instant as the clocks of a zone show it: `2027-01-30 (Saturday) 18:05`, `2027年1月30日(土) 18:05`. */
export function momentText(instant: Date, timeZone: string, language: Language): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  const [day, time] = parts.format(instant).split(' ') as [Day, string];
  return `${dayText(day, language)} ${time}`;
}

/** `12.50 hours`, `12.50 時間`. */
export function hours(minutes: number, language: Language): string {
  return `${hoursText(minutes)} ${language === 'ja' ? '時間' : 'hours'}`;
}

/** A name on one line, whatever was entered. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
