import type { Refusal } from '../../domain/refusal.js';
import type { Language } from '../../domain/language.js';
import { problemOf } from '../http/problems.js';
import { Frame } from './frame.js';

const words = {
  en: { openWithout: 'Open the page without these additions to its address' },
  ja: { openWithout: '余分なパラメーターを除いてページを開く' },
} as const satisfies Record<Language, object>;

/**
 * A "no", or a failure, in both languages: who reads the page may not be known. The language that was asked for comes first.
 * `pageWithoutQuery` is the address to go on with, where only the query is at fault.
 */
export function problemPage(refusal: Refusal, language: Language, pageWithoutQuery?: string): JSX.Element {
  const inOrder: Language[] = language === 'ja' ? ['ja', 'en'] : ['en', 'ja'];
  const [first, second] = inOrder.map((each) => ({ ...problemOf(refusal, each), language: each }));
  return (
    <Frame language={language} title={`${first!.title} – TRM`}>
      <section class="says warn">
        <h1 safe>{first!.title}</h1>
        <p safe>{first!.detail}</p>
        {pageWithoutQuery !== undefined && (
          <p>
            <a href={pageWithoutQuery}>{words[first!.language].openWithout}</a>
          </p>
        )}
      </section>
      <section lang={second!.language}>
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
