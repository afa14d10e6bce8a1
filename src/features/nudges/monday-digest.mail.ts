import type { Language } from '../../domain/language.js';
import type { MailPage } from '../../platform/mail/layout.js';
import { dateText, oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import { attentionSentence } from '../attention/attention-words.js';
import { closingOfNudge, greetingOfNudge, listOf, type NudgeReader } from './nudge-blocks.js';
import type { DigestRow, MondayDigestFacts } from './nudge-facts.js';

const sentences = {
  en: {
    subject: '[TRM] Week of {monday}: {count, plural, one {# subscription needs} other {# subscriptions need}} you',
    intro: 'These subscriptions of your portfolio need you, the gravest first. Each line names the gravest reason.',
    line: '{customer}, {reference}: {detail}',
    lineWithMore: '{customer}, {reference}: {detail} ({more, plural, one {# more reason} other {# more reasons}})',
  },
  ja: {
    subject: '【TRM】{monday}の週：対応が必要な契約が {count, number} 件あります',
    intro:
      '担当されている契約のうち、対応が必要なものを重要度の高い順にお知らせします。各行には、最も重要な理由を記載しています。',
    line: '{customer} 様　{reference}：{detail}',
    lineWithMore: '{customer} 様　{reference}：{detail}（ほかの理由 {more, number} 件）',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The weekly mail with the subscriptions that need their CSM (§6). It can be read in a minute on a phone. */
export function mondayDigest(
  { monday, subscriptions: { rows, more } }: MondayDigestFacts,
  reader: NudgeReader,
  language: Language,
): MailPage {
  const words = sentences[language];
  const count = rows.length + more;
  return {
    subject: say(words.subject, language, { monday: dateText(monday, language), count }),
    blocks: [
      greetingOfNudge(reader, language),
      { kind: 'paragraph', text: words.intro },
      listOf(
        rows.map((row) => lineOf(row, language)),
        more,
        language,
      ),
      ...closingOfNudge(language),
    ],
  };
}

function lineOf({ customerName, reference, code, figures, moreReasons }: DigestRow, language: Language): string {
  const { line, lineWithMore } = sentences[language];
  const detail = attentionSentence({ code, figures }, language);
  const words = { customer: oneLine(customerName), reference, detail, more: moreReasons };
  return say(moreReasons === 0 ? line : lineWithMore, language, words);
}
