import IntlMessageFormat from 'intl-messageformat';
import type { Day } from '../../domain/calendar.js';
import { hoursText } from '../../domain/minutes.js';

export type MailLanguage = 'ja' | 'en';

/** The sentences of one mail in both languages (ICU MessageFormat); `Word` are the names that they may use. */
export type MailSentences = Readonly<Record<MailLanguage, { subject: string; text: string }>>;

export type Words = Readonly<Record<string, string | number>>;

export interface Written {
  subject: string;
  text: string;
}

const compiled = new Map<string, IntlMessageFormat>();

/** Fills in the sentences of a mail. */
export function write(sentences: MailSentences, language: MailLanguage, words: Words): Written {
  const { subject, text } = sentences[language];
  return { subject: say(subject, language, words), text: `${say(text, language, words).trim()}\n` };
}

/** A day with its weekday: `2027-01-30 (Saturday)`, `2027年1月30日(土)`. */
export function dayText(day: Day, language: MailLanguage): string {
  const at = new Date(`${day}T00:00:00Z`);
  const weekday = new Intl.DateTimeFormat(language, {
    weekday: language === 'ja' ? 'short' : 'long',
    timeZone: 'UTC',
  }).format(at);
  if (language === 'en') return `${day} (${weekday})`;
  return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日(${weekday})`;
}

/** An instant as the clocks of a zone show it: `2027-01-30 18:05`. */
export function momentText(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return parts.format(instant);
}

/** `12.50 hours`, `12.50 時間`. */
export function hours(minutes: number, language: MailLanguage): string {
  return `${hoursText(minutes)} ${language === 'ja' ? '時間' : 'hours'}`;
}

/** A name on one line, whatever was entered. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function say(sentence: string, language: MailLanguage, words: Words): string {
  const key = `${language} ${sentence}`;
  let message = compiled.get(key);
  if (!message) {
    // The sentences are plain text: what looks like a tag is one.
    message = new IntlMessageFormat(sentence, language, undefined, { ignoreTag: true });
    compiled.set(key, message);
  }
  return String(message.format({ ...words }));
}
