import IntlMessageFormat from 'intl-messageformat';
import type { Language } from './http/language.js';

const sentences: Record<Language, Map<string, IntlMessageFormat>> = { en: new Map(), ja: new Map() };

/** Fills in a sentence of a catalogue; each is parsed once. */
export function say(sentence: string, language: Language, words: Record<string, string | number> = {}): string {
  let compiled = sentences[language].get(sentence);
  if (!compiled) {
    // The sentences are plain text: what looks like a tag is one.
    compiled = new IntlMessageFormat(sentence, language, undefined, { ignoreTag: true });
    sentences[language].set(sentence, compiled);
  }
  return String(compiled.format(words));
}
