import type { Language } from '../../domain/language.js';
import type { MailPage } from '../../platform/mail/layout.js';
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
  type Row,
  type UsageReader,
} from './usage-blocks.js';
import type { TopUpFacts } from './usage-facts.js';

const sentences = {
  en: {
    subject: '[TRM] {reference}: {added} added',
    subjectToCsm: '[TRM] {customer}, {reference}: {added} added',
    cancelledSubject: '[TRM] {reference}: {taken} taken back',
    cancelledSubjectToCsm: '[TRM] {customer}, {reference}: {taken} taken back',
    supplement: 'Thank you for your order. {added} were added to the present term of your TRM subscription.',
    goodwill: '{added} were added to the present term of your TRM subscription, free of charge.',
    supplementToCsm: '{added} that {customer} ordered were added to the present term.',
    goodwillToCsm: '{added} were added to the present term of {customer}, free of charge.',
    cancelled:
      'The {added} that were added on {day} had been entered by mistake. {taken} that nobody had used were taken back.',
    topUp: 'The added hours',
    hours: 'Hours added',
    from: 'Counted from',
    order: 'Your order',
    orderOfCustomer: 'Order',
    takenBack: 'Taken back',
    status: 'Where the subscription stands',
    note: 'The added hours can be used like all others. They expire with the term and do not renew.',
  },
  ja: {
    subject: '【TRM】{reference} ご利用時間を {added}追加しました',
    subjectToCsm: '【TRM】［{customer} 様］{reference} ご利用時間を {added}追加しました',
    cancelledSubject: '【TRM】{reference} 追加した時間のうち {taken}を取り消しました',
    cancelledSubjectToCsm: '【TRM】［{customer} 様］{reference} 追加した時間のうち {taken}を取り消しました',
    supplement:
      'ご注文いただきありがとうございます。TRM サブスクリプションの現在の契約期間に、{added}を追加いたしました。',
    goodwill: 'TRM サブスクリプションの現在の契約期間に、{added}を無償で追加いたしました。',
    supplementToCsm: '{customer} 様からのご注文により、現在の契約期間に {added}を追加しました。',
    goodwillToCsm: '{customer} 様の現在の契約期間に、{added}を無償で追加しました。',
    cancelled:
      '{day}から追加しておりました {added}は、誤って登録されたものでした。このうち未使用の {taken}を取り消しましたので、お知らせいたします。',
    topUp: '追加した時間',
    hours: '追加時間',
    from: '適用日',
    order: 'ご注文番号',
    orderOfCustomer: '注文番号',
    takenBack: '取り消した時間',
    status: '現在のご利用状況',
    note: '追加した時間は、ほかの時間と同じようにご利用いただけます。契約期間の満了をもって失効し、更新後の契約期間には引き継がれません。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The mail about a top-up, or about its cancellation (§10). The reason of a goodwill is for staff and not part of it. */
export function topUpMail(facts: TopUpFacts, reader: UsageReader, language: Language): MailPage {
  const words = sentences[language];
  const { kind, minutes, effectiveOn, orderNumber, cancelledMinutes } = facts.topUp;
  const { isCsm } = reader;
  const isCancelled = cancelledMinutes !== null;
  const amounts = {
    added: hours(minutes, language),
    taken: hours(cancelledMinutes ?? 0, language),
    day: dayText(effectiveOn, language),
    customer: oneLine(facts.customerName),
    reference: subscriptionReference(facts.package, facts.identity ?? unknownIdentity, language),
  };
  const [toCustomer, toCsm] = isCancelled
    ? [words.cancelledSubject, words.cancelledSubjectToCsm]
    : [words.subject, words.subjectToCsm];
  const intro = isCancelled ? words.cancelled : words[isCsm ? (`${kind}ToCsm` as const) : kind];
  const order: Row[] =
    orderNumber === null ? [] : [[isCsm ? words.orderOfCustomer : words.order, oneLine(orderNumber)]];
  const takenBack: Row[] = isCancelled ? [[words.takenBack, amounts.taken]] : [];
  return {
    subject: say(isCsm ? toCsm : toCustomer, language, amounts),
    blocks: [
      greeting(facts, reader, language),
      opening(say(intro, language, amounts), facts, reader, language),
      { kind: 'heading', text: words.topUp },
      { kind: 'facts', rows: [[words.hours, amounts.added], [words.from, amounts.day], ...order, ...takenBack] },
      { kind: 'heading', text: words.status },
      {
        kind: 'facts',
        rows: [
          ...contractRows(facts, language),
          ...balanceRows(facts.figures, language),
          forecastRow(facts.figures, language),
        ],
      },
      reader.picture,
      ...(isCancelled ? [] : [{ kind: 'small' as const, text: words.note }]),
      ...closing(facts, reader, language),
    ],
  };
}
