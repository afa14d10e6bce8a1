import { percentOfAlert, type UsageAlert } from '../../domain/alerts.js';
import type { Language } from '../../domain/language.js';
import type { Block, MailPage } from '../../platform/mail/layout.js';
import { dayText, hours, oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import { subscriptionReference, unknownIdentity } from '../subscriptions/subscription-identity.js';
import {
  balanceRows,
  closing,
  contractRows,
  forecastRow,
  greeting,
  opening,
  type UsageReader,
} from './usage-blocks.js';
import type { AlertFacts } from './usage-facts.js';

/** The words of an alert: what happened, and what to do. */
interface AlertSentences {
  subject: string;
  /** To the customer; absent if only the CSM gets the alert. */
  toCustomer?: string;
  advice?: string;
  toCsm: string;
  adviceToCsm: string;
}

type AlertKind = 'used' | 'exhausted' | 'ahead' | 'behind' | 'expiring';

const sentences: Readonly<Record<Language, Record<AlertKind, AlertSentences>>> = {
  en: {
    used: {
      subject: '{percent}% of the hours are used',
      toCustomer: '{percent}% of the hours of your TRM subscription are used. Below you find where it stands.',
      toCsm: '{customer} has used {percent}% of the hours of the term.',
      advice:
        'If you expect to need more than the {remaining} that are left, you can buy more hours or upgrade to a larger package at any time within the term. Your Customer Success Manager will gladly plan the rest of the term with you.',
      adviceToCsm: 'Please compare what is left with what is planned for the rest of the term.',
    },
    exhausted: {
      subject: 'all hours of the term are used',
      toCustomer: 'All hours of your TRM subscription are used. Below you find where it stands.',
      toCsm: '{customer} has used all hours of the term.',
      advice:
        'No further work can be done in this term unless you buy more hours or upgrade to a larger package. Both are possible at any time. Your Customer Success Manager will gladly tell you what each would add.',
      adviceToCsm:
        'No further work can be logged unless hours are added, the subscription is upgraded or the next term begins.',
    },
    ahead: {
      subject: 'use is ahead of plan',
      toCsm: '{customer} is using its hours faster than the even plan, by more than the tolerance.',
      adviceToCsm:
        'The hours can be used as needed; please check with the customer whether they will last to the end of the term.',
    },
    behind: {
      subject: 'use is behind plan',
      toCsm: '{customer} is using its hours more slowly than the even plan: it is {difference} behind.',
      adviceToCsm: 'Unused hours expire with the term. Please plan with the customer what to use them for.',
    },
    expiring: {
      subject: 'hours are likely to expire on {endsOn}',
      toCustomer:
        'The term of your TRM subscription ends on {endsOn}. If the hours go on being used as in the last months, {expiring} will be left then and expire.',
      toCsm:
        'The term of {customer} ends on {endsOn}. If the hours go on being used as in the last months, {expiring} will be left then and expire.',
      advice:
        'Unused hours are not carried over into the next term. Your Customer Success Manager will gladly suggest what they can be used for until then: health checks, upgrades, or enablement of your teams.',
      adviceToCsm: 'Please plan with the customer what to use the hours for until then.',
    },
  },
  ja: {
    used: {
      subject: 'ご利用時間が付与時間の {percent}% に達しました',
      toCustomer: 'TRM サブスクリプションのご利用時間が、付与時間の {percent}% に達しましたので、お知らせいたします。',
      toCsm: '{customer} 様のご利用時間が、付与時間の {percent}% に達しました。',
      advice:
        '残り時間は {remaining}です。残り時間を超えるご利用が見込まれる場合は、契約期間中いつでも、時間を追加購入いただくか、上位のパッケージへアップグレードいただけます。今後のご利用計画につきましては、担当CSMまでお気軽にご相談ください。',
      adviceToCsm: '残り時間と、今後予定されている作業をご確認ください。',
    },
    exhausted: {
      subject: '付与時間をすべてご利用いただきました',
      toCustomer: 'TRM サブスクリプションの付与時間をすべてご利用いただきましたので、お知らせいたします。',
      toCsm: '{customer} 様が、付与時間をすべてご利用になりました。',
      advice:
        '今回の契約期間中は、これ以上の作業を承ることができません。時間の追加購入、または上位のパッケージへのアップグレードは、契約期間中いつでも可能です。追加される時間などにつきましては、担当CSMまでお気軽にお問い合わせください。',
      adviceToCsm:
        '時間の追加またはアップグレードを行うか、次の契約期間が始まるまで、作業時間を記録することはできません。',
    },
    ahead: {
      subject: 'ご利用が計画を上回っています',
      toCsm: '{customer} 様のご利用が、許容範囲を超えて、均等利用の計画を上回っています。',
      adviceToCsm: '時間は必要に応じてご利用いただけますが、契約期間の満了まで足りるかどうか、お客様とご確認ください。',
    },
    behind: {
      subject: 'ご利用が計画を下回っています',
      toCsm: '{customer} 様のご利用が、均等利用の計画を {difference}下回っています。',
      adviceToCsm: '未使用の時間は、契約期間の満了をもって失効します。お客様と今後のご利用計画をご相談ください。',
    },
    expiring: {
      subject: '未使用の時間が失効する見込みです（契約期間の満了日：{endsOn}）',
      toCustomer:
        'TRM サブスクリプションの契約期間は、{endsOn}に満了いたします。現在のペースでご利用が続いた場合、満了時に {expiring}が未使用のまま失効する見込みですので、お知らせいたします。',
      toCsm:
        '{customer} 様の契約期間は、{endsOn}に満了します。現在のペースでご利用が続いた場合、満了時に {expiring}が未使用のまま失効する見込みです。',
      advice:
        '未使用の時間は、次の契約期間に繰り越されません。満了までの活用方法（ヘルスチェック、アップグレードの支援、技術者の育成など）につきましては、担当CSMまでお気軽にご相談ください。',
      adviceToCsm: '満了までの活用方法を、お客様とご相談ください。',
    },
  },
};

const frame = {
  en: {
    subject: '[TRM] {reference}: {alert}',
    subjectToCsm: '[TRM] {customer}, {reference}: {alert}',
    copy: ' The customer has been told as well.',
    status: 'Where the subscription stands',
    asOf: 'As of',
    next: 'What this means',
  },
  ja: {
    subject: '【TRM】{reference} {alert}',
    subjectToCsm: '【TRM】［{customer} 様］{reference} {alert}',
    copy: 'お客様にもお知らせをお送りしました。',
    status: '現在のご利用状況',
    asOf: '基準日',
    next: '今後について',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The mail of an alert about used hours or pace (§6). */
export function usageAlert(facts: AlertFacts, reader: UsageReader, language: Language): MailPage {
  const { alert, figures, customerTold } = facts;
  const { subject, toCsm, adviceToCsm, toCustomer = toCsm, advice = adviceToCsm } = sentences[language][kindOf(alert)];
  const words = {
    customer: oneLine(facts.customerName),
    percent: percentOfAlert(alert) ?? 0,
    remaining: hours(figures.remainingMinutes, language),
    difference: hours(Math.abs(figures.pace.differenceMinutes), language),
    expiring: hours(figures.forecast.expiringMinutes, language),
    endsOn: dayText(facts.endsOn, language),
  };
  const tell = (sentence: string): string => say(sentence, language, words);
  const { copy, status, asOf, next, ...subjects } = frame[language];
  const asOfRow: [string, string] = [asOf, dayText(figures.on, language)];
  const blocks: Block[] = [
    greeting(facts, reader, language),
    opening(reader.isCsm ? `${tell(toCsm)}${customerTold ? copy : ''}` : tell(toCustomer), facts, reader, language),
    { kind: 'heading', text: status },
    {
      kind: 'facts',
      rows: [
        ...contractRows(facts, language),
        asOfRow,
        ...balanceRows(figures, language),
        forecastRow(figures, language),
      ],
    },
    reader.picture,
    { kind: 'heading', text: next },
    { kind: 'paragraph', text: tell(reader.isCsm ? adviceToCsm : advice) },
    ...closing(facts, reader, language),
  ];
  const subjectOf = reader.isCsm ? subjects.subjectToCsm : subjects.subject;
  const reference = subscriptionReference(facts.package, facts.identity ?? unknownIdentity, language);
  const subjectWords = { customer: words.customer, reference, alert: tell(subject) };
  return { subject: say(subjectOf, language, subjectWords), blocks };
}

function kindOf(alert: UsageAlert): AlertKind {
  if (alert === 'ahead' || alert === 'behind' || alert === 'expiring') return alert;
  return percentOfAlert(alert) === 100 ? 'exhausted' : 'used';
}
