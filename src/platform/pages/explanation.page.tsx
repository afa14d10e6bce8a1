import type { Language } from '../../domain/language.js';
import type { ProblemExplanation } from '../http/problem.dto.js';
import { Frame } from './frame.js';

const words = {
  en: { advice: 'What to do', code: 'Code', status: 'HTTP status' },
  ja: { advice: '対処方法', code: 'コード', status: 'HTTP ステータス' },
} as const satisfies Record<Language, object>;

/** The page at the `type` address of a problem document: what the problem means, and how to solve it. */
export function explanationPage(explanation: ProblemExplanation, language: Language): JSX.Element {
  const { code, status, title, detail, advice } = explanation;
  const say = words[language];
  return (
    <Frame language={language} title={`${title} – TRM`} otherLanguage={`?lang=${language === 'en' ? 'ja' : 'en'}`}>
      <section class="notice warn">
        <h1 safe>{title}</h1>
        <p safe>{detail}</p>
      </section>
      <section class="panel">
        <h2>{say.advice}</h2>
        <p safe>{advice}</p>
        <p>
          {say.code}: <code safe>{code}</code>
        </p>
        <p>
          {say.status}: {status}
        </p>
      </section>
    </Frame>
  );
}
