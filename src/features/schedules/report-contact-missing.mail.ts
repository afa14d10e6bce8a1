import type { Language } from '../../domain/language.js';
import type { Block, MailPage } from '../../platform/mail/layout.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import { reports } from '../reports/reports.js';
import { contactRoleWords, daysText, periodText } from './report-words.js';
import type { ReportContactMissingFacts } from './scheduled-report-facts.js';

/** The data of the mail besides its stored facts. */
export interface ReportContactMissingLetter {
  /** Empty for the operator of the service. */
  recipient: string;
  vendor: string;
  scheduleId: string;
}

const sentences = {
  en: {
    subject: '[TRM] {customer}: no recipient for the report “{report}”, {days}',
    greeting: 'Dear {recipient},',
    greetingOfOperator: 'To the operator of the service',
    'no-contact':
      'The report “{report}” was due, but {customer} has no contact with one of the roles below. So the report was not sent for this role.',
    'owner-lost-sight':
      'The report “{report}” for {customer} was due, but it was not sent. {owner}, who set it up, may no longer send it to this customer.',
    toDo: 'What to do',
    enterContact: 'Add a contact with the role to the customer. The next report then goes to this contact.',
    changeSchedule: 'Or change the recipients of the schedule: PATCH /v1/report-schedules/{scheduleId}.',
    sendNow: 'To send the report to all its recipients again: POST /v1/report-schedules/{scheduleId}/run.',
    setUpAnew: 'Ask a user who may see the customer to set up the report again.',
    deleteSchedule: 'An administrator can delete this schedule: DELETE /v1/report-schedules/{scheduleId}.',
    heading: 'The report',
    reportLabel: 'Report',
    period: 'Days',
    customerLabel: 'Customer',
    customerCode: 'Customer code',
    roles: 'Roles',
    owner: 'Set up by',
    ownerText: '{owner}, {ownerEmail}',
    scheduleLabel: 'Report ID',
    signOff: 'Kind regards\n{vendor}',
    automatic: 'This message was sent automatically.',
  },
  ja: {
    subject: '【TRM】［{customer} 様］レポート「{report}」の送信先がありません（{days}）',
    greeting: '{recipient} 様',
    greetingOfOperator: 'サービス運用ご担当者 様',
    'no-contact':
      '{customer} 様のご連絡先へレポート「{report}」をお送りする時期となりましたが、下記の役割のご連絡先が登録されていないため、この役割の方にはお送りしておりません。',
    'owner-lost-sight':
      '{customer} 様のご連絡先へレポート「{report}」をお送りする時期となりましたが、設定者（{owner}）にこのお客様への送信権限がなくなっているため、ご連絡先にはお送りしておりません。',
    toDo: '必要なご対応',
    enterContact:
      'お客様のご連絡先に、該当する役割の方を登録してください。次回のレポートは、登録されたご連絡先へ送信されます。',
    changeSchedule: 'または、レポートの送信先を変更してください（PATCH /v1/report-schedules/{scheduleId}）。',
    sendNow:
      'すべての送信先へレポートを改めて送信するには、POST /v1/report-schedules/{scheduleId}/run をご利用ください。',
    setUpAnew: 'このお客様を閲覧できる方が、レポートを改めて設定してください。',
    deleteSchedule: '既存の設定は、管理者が削除できます（DELETE /v1/report-schedules/{scheduleId}）。',
    heading: 'レポートの内容',
    reportLabel: 'レポート',
    period: '対象期間',
    customerLabel: 'お客様',
    customerCode: '顧客コード',
    roles: '役割',
    owner: '設定者',
    ownerText: '{owner}（{ownerEmail}）',
    scheduleLabel: 'レポート設定ID',
    signOff: '{vendor}',
    automatic: '※ 本メールは自動送信されています。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/**
 * Tells the owner of a schedule and the operator that a role of the schedule reaches no contact, once for each report
 * (§12).
 */
export function reportContactMissing(
  facts: ReportContactMissingFacts,
  { recipient, vendor, scheduleId }: ReportContactMissingLetter,
  language: Language,
): MailPage {
  const { unreached, filter, period } = facts;
  const words = {
    recipient,
    vendor,
    scheduleId,
    report: reports[facts.report].title[language],
    days: daysText(filter, language),
    customer: oneLine(facts.customerName ?? ''),
    owner: oneLine(facts.ownerName),
    ownerEmail: facts.ownerEmail,
  };
  const tell = (word: keyof (typeof sentences)['en']): string => say(sentences[language][word], language, words);
  const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
  const toDo = {
    'no-contact': ['enterContact', 'changeSchedule', 'sendNow'],
    'owner-lost-sight': ['setUpAnew', 'deleteSchedule'],
  } as const;
  const roles = unreached.roles.map((role) => contactRoleWords[language][role]);
  return {
    subject: tell('subject'),
    blocks: [
      paragraph(tell(recipient === '' ? 'greetingOfOperator' : 'greeting')),
      paragraph(tell(unreached.because)),
      { kind: 'heading', text: tell('toDo') },
      { kind: 'list', items: toDo[unreached.because].map(tell) },
      { kind: 'heading', text: tell('heading') },
      {
        kind: 'facts',
        rows: [
          [tell('reportLabel'), words.report],
          [tell('period'), periodText(filter, period, language)],
          [tell('customerLabel'), words.customer],
          ...(facts.customerCode ? [[tell('customerCode'), oneLine(facts.customerCode)] as [string, string]] : []),
          [tell('roles'), roles.join(language === 'ja' ? '、' : ', ')],
          [tell('owner'), tell('ownerText')],
          [tell('scheduleLabel'), scheduleId],
        ],
      },
      paragraph(tell('signOff')),
      { kind: 'small', text: tell('automatic') },
    ],
  };
}
