import { escapeHtml, type PropsWithChildren } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import { assetPath } from './assets.js';

const words = {
  en: { inOther: '日本語で表示', inOtherLanguage: 'ja', language: 'Language' },
  ja: { inOther: 'View in English', inOtherLanguage: 'en', language: '言語' },
} as const satisfies Record<Language, object>;

/**
 * The frame of pages that need no session: they look like the console, and load its style sheet and nothing else. `otherLanguage` is the
 * page's address in the other language, if there is one.
 */
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
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex, nofollow" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <title safe>{title}</title>
          <link rel="stylesheet" href={assetPath('trm.css')} />
        </head>
        <body>
          <header class="topbar">
            <p class="brand" translate="no">
              TRM
            </p>
            <span class="space"></span>
            {otherLanguage !== undefined && (
              <nav aria-label={languageWord}>
                <a href={escapeHtml(otherLanguage)} hreflang={inOtherLanguage} lang={inOtherLanguage}>
                  {inOther}
                </a>
              </nav>
            )}
          </header>
          <main class="alone">{children}</main>
        </body>
      </html>
    </>
  );
}
