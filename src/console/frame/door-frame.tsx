import type { PropsWithChildren } from '@kitajs/html';
import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import { assetPath } from '../../platform/pages/assets.js';

const words = {
  en: { skip: 'Skip to the content', other: 'ja', inOther: '日本語で表示', languages: 'Language' },
  ja: { skip: '本文へ移動', other: 'en', inOther: 'View in English', languages: '言語' },
} as const satisfies Record<Language, object>;

/** The frame of pages for people who are not signed in. `otherLanguage` is the page's address in the other language. */
export function DoorFrame({
  language,
  title,
  otherLanguage,
  said,
  children,
}: PropsWithChildren<{ language: Language; title: string; otherLanguage: string; said?: string }>): JSX.Element {
  const { skip, other, inOther, languages } = words[language];
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
          <title safe>{`${title} – TRM`}</title>
          <link rel="stylesheet" href={assetPath('trm.css')} data-turbo-track="reload" />
          <link rel="icon" href={assetPath('icon.svg')} type="image/svg+xml" />
          <script type="module" src={assetPath('main.js')} data-turbo-track="reload"></script>
        </head>
        <body data-shortcuts="off">
          <a class="button skip" href="#main">
            {skip}
          </a>
          <div class="door">
            <header>
              <p class="brand" translate="no">
                TRM
              </p>
              <nav aria-label={languages}>
                <a href={escapeHtml(otherLanguage)} hreflang={other} lang={other}>
                  {inOther}
                </a>
              </nav>
            </header>
            <main id="main" tabindex="-1">
              {said !== undefined && (
                <div class="notice good" role="status">
                  <p safe>{said}</p>
                </div>
              )}
              {children}
            </main>
          </div>
        </body>
      </html>
    </>
  );
}
