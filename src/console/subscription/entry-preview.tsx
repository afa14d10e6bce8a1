import type { Refusal } from '../../domain/refusal.js';
import { problemOf } from '../../platform/http/problems.js';
import { say } from '../../platform/sentences.js';
import type { PageReader } from '../page/console-page.js';
import { differenceText, minutesText } from '../words/formats.js';
import { entriesWords } from './entries.words.js';

/** What an entry would change. `before` are the minutes of the entry that it would replace. */
export interface PreviewFigures {
  before?: number;
  minutes: number;
  leftMinutes: number;
}

/** What the entry that is being typed would leave, or why it would be refused. A script puts it in again while somebody types. */
export function EntryPreview({
  figures,
  refusal,
  reader: { language },
}: {
  figures?: PreviewFigures;
  refusal?: Refusal;
  reader: PageReader;
}): JSX.Element {
  const words = entriesWords[language];
  if (refusal) {
    const { violations = [], detail } = problemOf(refusal, language);
    const text = violations.length === 0 ? detail : violations.map((violation) => violation.detail).join(' ');
    return (
      <p id="entry-preview" class="fault" role="status" safe>
        {text}
      </p>
    );
  }
  const text = figures === undefined ? '' : previewText(figures, words, language);
  return (
    <p id="entry-preview" class="soft" role="status" safe>
      {text}
    </p>
  );
}

function previewText(
  { before, minutes, leftMinutes }: PreviewFigures,
  words: (typeof entriesWords)['en' | 'ja'],
  language: PageReader['language'],
): string {
  const values = { minutes: minutesText(minutes, language), left: minutesText(leftMinutes, language) };
  if (before === undefined) return say(words.wouldLeave, language, values);
  const difference = minutes === before ? words.noDifference : differenceText(minutes - before, language);
  return say(words.wouldChange, language, { ...values, before: minutesText(before, language), difference });
}
