import type { PackageCode } from '../../domain/package.js';
import type { ReportDays, ReportPeriod } from '../../domain/report-schedule.js';
import type { Language } from '../../domain/language.js';
import { dateText } from '../../platform/mail/mail-words.js';
import type { ContactRole } from '../customers/contact.js';
import type { FormatName } from '../reports/formats.js';
import type { FileOptions } from '../reports/report-format.js';
import type { Basis } from '../reports/report.js';

export const packageTitles = {
  en: { basic: 'Basic', premier: 'Premier', enterprise: 'Enterprise', dedicated: 'Dedicated' },
  ja: { basic: 'ベーシック', premier: 'プレミア', enterprise: 'エンタープライズ', dedicated: 'デディケイテッド' },
} as const satisfies Record<Language, Record<PackageCode, string>>;

export const contactRoleWords = {
  en: { renewal: 'renewal', usage: 'usage', billing: 'billing' },
  ja: { renewal: '契約更新（renewal）', usage: 'ご利用状況（usage）', billing: 'ご請求（billing）' },
} as const satisfies Record<Language, Record<ContactRole, string>>;

/** Where time counts, for a reader who does not know the schedule (§12). */
export const basisWords = {
  en: {
    corrected: 'corrected: all work under its work day, with all later corrections',
    closed: 'closed: each month as it was when it was closed, later adjustments in the month in which they were booked',
  },
  ja: {
    corrected: '訂正反映（その後の訂正も含め、すべてを作業日に計上）',
    closed: '締め済み（各月を締めた時点の内容で表示し、その後の調整は計上した月に表示）',
  },
} as const satisfies Record<Language, Record<Basis, string>>;

const periodWords = {
  en: {
    'previous-month': 'the month before',
    'previous-three-months': 'the three months before',
    'year-to-date': 'the calendar year to the end of the month before',
    'fiscal-year-to-date': 'the fiscal year to the end of the month before',
    'previous-fiscal-year': 'the previous fiscal year',
    'coming-three-months': 'this month and the next two',
    everything: 'all days',
  },
  ja: {
    'previous-month': '前月',
    'previous-three-months': '前月までの 3 か月',
    'year-to-date': '年初から前月まで',
    'fiscal-year-to-date': '年度初めから前月まで',
    'previous-fiscal-year': '前年度',
    'coming-three-months': '当月から 3 か月間',
    everything: '全期間',
  },
} as const satisfies Record<Language, Record<ReportPeriod, string>>;

/** Only the days, for a subject: `2026-10-01 to 2026-10-31`. */
export function daysText({ from, to }: ReportDays, language: Language): string {
  if (from === undefined || to === undefined) return periodWords[language].everything;
  return `${dateText(from, language)}${language === 'ja' ? '～' : ' to '}${dateText(to, language)}`;
}

/** The days and the name of the period: `2026-10-01 to 2026-10-31 (the month before)`, `2026年10月1日～2026年10月31日（前月）`. */
export function periodText(days: ReportDays, period: ReportPeriod, language: Language): string {
  if (days.from === undefined) return periodWords[language].everything;
  const words = periodWords[language][period];
  return daysText(days, language) + (language === 'ja' ? `（${words}）` : ` (${words})`);
}

/** `CSV, in UTF-8 with a byte order mark`, `XLSX`. */
export function formatText(format: FormatName, { bom, charset }: FileOptions, language: Language): string {
  const name = format.toUpperCase();
  if (format !== 'csv') return name;
  const japanese = language === 'ja';
  if (charset === 'cp932') return japanese ? `${name}（Shift_JIS／CP932）` : `${name}, in Shift_JIS (CP932)`;
  const mark = bom === true ? (japanese ? '、BOM 付き' : ' with a byte order mark') : '';
  return japanese ? `${name}（UTF-8${mark}）` : `${name}, in UTF-8${mark}`;
}

/** `1st`, `22nd`; `1`, `22`. */
export function dayOfMonthText(day: number, language: Language): string {
  if (language === 'ja') return String(day);
  const ending = [11, 12, 13].includes(day) ? undefined : { 1: 'st', 2: 'nd', 3: 'rd' }[day % 10];
  return `${day}${ending ?? 'th'}`;
}
