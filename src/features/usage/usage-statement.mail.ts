import type { Day } from '../../domain/calendar.js';
import { hoursColumn, hoursText } from '../../domain/minutes.js';
import type { Language } from '../../domain/language.js';
import type { Block, MailPage } from '../../platform/mail/layout.js';
import { dateText, hours, oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import { subscriptionReference, unknownIdentity } from '../subscriptions/subscription-identity.js';
import {
  balanceRows,
  closing,
  contractRows,
  forecastRow,
  greeting,
  limitRows,
  opening,
  periodText,
  topUpRows,
  type UsageReader,
} from './usage-blocks.js';
import type { StatementFacts } from './usage-facts.js';

/**
 * A summary can be pages long, so the mail cuts it; the service shows all of it. Japanese characters take two columns
 * of the text part.
 */
const longestSummary = { en: 60, ja: 30 };

const sentences = {
  en: {
    subject: '[TRM] {reference}: usage statement, {from} to {to}',
    intro:
      'Below you find what was used of your TRM subscription in the {number, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} service month of the term, and where the term stands.',
    month: 'This service month',
    period: 'Period',
    used: 'Hours used',
    planned: 'Even plan',
    lines: 'Hours by product line',
    entries: 'Work of the month',
    nothing: 'No work was logged in this service month.',
    day: 'Day',
    work: 'Work',
    consultant: 'Consultant',
    productLine: 'Product line',
    delivery: 'Delivery',
    hours: 'Hours',
    remote: 'Remote',
    onsite: 'Onsite',
    doneOnsite: '{productLine} (onsite)',
    more: '{entries, plural, one {and one more entry} other {and # more entries}}',
    total: 'Total',
    balance: 'The term at the end of the month',
    expired: 'Expired',
    expiredMinutes: '{expired}, unused at the end of the term',
    expiredNothing: 'nothing: all hours were used',
    note: 'Based on the work logged so far. Work of this month that is logged later is part of the hours used in the next statement.',
    lastStands: 'Based on the work logged so far.',
    lastNote: 'This was the last service month of the term. Unused hours are not carried over.',
  },
  ja: {
    subject: '【TRM】{reference} 月次ご利用明細（{from}～{to}）',
    intro: 'TRM サブスクリプションのご利用状況（今回の契約期間の {number} か月目）を、下記のとおりご報告いたします。',
    month: '当月のご利用',
    period: '対象期間',
    used: '使用時間',
    planned: '計画（均等利用）',
    lines: '製品ライン別の使用時間',
    entries: '当月の作業記録',
    nothing: '当月の作業記録はありません。',
    day: '作業日',
    work: '作業概要',
    consultant: '担当',
    productLine: '製品ライン',
    delivery: '提供形態',
    hours: '時間',
    remote: 'リモート',
    onsite: '訪問',
    doneOnsite: '{productLine}（訪問）',
    more: 'ほか {entries} 件',
    total: '合計',
    balance: '当月末時点の契約期間全体の状況',
    expired: '失効',
    expiredMinutes: '{expired}（契約期間の満了時に未使用だった時間）',
    expiredNothing: 'なし（すべての時間をご利用いただきました）',
    lastStands: '※ 本明細の作成時点までに登録された作業記録に基づいています。',
    note: '※ 本明細の作成時点までに登録された作業記録に基づいています。作成後に登録された当月の作業は、次回の明細の使用済み時間に含まれます。',
    lastNote: '今回の契約期間は、当月をもって満了いたしました。未使用の時間は、次の契約期間に繰り越されません。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The mail about the use in a service month, and the state of the term at its end. */
export function usageStatement(facts: StatementFacts, reader: UsageReader, language: Language): MailPage {
  const words = sentences[language];
  const { month, figures } = facts;
  const isLast = facts.expiredMinutes !== null;
  const reference = subscriptionReference(facts.package, facts.identity ?? unknownIdentity, language);
  const from = dateText(month.startsOn, language);
  const to = dateText(month.endsOn, language);
  return {
    subject: say(words.subject, language, { reference, from, to }),
    blocks: [
      greeting(facts, reader, language),
      opening(say(words.intro, language, { number: facts.monthNumber }), facts, reader, language),
      { kind: 'heading', text: words.month },
      {
        kind: 'facts',
        rows: [
          [words.period, periodText(month, language)],
          [words.used, hours(facts.monthUsedMinutes, language)],
          [words.planned, hours(facts.monthPlannedMinutes, language)],
        ],
      },
      ...workBlocks(facts, language),
      { kind: 'heading', text: words.balance },
      {
        kind: 'facts',
        rows: [
          ...contractRows(facts, language),
          ...topUpRows(facts.topUps ?? [], language),
          ...balanceRows(figures, language),
          isLast ? expiredRow(facts, language) : forecastRow(figures, language),
          ...limitRows(facts, language),
        ],
      },
      reader.picture,
      ...(isLast ? [{ kind: 'paragraph' as const, text: words.lastNote }] : []),
      { kind: 'small', text: isLast ? words.lastStands : words.note },
      ...closing(facts, reader, language),
    ],
  };
}

/** Two tables. In each, the hours add up to the use of the month. */
function workBlocks(facts: StatementFacts, language: Language): Block[] {
  const words = sentences[language];
  const { lines, entries, more, monthUsedMinutes } = facts;
  if (lines.length === 0) return [{ kind: 'paragraph', text: words.nothing }];
  const total = hoursText(monthUsedMinutes);
  const byLine = hoursColumn();
  const byEntry = hoursColumn();
  return [
    { kind: 'heading', text: words.lines },
    {
      kind: 'table',
      head: [words.productLine, words.delivery, words.hours],
      rows: [
        ...lines.map(({ productLine, delivery, minutes }) => [oneLine(productLine), words[delivery], byLine(minutes)]),
        [words.total, '', total],
      ],
    },
    { kind: 'heading', text: words.entries },
    {
      kind: 'table',
      head: [words.day, words.work, words.productLine, words.consultant, words.hours],
      rows: [
        ...entries.map(({ workDate, summary, productLine, consultant, delivery, minutes }) => [
          shortDay(workDate, language),
          shortened(oneLine(summary), language),
          delivery === 'onsite'
            ? say(words.doneOnsite, language, { productLine: oneLine(productLine) })
            : oneLine(productLine),
          oneLine(consultant),
          byEntry(minutes),
        ]),
        ...(more.entries > 0
          ? [['', say(words.more, language, { entries: more.entries }), '', '', byEntry(more.minutes)]]
          : []),
        [words.total, '', '', '', total],
      ],
    },
  ];
}

function expiredRow({ expiredMinutes }: StatementFacts, language: Language): [string, string] {
  const words = sentences[language];
  if (!expiredMinutes) return [words.expired, words.expiredNothing];
  return [words.expired, say(words.expiredMinutes, language, { expired: hours(expiredMinutes, language) })];
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Apr 15` or `4/15`: the period has the year. A no-break space keeps the day together. */
function shortDay(day: Day, language: Language): string {
  const [, month, date] = day.split('-').map(Number) as [number, number, number];
  return language === 'ja' ? `${month}/${date}` : `${monthNames[month - 1]!}\u00a0${date}`;
}

function shortened(text: string, language: Language): string {
  const letters = [...text];
  const longest = longestSummary[language];
  return letters.length <= longest ? text : `${letters.slice(0, longest - 1).join('')}…`;
}
