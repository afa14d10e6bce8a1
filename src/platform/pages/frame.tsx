import type { PropsWithChildren } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import { style } from './style.js';

const words = {
  en: { inOther: '日本語で表示', inOtherLanguage: 'ja', language: 'Language' },
  ja: { inOther: 'View in English', inOtherLanguage: 'en', language: '言語' },
} as const satisfies Record<Language, object>;

/** The frame of all pages. `otherLanguage` is the page's address in the other language, if there is one. */
export function Frame({
  language,
  title,
  otherLanguage,
  children,
}: PropsWithChildren<{ language: Language; title: string; otherLanguage?: string }>): JSX.Element {
  const { inOther, inOtherLanguage, language: languageWord } = words[language];
  return (
    <>
      {'<!doctype html>'}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex, nofollow" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <title safe>{title}</title>
          <style>{style}</style>
        </head>
        <body>
          <header>
            <p translate="no">TRM</p>
            {otherLanguage !== undefined && (
              <nav aria-label={languageWord}>
                <a href={otherLanguage} hreflang={inOtherLanguage} lang={inOtherLanguage}>
                  {inOther}
                </a>
              </nav>
            )}
          </header>
          <main>{children}</main>
        </body>
      </html>
    </>
  );
}
