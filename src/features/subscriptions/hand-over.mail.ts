import type { Language } from '../../domain/language.js';
import type { MailPage } from '../../platform/mail/layout.js';
import { dayText, oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import type { HandedOverSubscription } from './hand-over.dto.js';

export const handOverKind = 'portfolio-handed-over';

/** A mail lists at most this many subscriptions. */
const mostListed = 200;

interface Named {
  name: string;
  email: string;
}

/** The stored facts of a mail about a hand-over. */
export interface HandOverFacts {
  from: Named;
  to: Named;
  /** The administrator who handed over. */
  by: string;
  /** Whether the recipient is the new CSM. */
  isNewCsm: boolean;
  subscriptions: readonly HandedOverSubscription[];
}

const sentences = {
  en: {
    subject: '[TRM] {count, plural, one {# subscription} other {# subscriptions}} handed over from {from} to {to}',
    greeting: 'Dear {recipient},',
    toNew:
      'You are now the CSM of {count, plural, one {this subscription} other {these # subscriptions}}. Before, it was {from} ({fromEmail}). {by} entered the hand-over.',
    toOld:
      'You are no longer the CSM of {count, plural, one {this subscription} other {these # subscriptions}}. From now on, it is {to} ({toEmail}). {by} entered the hand-over.',
    heading: 'Handed over, by the next deadline',
    contract: '{customer}, {package}, contract {number}',
    noContract: '{customer}, {package}',
    days: '{contract}: last day for a notice {deadline}, term ends {endsOn}',
    more: 'And {count} more: see the list of subscriptions.',
    automatic: 'This message was sent automatically.',
  },
  ja: {
    subject: '【TRM】担当CSMの引き継ぎのお知らせ（{from}から{to}へ、{count} 件）',
    greeting: '{recipient} 様',
    toNew:
      '下記のサブスクリプション {count} 件の担当を、{from}（{fromEmail}）から引き継いでいただくことになりました。引き継ぎの登録者は{by}です。',
    toOld:
      '下記のサブスクリプション {count} 件の担当は、{to}（{toEmail}）に引き継がれました。引き継ぎの登録者は{by}です。',
    heading: '引き継がれたサブスクリプション（通知期限の近い順）',
    contract: '{customer} 様　{package}（契約番号 {number}）',
    noContract: '{customer} 様　{package}',
    days: '{contract}：通知期限 {deadline}、契約期間の満了日 {endsOn}',
    more: 'ほか {count} 件は、サブスクリプションの一覧でご確認ください。',
    automatic: '※ 本メールは自動送信されています。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The mail to each of the two CSMs about a hand-over (§13). */
export function handOverMail(
  { from, to, by, isNewCsm, subscriptions }: HandOverFacts,
  reader: { name: string; packageName: (code: HandedOverSubscription['package']) => string },
  language: Language,
): MailPage {
  const words = sentences[language];
  const values = {
    count: subscriptions.length,
    from: oneLine(from.name),
    fromEmail: from.email,
    to: oneLine(to.name),
    toEmail: to.email,
    by: oneLine(by),
  };
  const line = (row: HandedOverSubscription): string => {
    const named = { customer: oneLine(row.customer), package: reader.packageName(row.package) };
    const contract =
      row.contractNumber === null
        ? say(words.noContract, language, named)
        : say(words.contract, language, { ...named, number: oneLine(row.contractNumber) });
    const days = { deadline: dayText(row.noticeDeadline, language), endsOn: dayText(row.endsOn, language) };
    return say(words.days, language, { contract, ...days });
  };
  const more = subscriptions.length - mostListed;
  return {
    subject: say(words.subject, language, values),
    blocks: [
      { kind: 'paragraph', text: say(words.greeting, language, { recipient: reader.name }) },
      { kind: 'paragraph', text: say(isNewCsm ? words.toNew : words.toOld, language, values) },
      { kind: 'heading', text: words.heading },
      { kind: 'list', items: subscriptions.slice(0, mostListed).map(line) },
      ...(more > 0 ? [{ kind: 'paragraph' as const, text: say(words.more, language, { count: more }) }] : []),
      { kind: 'small', text: words.automatic },
    ],
  };
}
