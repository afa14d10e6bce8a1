import { attentionTexts } from '../../domain/attention-texts.js';
import type { AttentionReason } from '../../domain/attention.js';
import { isDay, type Day, type Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { dayText, hours, monthText } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';

/** How days, months and minutes are written: mails and REST differ from pages. */
export interface FigureWords {
  day(day: Day, language: Language): string;
  month(month: Month, language: Language): string;
  minutes(minutes: number, language: Language): string;
}

const inMails: FigureWords = { day: dayText, month: monthText, minutes: hours };

const month = /^\d{4}-\d{2}$/;
const minutes = /minutes$/i;

/** The sentence of a reason, with days, months and hours as a reader of this language writes them. */
export function attentionSentence(
  { code, figures }: Pick<AttentionReason, 'code' | 'figures'>,
  language: Language,
  write = inMails,
): string {
  const words = Object.entries(figures).flatMap(([name, value]): [string, string | number][] => {
    if (typeof value === 'number') return [[name, minutes.test(name) ? write.minutes(value, language) : value]];
    if (typeof value !== 'string') return [];
    if (isDay(value)) return [[name, write.day(value, language)]];
    return [[name, month.test(value) ? write.month(value, language) : value]];
  });
  return say(attentionTexts[code][language], language, Object.fromEntries(words));
}
