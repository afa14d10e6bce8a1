import IntlMessageFormat from 'intl-messageformat';
import type { Language } from '../domain/language.js';

const sentences: Record<Language, Map<string, IntlMessageFormat>> = { en: new Map(), ja: new Map() };

/** Formats a sentence with its values. Each sentence is parsed only once. */
export function say(sentence: string, language: Language, words: Record<string, string | number> = {}): string {
  return String(compiledOf(sentence, language).format(words));
}

/**
 * A sentence with its parameters' names in braces instead of values. A choice shows its general case:
 * `{count, plural, one {# visit stands} other {# visits stand}}` is `{count} visits stand`.
 */
export function outlineOf(sentence: string, language: Language): string {
  return outline(compiledOf(sentence, language).getAst());
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number];

/** The number of plain text in the parser of intl-messageformat. A part without a value is the `#` of a plural. */
const literal: Part['type'] = 0;

function outline(parts: readonly Part[], counted = ''): string {
  return parts
    .map((part) => {
      if (!('value' in part)) return `{${counted}}`;
      if ('options' in part) return outline(part.options.other?.value ?? [], part.value);
      return part.type === literal ? part.value : `{${part.value}}`;
    })
    .join('');
}

function compiledOf(sentence: string, language: Language): IntlMessageFormat {
  let compiled = sentences[language].get(sentence);
  if (!compiled) {
    // The sentences are plain text: tags in them have no meaning.
    compiled = new IntlMessageFormat(sentence, language, undefined, { ignoreTag: true });
    sentences[language].set(sentence, compiled);
  }
  return compiled;
}
