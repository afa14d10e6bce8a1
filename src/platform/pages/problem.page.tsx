import type { Refusal } from '../../domain/refusal.js';
import type { Language } from '../../domain/language.js';
import { problemOf } from '../http/problems.js';
import { Frame } from './frame.js';

const words = {
  en: { openWithout: 'Open the page without the extra parameters', home: 'Go to your start page' },
  ja: { openWithout: '余分なパラメーターを除いてページを開く', home: '最初のページへ' },
} as const satisfies Record<Language, object>;

/**
 * The page of a refusal or failure, in both languages because the reader may be unknown; the requested language comes first.
 * `pageWithoutQuery` is a link to continue with, if only the query is wrong; `home` leads to the start of the console.
 */
export function problemPage(
  refusal: Refusal,
  language: Language,
  pageWithoutQuery?: string,
  home?: string,
): JSX.Element {
  const inOrder: Language[] = language === 'ja' ? ['ja', 'en'] : ['en', 'ja'];
  const [first, second] = inOrder.map((each) => ({ ...problemOf(refusal, each), language: each }));
  return (
    <Frame language={language} title={`${first!.title} – TRM`}>
      <section class="notice warn">
        <h1 safe>{first!.title}</h1>
        <p safe>{first!.detail}</p>
        {pageWithoutQuery !== undefined && (
          <p>
            <a href={pageWithoutQuery}>{words[first!.language].openWithout}</a>
          </p>
        )}
        {home !== undefined && (
          <p>
            <a href={home}>{words[first!.language].home}</a>
          </p>
        )}
      </section>
      <section class="panel" lang={second!.language}>
        <h2 safe>{second!.title}</h2>
        <p safe>{second!.detail}</p>
        {pageWithoutQuery !== undefined && (
          <p>
            <a href={pageWithoutQuery}>{words[second!.language].openWithout}</a>
          </p>
        )}
      </section>
    </Frame>
  );
}
