import type { Language } from '../../platform/http/language.js';
import type { Block, MailPage } from '../../platform/mail/layout.js';
import type { DayOff } from './business-days.js';
import type { MailFacts, PackageKept } from './mail-facts.js';

/** A package as a mail names it. */
export interface PackageWords {
  name: string;
  hours: string;
  onsiteHours: string;
  /** Null for any number; 0 where onsite work is not included. */
  onsiteVisits: number | null;
  seats: number;
}

/** What mails about a renewal have to say, in words of their language; names stand on one line. */
export interface LetterWords {
  recipient: string;
  /** The vendor's own people get a copy of what the customer is told. */
  copy: boolean;
  /** The customer has no renewal contact, so the CSM gets the mail alone. */
  alone: boolean;
  customer: string;
  subscriptionId: string;
  package: string;
  startsOn: string;
  endsOn: string;
  granted: string;
  used: string;
  remaining: string;
  seatsInUse: number;
  maxSeats: number;
  next: PackageWords;
  nextStartsOn: string;
  nextEndsOn: string;
  deadline: string;
  /** With the offset of that day: `Asia/Tokyo, UTC+09:00`. */
  timeZone: string;
  /** Where the last day for a notice is no business day: the last one before it, and why. */
  lastBusinessDay?: { day: string; reason: string };
  csm: string;
  csmEmail: string;
  vendor: string;
  /** The personal link to the page for notices; of customers' mails alone. */
  noticeLink?: string;
  /** The burn-down of the term's hours. */
  picture: Block;
  /** An instant as the customer's clocks show it. */
  moment(iso: string): string;
  /** The customer's zone, with its offset at an instant. */
  zoneAt(iso: string): string;
  hours(minutes: number): string;
  packageNamed(kept: PackageKept): PackageWords;
}

/** What a mail says, in both languages: from the words of its term, and from what its occasion adds to the facts. */
export type Letter = Readonly<Record<Language, (words: LetterWords, facts: MailFacts) => MailPage>>;

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const heading = (text: string): Block => ({ kind: 'heading', text });
export const facts = (...rows: (Row | false)[]): Block => ({
  kind: 'facts',
  rows: rows.filter((row) => row !== false),
});

export const japaneseSubject = ({ copy, customer }: LetterWords, subject: string): string =>
  `【TRM】${copy ? `［${customer} 様］` : ''}${subject}`;

export const englishSubject = ({ copy, customer }: LetterWords, subject: string): string =>
  `[TRM] ${copy ? `${customer}: ` : ''}${subject}`;

/** Salutation and first sentence; Japanese letters name the company first. */
export const openingJa = ({ recipient, copy, alone, customer }: LetterWords, text: string): Block[] => [
  paragraph(copy ? `${recipient} 様` : `${customer}\n${recipient} 様`),
  paragraph(
    alone
      ? `${customer} 様には契約更新のご連絡先が登録されていないため、本メールはお客様には送信されていません。\n${text}`
      : `${copy ? `${customer} 様宛てのお知らせの控えです。` : 'いつもお世話になっております。'}\n${text}`,
  ),
];

export const openingEn = ({ recipient, copy, alone, customer }: LetterWords, text: string): Block[] => [
  paragraph(`Dear ${recipient},`),
  paragraph(
    alone
      ? `${customer} has no renewal contact, so nobody at the customer got this mail.\n${text}`
      : copy
        ? `The following was sent to ${customer}; this is your copy.\n${text}`
        : text,
  ),
];

export const closingJa = (words: LetterWords): Block[] => [
  heading('担当CSM（カスタマーサクセスマネージャー）'),
  facts(['担当者', words.csm], ['メールアドレス', words.csmEmail]),
  paragraph('今後とも何卒よろしくお願い申し上げます。'),
  ...signOffJa(words),
];

export const closingEn = (words: LetterWords): Block[] => [
  heading('Your contact'),
  facts(['Customer Success Manager', words.csm], ['E-mail', words.csmEmail]),
  ...signOffEn(words),
];

export const signOffJa = ({ vendor, copy }: LetterWords): Block[] => [
  paragraph(vendor),
  {
    kind: 'small',
    text: copy
      ? '※ 本メールは自動送信されています。'
      : '※ 本メールは自動送信されています。ご返信いただいた場合は、担当CSMに届きます。',
  },
];

export const signOffEn = ({ vendor, copy }: LetterWords): Block[] => [
  paragraph(`Kind regards\n${vendor}`),
  {
    kind: 'small',
    text: copy
      ? 'This message was sent automatically.'
      : 'This message was sent automatically. A reply reaches your Customer Success Manager.',
  },
];

type Row = [label: string, value: string];

export const deadlineRowJa = ({ deadline, timeZone }: LetterWords): Row => [
  '通知期限',
  `${deadline} 24:00 まで\n（タイムゾーン：${timeZone}）`,
];

export const deadlineRowEn = ({ deadline, timeZone }: LetterWords): Row => [
  'Last day for a notice',
  `${deadline}, until midnight at the end of that day\n(time zone: ${timeZone})`,
];

/** The last day for a notice and, where it is none of business, the last business day before it: it is not moved (§11). */
export function deadlineRowsJa(words: LetterWords): Row[] {
  const { lastBusinessDay } = words;
  if (!lastBusinessDay) return [deadlineRowJa(words)];
  const { day, reason } = lastBusinessDay;
  return [
    deadlineRowJa(words),
    ['直前の営業日', `${day}\n（通知期限は${reason}にあたりますが、期限日は変わりません）`],
  ];
}

export function deadlineRowsEn(words: LetterWords): Row[] {
  const { lastBusinessDay } = words;
  if (!lastBusinessDay) return [deadlineRowEn(words)];
  const { day, reason } = lastBusinessDay;
  return [
    deadlineRowEn(words),
    ['Last business day before it', `${day}\n(the last day is ${reason}; it is not moved)`],
  ];
}

/** Why a day is none of business, as a noun: `土曜日`, `祝日「海の日」`, `a public holiday, Marine Day`. */
export function dayOffText(reason: DayOff, weekday: string, language: Language): string {
  const japanese = language === 'ja';
  switch (reason.kind) {
    case 'weekend':
      return japanese ? weekday : `a ${weekday}`;
    case 'public':
      return japanese ? `祝日「${reason.name}」` : `a public holiday, ${reason.name}`;
    case 'bank':
      return japanese ? `休業日「${reason.name}」` : `a bank holiday, ${reason.name}`;
  }
}

export function onsiteJa({ onsiteHours, onsiteVisits }: PackageWords): string {
  if (onsiteVisits === 0) return '含まれません';
  return onsiteVisits === null
    ? `${onsiteHours}まで（訪問回数は必要に応じて）`
    : `${onsiteHours}まで（訪問 ${onsiteVisits} 回まで）`;
}

export function onsiteEn({ onsiteHours, onsiteVisits }: PackageWords): string {
  if (onsiteVisits === 0) return 'not included';
  if (onsiteVisits === null) return `up to ${onsiteHours}, visits as needed`;
  return `up to ${onsiteHours} in at most ${counted(onsiteVisits, 'visit')}`;
}

/** `1 learning seat`, `2 learning seats`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
