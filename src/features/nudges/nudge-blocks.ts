import type { Language } from '../../domain/language.js';
import type { Block } from '../../platform/mail/layout.js';
import { say } from '../../platform/sentences.js';

/** The CSM who reads the mail. */
export interface NudgeReader {
  /** On one line. */
  name: string;
}

const sentences = {
  en: {
    greeting: 'Dear {recipient},',
    more: 'and {more, number} more',
    off: 'You get this mail because nudges are switched on in your profile. This message was sent automatically.',
  },
  ja: {
    greeting: '{recipient} 様',
    more: 'ほか {more, number} 件',
    off: '※ 本メールは、プロフィールで通知（nudges）を有効にしている方に自動送信されています。',
  },
} as const satisfies Record<Language, Record<string, string>>;

export function greetingOfNudge({ name }: NudgeReader, language: Language): Block {
  return { kind: 'paragraph', text: say(sentences[language].greeting, language, { recipient: name }) };
}

/** A list of subscriptions, one line each, with the number of subscriptions that it leaves out. */
export function listOf(items: readonly string[], more: number, language: Language): Block {
  const rest = more === 0 ? [] : [say(sentences[language].more, language, { more })];
  return { kind: 'list', items: [...items, ...rest] };
}

export function closingOfNudge(language: Language): Block[] {
  return [{ kind: 'small', text: sentences[language].off }];
}
