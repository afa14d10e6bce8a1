import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { dayOffText } from '../../features/renewals/letters/letter.js';
import { lastBusinessDayBefore } from '../../platform/business-days.js';
import { weekdayText, zoneText } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import { dayText, momentText } from '../words/formats.js';

/** The facts from which the last day for a notice follows. */
export interface DeadlineFacts {
  endsOn: Day;
  noticeDeadlineOn: Day;
  noticeDays: number;
  /** The first instant at which a notice is late, and the zone in which it was computed. */
  lockAt: Date;
  deadlineZone: string;
  /** The customer's zone now. */
  timeZone: string;
  country: string | null;
}

const words = {
  en: {
    rule: 'The term ends on {endsOn}. A notice of non-renewal has to arrive at least {noticeDays, plural, one {# day} other {# days}} before that day, so {deadline} is the last day.',
    staff: {
      zone: 'The day ends at midnight at the customer ({zone}): a notice that arrives at {lockAt} or later is late.',
      movedZone:
        'The deadline was announced in the zone {zone}, where the customer was then. The customer is in {timeZone} now, and an announced deadline never moves earlier: a notice that arrives at {lockAt} or later is late.',
      dayOff:
        'It is {reason}. The deadline does not move, so speak to the customer by {before}, the last business day before it.',
    },
    customer: {
      zone: 'The day ends at midnight in your time zone ({zone}): a notice that arrives at {lockAt} or later is late.',
      movedZone:
        'We announced the deadline in the zone {zone}, where you were then. You are in {timeZone} now, and an announced deadline never moves earlier: a notice that arrives at {lockAt} or later is late.',
      dayOff: 'It is {reason}. The deadline does not move. The last business day before it is {before}.',
    },
  },
  ja: {
    rule: '契約期間の最終日は{endsOn}です。更新しない旨の通知は、その {noticeDays, number} 日前までに届く必要があるため、{deadline}が期限です。',
    staff: {
      zone: '期限日はお客様のタイムゾーン（{zone}）の 24:00 に終わります。{lockAt}以降に届いた通知は期限後となります。',
      movedZone:
        '期限は、当時のお客様のタイムゾーン（{zone}）でご案内済みです。お客様の現在のタイムゾーンは {timeZone} ですが、ご案内済みの期限が早まることはありません。{lockAt}以降に届いた通知は期限後となります。',
      dayOff: 'この日は{reason}です。期限日は変わらないため、直前の営業日である{before}までにお客様とお話しください。',
    },
    customer: {
      zone: '期限日は、貴社のタイムゾーン（{zone}）の 24:00 に終わります。{lockAt}以降に届いた通知は期限後となります。',
      movedZone:
        '期限は、当時の貴社のタイムゾーン（{zone}）でご案内しております。現在のタイムゾーンは {timeZone} ですが、ご案内済みの期限が早まることはありません。{lockAt}以降に届いた通知は期限後となります。',
      dayOff: 'この日は{reason}です。期限日は変わりません。直前の営業日は{before}です。',
    },
  },
} as const satisfies Record<Language, object>;

/**
 * Why a day is the last one for a notice: the rule, the moment at which it ends, and what to do if it is not a business day. Staff
 * read what to do for the customer, and the customer what to do alone.
 */
export function deadlineReason(facts: DeadlineFacts, reader: 'staff' | 'customer', language: Language): string[] {
  const { endsOn, noticeDeadlineOn, noticeDays, lockAt, deadlineZone, timeZone, country } = facts;
  const { rule, ...audiences } = words[language];
  const text = audiences[reader];
  const values = {
    endsOn: dayText(endsOn, language),
    noticeDays,
    deadline: dayText(noticeDeadlineOn, language),
    zone: zoneText(deadlineZone, new Date(lockAt.getTime() - 1), language),
    timeZone,
    lockAt: momentText(lockAt, deadlineZone, language),
  };
  const off = lastBusinessDayBefore(noticeDeadlineOn, country, language);
  const reason = off && dayOffText(off.reason, weekdayText(noticeDeadlineOn, language), language);
  return [
    say(rule, language, values),
    say(deadlineZone === timeZone ? text.zone : text.movedZone, language, values),
    ...(off && reason !== undefined
      ? [say(text.dayOff, language, { reason, before: dayText(off.day, language) })]
      : []),
  ];
}
