import type { Language } from '../../domain/language.js';
import type { LetterWords } from './letters/letter.js';
import type { StoredTerm } from './letters/mail-facts.js';
import type { CalendarDay } from './letters/renewal-calendar.js';

/**
 * The days of a term for the recipient's calendar: the last day for a notice while a notice is possible, and the
 * term's end. A notice cancels the entry of its last day; a withdrawal publishes it again.
 */
export function renewalDays(
  { noticeDeadlineOn, endsOn, renewalState }: StoredTerm,
  words: LetterWords,
  language: Language,
  uidEnd: string,
): CalendarDay[] {
  if (renewalState === 'renewed' || renewalState === 'ended') return [];
  const texts = language === 'ja' ? textsJa(words) : textsEn(words);
  const deadline = {
    name: 'notice-deadline',
    uid: `notice-deadline-${uidEnd}`,
    on: noticeDeadlineOn,
    ...texts.deadline,
    alarmDays: [14, 3],
  };
  const end = { name: 'term-end', uid: `term-end-${uidEnd}`, on: endsOn, ...texts[renewalState], alarmDays: [7] };
  if (renewalState === 'locked') return [end];
  return [renewalState === 'open' ? deadline : { ...deadline, isCancelled: true }, end];
}

type CalendarText = Pick<CalendarDay, 'title' | 'details'>;

function textsEn(words: LetterWords): Record<'deadline' | 'open' | 'locked' | 'declined', CalendarText> {
  const { customer, reference, deadline, timeZone, nextStartsOn, next, endsOn, dayOff } = words;
  const details = `Customer: ${customer}\n${words.identity.map(([label, value]) => `${label}: ${value}`).join('\n')}\nCustomer Success Manager: ${words.csm}, ${words.csmEmail}`;
  const before = dayOff?.businessDayBefore;
  const businessDay = before ? `Last business day before it: ${before}\n` : '';
  return {
    deadline: {
      title: `TRM ${reference}: last day for a notice of non-renewal`,
      details: `${deadline}, until midnight at the end of that day (time zone: ${timeZone})\n${businessDay}Without a notice the subscription renews for one more year on ${nextStartsOn}.\n${details}`,
    },
    open: {
      title: `TRM ${reference}: the term ends`,
      details: `Unused hours and seats expire. Without a notice it renews on ${nextStartsOn} as ${next.name}.\n${details}`,
    },
    locked: {
      title: `TRM ${reference}: the term ends and renews`,
      details: `Unused hours and seats expire. It renews on ${nextStartsOn} as ${next.name}.\n${details}`,
    },
    declined: {
      title: `TRM ${reference}: the subscription ends`,
      details: `Last day: ${endsOn}. Unused hours and seats expire.\n${details}`,
    },
  };
}

function textsJa(words: LetterWords): Record<'deadline' | 'open' | 'locked' | 'declined', CalendarText> {
  const { customer, reference, deadline, timeZone, nextStartsOn, next, endsOn, dayOff } = words;
  const details = `お客様名：${customer}\n${words.identity.map(([label, value]) => `${label}：${value}`).join('\n')}\n担当CSM：${words.csm}（${words.csmEmail}）`;
  const before = dayOff?.businessDayBefore;
  const businessDay = before ? `直前の営業日：${before}\n` : '';
  return {
    deadline: {
      title: `TRM ${reference} 更新しない場合の通知期限`,
      details: `${deadline} 24:00 まで（タイムゾーン：${timeZone}）\n${businessDay}更新しない旨の通知がない場合、${nextStartsOn}より自動的に 1 年間更新されます。\n${details}`,
    },
    open: {
      title: `TRM ${reference} 契約期間の満了日`,
      details: `未使用の時間と受講ライセンスは失効いたします。更新しない旨の通知がない場合、${nextStartsOn}より「${next.name}」として更新されます。\n${details}`,
    },
    locked: {
      title: `TRM ${reference} 契約期間の満了日（更新確定）`,
      details: `未使用の時間と受講ライセンスは失効いたします。${nextStartsOn}より「${next.name}」として更新されます。\n${details}`,
    },
    declined: {
      title: `TRM ${reference} 契約終了日`,
      details: `${endsOn}の契約期間満了をもって終了いたします。未使用の時間と受講ライセンスは失効いたします。\n${details}`,
    },
  };
}
