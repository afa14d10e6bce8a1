import type { Refusal } from '../../domain/refusals.js';
import type { Language } from '../http/language.js';
import { problemOf } from '../http/problems.js';
import { Frame } from './frame.js';

/** A "no", or a failure, in both languages: who reads the page may not be known. The language that was asked for comes first. */
export function problemPage(refusal: Refusal, language: Language): JSX.Element {
  const inOrder: Language[] = language === 'ja' ? ['ja', 'en'] : ['en', 'ja'];
  const [first, second] = inOrder.map((each) => ({ ...problemOf(refusal, each), language: each }));
  return (
    <Frame language={language} title={`${first!.title} – TRM`}>
      <section class="says warn">
        <h1 safe>{first!.title}</h1>
        <p safe>{first!.detail}</p>
      </section>
      <section lang={second!.language}>
        <h2 safe>{second!.title}</h2>
        <p safe>{second!.detail}</p>
      </section>
    </Frame>
  );
}
