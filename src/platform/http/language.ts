import { createParamDecorator } from '@nestjs/common';
import type { Language } from '../../domain/language.js';
import { requestOf } from './request.js';

/** The preferred language in an `Accept-Language` header; English if it names neither English nor Japanese. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (!acceptLanguage) return 'en';
  let best: Language = 'en';
  let bestWeight = 0;
  for (const range of acceptLanguage.split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const language = /^(en|ja)(-|$)/.exec(tag.trim())?.[1] as Language | undefined;
    const weight = weightOf(parameters);
    if (language && weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  return best;
}

function weightOf(parameters: string[]): number {
  for (const parameter of parameters) {
    const weight = /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1];
    if (weight !== undefined) return Math.min(1, Number(weight));
  }
  return 1;
}

/** Parameter decorator: the language of the caller. */
export const CallerLanguage = createParamDecorator((_: unknown, context): Language =>
  languageOf(requestOf(context).headers['accept-language']),
);
