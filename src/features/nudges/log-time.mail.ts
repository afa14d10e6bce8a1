import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { Block, MailPage } from '../../platform/mail/layout.js';
import { dayText, hours, monthText, oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import type { ListedRows, LogTimeFacts, NamedSubscription } from './nudge-facts.js';
import { closingOfNudge, greetingOfNudge, listOf, type NudgeReader } from './nudge-blocks.js';

const sentences = {
  en: {
    subjectWindows:
      '[TRM] Please log time by {lastDay} ({count, plural, one {# subscription} other {# subscriptions}})',
    subjectMonth: '[TRM] No time logged in {month} ({count, plural, one {# subscription} other {# subscriptions}})',
    windows: 'Late entries close soon',
    windowsIntro:
      'These terms have ended. Work in them can be logged until the day shown, at most for the hours that have expired. After that day, the hours stay expired.',
    window: '{customer}, {reference}: until {lastDay} for work up to {endsOn}; {expired} expired',
    month: 'No entry in {month}',
    monthIntro:
      'No time has been logged for these subscriptions in {month}. If work was done, please log it. If not, please plan with the customer what to use the hours for.',
    unlogged: '{customer}, {reference}: {open} left in the term that ends on {endsOn}',
    closed: '{customer}, {reference}: the term ended on {endsOn}; {open} expired and can still be logged',
  },
  ja: {
    subjectWindows: '【TRM】作業時間の記録をお願いします（期限：{lastDay}、{count} 件）',
    subjectMonth: '【TRM】{month}の作業記録がありません（{count} 件）',
    windows: '記録期限が近い契約',
    windowsIntro:
      '下記の契約期間は満了しています。期間中の作業は、失効した時間を上限として、記録期限まで記録できます。期限を過ぎると、時間は失効したままとなります。',
    window: '{customer} 様　{reference}：{lastDay}まで（{endsOn}までの作業、失効した時間 {expired}）',
    month: '{month}の作業記録がない契約',
    monthIntro:
      '下記の契約では、{month}の作業がまだ記録されていません。作業を行った場合は、記録をお願いします。行っていない場合は、今後の活用方法をお客様とご相談ください。',
    unlogged: '{customer} 様　{reference}：残り {open}（満了日 {endsOn}）',
    closed: '{customer} 様　{reference}：{endsOn}に満了（失効した {open}まで記録できます）',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The mail that asks a CSM to log time (§6). All reasons of a day stand in one mail. */
export function logTime(facts: LogTimeFacts, reader: NudgeReader, language: Language): MailPage {
  const words = sentences[language];
  const { windows, unlogged, month } = facts;
  const named = ({ customerName, reference }: NamedSubscription) => ({ customer: oneLine(customerName), reference });
  const day = (on: Day): string => dayText(on, language);
  const section = <Row extends NamedSubscription>(
    [heading, intro]: [string, string],
    list: ListedRows<Row>,
    line: (row: Row) => string,
  ): Block[] =>
    list.rows.length === 0
      ? []
      : [
          { kind: 'heading', text: heading },
          { kind: 'paragraph', text: intro },
          listOf(list.rows.map(line), list.more, language),
        ];
  const inMonth = { month: monthText(month, language) };
  return {
    subject: subjectOf(facts, language),
    blocks: [
      greetingOfNudge(reader, language),
      ...section([words.windows, words.windowsIntro], windows, (row) =>
        say(words.window, language, {
          ...named(row),
          lastDay: day(row.lastDay),
          endsOn: day(row.endsOn),
          expired: hours(row.expiredMinutes, language),
        }),
      ),
      ...section([say(words.month, language, inMonth), say(words.monthIntro, language, inMonth)], unlogged, (row) =>
        say(row.isClosed ? words.closed : words.unlogged, language, {
          ...named(row),
          open: hours(row.openMinutes, language),
          endsOn: day(row.endsOn),
        }),
      ),
      ...closingOfNudge(language),
    ],
  };
}

/** A window that closes is more urgent than a month, so the subject names it first. */
function subjectOf({ windows, unlogged, month }: LogTimeFacts, language: Language): string {
  const [first] = windows.rows;
  if (first) {
    const count = windows.rows.length + windows.more;
    return say(sentences[language].subjectWindows, language, { lastDay: dayText(first.lastDay, language), count });
  }
  const count = unlogged.rows.length + unlogged.more;
  return say(sentences[language].subjectMonth, language, { month: monthText(month, language), count });
}
