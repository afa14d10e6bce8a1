import { attentionTexts } from '../../domain/attention-texts.js';
import type { AttentionReason } from '../../domain/attention.js';
import { isDay } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { dayText, hours, monthText } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';

const month = /^\d{4}-\d{2}$/;
const minutes = /minutes$/i;

/** The sentence of a reason, with days, months and hours as a reader of this language writes them. */
export function attentionSentence(
  { code, figures }: Pick<AttentionReason, 'code' | 'figures'>,
  language: Language,
): string {
  const words = Object.entries(figures).flatMap(([name, value]): [string, string | number][] => {
    if (typeof value === 'number') return [[name, minutes.test(name) ? hours(value, language) : value]];
    if (typeof value !== 'string') return [];
    if (isDay(value)) return [[name, dayText(value, language)]];
    return [[name, month.test(value) ? monthText(value, language) : value]];
  });
  return say(attentionTexts[code][language], language, Object.fromEntries(words));
}
