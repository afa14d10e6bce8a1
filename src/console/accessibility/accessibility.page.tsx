import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import { Frame } from '../../platform/pages/frame.js';
import { accessibilityWords } from './accessibility.words.js';

/** How far the pages conform to WCAG 2.2, how that was found, what is missing, and whom to write to. */
export function accessibilityPage(contact: string | undefined, language: Language): JSX.Element {
  const words = accessibilityWords[language];
  return (
    <Frame
      language={language}
      title={`${words.title} – TRM`}
      otherLanguage={`/console/accessibility?lang=${language === 'ja' ? 'en' : 'ja'}`}
    >
      <h1 safe>{words.title}</h1>
      {words.sections.map(({ heading, paragraphs = [], points = [] }) => (
        <section class="panel">
          <h2 safe>{heading}</h2>
          {paragraphs.map((paragraph) => (
            <p safe>{paragraph}</p>
          ))}
          {points.length > 0 && (
            <ul>
              {points.map((point) => (
                <li safe>{point}</li>
              ))}
            </ul>
          )}
        </section>
      ))}
      <section class="panel">
        <h2 safe>{words.contactHeading}</h2>
        <p safe>{contact === undefined ? words.withoutContact : words.contact}</p>
        {contact !== undefined && (
          <p>
            <a href={escapeHtml(`mailto:${contact}`)} safe>
              {contact}
            </a>
          </p>
        )}
      </section>
      <p>
        <a href="/console" safe>
          {words.back}
        </a>
      </p>
    </Frame>
  );
}
