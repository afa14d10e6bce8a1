import type { AttentionReason } from '../../domain/attention.js';
import type { Language } from '../../domain/language.js';
import { attentionSentence } from '../../features/attention/attention-words.js';
import { minutesText, monthText, weekdayText } from './formats.js';

/** Why a subscription needs its CSM, with days and amounts as the pages write them. */
export const reasonText = (reason: Pick<AttentionReason, 'code' | 'figures'>, language: Language): string =>
  attentionSentence(reason, language, { day: weekdayText, month: monthText, minutes: minutesText });
