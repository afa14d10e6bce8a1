import { monthOf, type Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { Block, MailPage } from '../../platform/mail/layout.js';
import { hours, momentText, monthText, oneLine, zoneText } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import type { Report } from '../reports/report.js';
import { reports } from '../reports/reports.js';
import { basisWords, dayOfMonthText, daysText, formatText, packageTitles, periodText } from './report-words.js';
import type { ScheduledReportFacts } from './scheduled-report-facts.js';

/** The outcome of the report when its mail was written. */
export type ScheduledReportOutcome =
  | { kind: 'attached'; fileName: string; rowCount: number; totalMinutes: number | null }
  | { kind: 'linked'; url: string; expiresAt: Date; megabytes: number }
  /** The reason why there is no file, in the language of the mail. */
  | { kind: 'refused'; why: string };

/** The data of a report mail besides its stored facts. */
export interface ScheduledReportLetter {
  recipient: string;
  vendor: string;
  scheduleId: string;
  writtenAt: Date;
  /** The last closed month; null if no month is closed. */
  closedThrough: Month | null;
  outcome: ScheduledReportOutcome;
}

const sentences = {
  en: {
    subject: '[TRM] {report}, {days}',
    subjectRefused: '[TRM] {report} could not be made, {days}',
    greeting: 'Dear {recipient},',
    greetingOfContact: 'Dear {recipient},',
    attached: 'Attached is the report “{report}”.',
    empty: 'Attached is the report “{report}”. It has no rows: there was nothing to report for these days.',
    linked:
      'The report “{report}” is too large to be sent by mail (more than {megabytes} MB). You can download it here:',
    download: 'Download the report',
    until:
      'The link works until {expiresAt} (time zone: {zone}). Anyone who has the link can download the report, so please do not forward it.',
    made: 'The file is made when you download it, so it shows the data at that moment.',
    madeClosed:
      'The file is made when you download it. Closed months no longer change. All other months show the data at that moment.',
    open: 'Months after {closedThrough} are not closed yet, so their figures can still change.',
    allOpen: 'No month is closed yet, so the figures can still change.',
    refused: 'The report “{report}” could not be made this time, and nothing is attached.',
    askedFor: '{askedForBy} requested this mail in addition to the monthly schedule.',
    why: 'Why',
    heading: 'The report',
    reportLabel: 'Report',
    period: 'Days',
    basis: 'Basis',
    customer: 'Customer',
    customerCode: 'Customer code',
    csm: 'Customer Success Manager',
    package: 'Package',
    format: 'Format',
    file: 'File',
    rows: 'Rows',
    rowCount: '{rowCount, number}',
    total: 'Total',
    totalOf: '{hours} ({minutes, number} in “{column}”)',
    asOf: 'As of',
    asOfAt: '{writtenAt} (time zone: {zone})',
    about: 'About this mail',
    setUp:
      '{owner} ({ownerEmail}) set up this report. It shows the data that {owner} may see in the service. It is sent on {day} of each month at {time} (time zone: {timeZone}).',
    setUpForContacts:
      '{owner} ({ownerEmail}) set up this report for contacts of {customer}. It is sent on {day} of each month at {time} (time zone: {timeZone}).',
    stopForContacts: 'To change or stop it, please ask {owner}.',
    day: 'the {day}',
    lastDay: 'the last day',
    dayOrLast: 'the {day} (in shorter months on the last day)',
    stop: 'To change or stop it, please ask {owner} or an administrator of the service.',
    scheduleId: 'Report ID',
    signOff: 'Kind regards\n{vendor}',
    automatic: 'This message was sent automatically. Replies go to {owner}.',
  },
  ja: {
    subject: '【TRM】{report}（{days}）',
    subjectRefused: '【TRM】{report}を作成できませんでした（{days}）',
    greeting: '{recipient} 様',
    greetingOfContact: '{customer}\n{recipient} 様\n\nいつもお世話になっております。\n{vendor} の{owner}でございます。',
    attached: 'レポート「{report}」を添付にてお送りします。',
    empty: 'レポート「{report}」を添付にてお送りします。対象期間に該当するデータはありませんでした（0 行）。',
    linked:
      'レポート「{report}」は、サイズが {megabytes} MB を超えるため、メールに添付できませんでした。下記のリンクからダウンロードしてください。',
    download: 'レポートをダウンロードする',
    until:
      'リンクの有効期限は {expiresAt}（タイムゾーン：{zone}）です。リンクをご存じの方はどなたでもダウンロードできますので、転送なさらないようお願いいたします。',
    made: 'ファイルはダウンロード時に作成されるため、その時点で登録されている内容となります。',
    madeClosed:
      'ファイルはダウンロード時に作成されます。締め済みの月の内容は変わりませんが、その他の月は、その時点で登録されている内容となります。',
    open: '対象期間には、まだ締められていない月が含まれています（締め済み：{closedThrough}まで）。締められていない月の内容は、今後変わることがあります。',
    allOpen: '対象期間の月は、まだ締められていません。内容は、今後変わることがあります。',
    refused: '今回は、レポート「{report}」を作成できませんでした。ファイルは添付されていません。',
    askedFor: '本メールは、{askedForBy} の操作により、定期送信とは別にお送りしています。',
    why: '理由',
    heading: 'レポートの内容',
    reportLabel: 'レポート',
    period: '対象期間',
    basis: '集計基準',
    customer: 'お客様',
    customerCode: '顧客コード',
    csm: '担当CSM',
    package: 'パッケージ',
    format: '形式',
    file: 'ファイル名',
    rows: '行数',
    rowCount: '{rowCount, number} 行',
    total: '合計',
    totalOf: '{hours}（「{column}」列：{minutes, number} 分）',
    asOf: '作成日時',
    asOfAt: '{writtenAt}（タイムゾーン：{zone}）',
    about: '本メールについて',
    setUp:
      '本レポートは、{owner}（{ownerEmail}）が設定しており、毎月{day} {time}（タイムゾーン：{timeZone}）に送信されます。内容は、設定者が閲覧できる範囲のものです。',
    setUpForContacts:
      '本レポートは、{customer} 様のご連絡先宛てに {owner}（{ownerEmail}）が設定しており、毎月{day} {time}（タイムゾーン：{timeZone}）に送信されます。',
    stopForContacts: '設定の変更や送信の停止をご希望の場合は、{owner} までご連絡ください。',
    day: '{day}日',
    lastDay: '末日',
    dayOrLast: '{day}日（{day}日のない月は末日）',
    stop: '設定の変更や送信の停止をご希望の場合は、設定者またはサービスの管理者までご連絡ください。',
    scheduleId: 'レポート設定ID',
    signOff: '{vendor}',
    automatic: '※ 本メールは自動送信されています。ご返信いただいた場合は、{owner} に届きます。',
  },
} as const satisfies Record<Language, Record<string, string>>;

type Word = keyof (typeof sentences)['en'];
type Row = [label: string, value: string];

/** The mail with a report, or with the reason why there is none. */
export function scheduledReport(
  facts: ScheduledReportFacts,
  letter: ScheduledReportLetter,
  language: Language,
): MailPage {
  const { outcome, writtenAt } = letter;
  const { filter, moment, period } = facts;
  const report: Report = reports[facts.report];
  const at = (instant: Date): string => momentText(instant, moment.timeZone, language);
  const zoneAt = (instant: Date): string => zoneText(moment.timeZone, instant, language);
  const words = {
    recipient: letter.recipient,
    report: report.title[language],
    days: daysText(filter, language),
    owner: oneLine(facts.ownerName),
    ownerEmail: facts.ownerEmail,
    vendor: letter.vendor,
    time: moment.timeOfDay,
    timeZone: moment.timeZone,
    askedForBy: oneLine(facts.askedForBy ?? ''),
    customer: oneLine(facts.customerName ?? ''),
  };
  const tell = (word: Word, more: Record<string, string | number> = {}): string =>
    say(sentences[language][word], language, { ...words, ...more });
  const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
  const row = (label: Word, value: string | null | undefined): Row[] => (value ? [[tell(label), value]] : []);

  const news = (): Block[] => {
    switch (outcome.kind) {
      case 'attached':
        return [paragraph(tell(outcome.rowCount === 0 ? 'empty' : 'attached'))];
      case 'linked': {
        const until = { expiresAt: at(outcome.expiresAt), zone: zoneAt(outcome.expiresAt) };
        return [
          paragraph(tell('linked', { megabytes: outcome.megabytes })),
          { kind: 'button', text: tell('download'), url: outcome.url },
          paragraph(tell('until', until)),
          paragraph(tell(filter.basis === 'closed' ? 'madeClosed' : 'made')),
        ];
      }
      case 'refused':
        return [paragraph(tell('refused')), { kind: 'facts', rows: [[tell('why'), outcome.why]] }];
    }
  };
  /** On the basis `closed`, a reader expects all figures to be final, so the mail names open months. */
  const caution = (): Block[] => {
    const { closedThrough } = letter;
    const isSettled = closedThrough !== null && filter.to !== undefined && monthOf(filter.to) <= closedThrough;
    if (filter.basis !== 'closed' || outcome.kind === 'refused' || isSettled) return [];
    if (closedThrough === null) return [paragraph(tell('allOpen'))];
    return [paragraph(tell('open', { closedThrough: monthText(closedThrough, language) }))];
  };
  const figures = (): Row[] => {
    if (outcome.kind !== 'attached') return [];
    const { rowCount, totalMinutes, fileName } = outcome;
    const { columns, totalOf } = report;
    const column = columns.find(({ name }) => name === totalOf)?.[language] ?? '';
    return [
      ...row('file', fileName),
      ...row('rows', tell('rowCount', { rowCount })),
      ...(totalMinutes === null
        ? []
        : row('total', tell('totalOf', { hours: hours(totalMinutes, language), minutes: totalMinutes, column }))),
      ...row('asOf', tell('asOfAt', { writtenAt: at(writtenAt), zone: zoneAt(writtenAt) })),
    ];
  };
  const day = (): string => {
    const { dayOfMonth } = moment;
    if (dayOfMonth === 31) return tell('lastDay');
    return tell(dayOfMonth > 28 ? 'dayOrLast' : 'day', { day: dayOfMonthText(dayOfMonth, language) });
  };
  const origin = (): string[] =>
    facts.forContacts
      ? [tell('setUpForContacts', { day: day() }), tell('stopForContacts')]
      : [tell('setUp', { day: day() }), tell('stop')];

  return {
    subject: tell(outcome.kind === 'refused' ? 'subjectRefused' : 'subject'),
    blocks: [
      paragraph(tell(facts.forContacts ? 'greetingOfContact' : 'greeting')),
      ...news(),
      ...caution(),
      ...(facts.askedForBy === null ? [] : [paragraph(tell('askedFor'))]),
      { kind: 'heading', text: tell('heading') },
      {
        kind: 'facts',
        rows: [
          ...row('reportLabel', words.report),
          ...row('period', periodText(filter, period, language)),
          ...row('basis', basisWords[language][filter.basis]),
          ...row('customer', facts.customerName && oneLine(facts.customerName)),
          ...row('customerCode', facts.customerCode && oneLine(facts.customerCode)),
          ...row('csm', facts.csmName && oneLine(facts.csmName)),
          ...row('package', filter.package && packageTitles[language][filter.package]),
          ...row('format', formatText(facts.format, facts.options, language)),
          ...figures(),
        ],
      },
      { kind: 'heading', text: tell('about') },
      paragraph(origin().join(joint[language])),
      { kind: 'facts', rows: row('scheduleId', letter.scheduleId) },
      paragraph(tell('signOff')),
      { kind: 'small', text: tell('automatic') },
    ],
  };
}

/** The separator of two sentences in a paragraph. */
const joint = { en: ' ', ja: '' } as const satisfies Record<Language, string>;
