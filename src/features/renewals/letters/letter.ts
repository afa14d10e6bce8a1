import type { Language } from '../../../domain/language.js';
import type { Block, MailPage } from '../../../platform/mail/layout.js';
import { japaneseGreeting } from '../../../platform/mail/mail-words.js';
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
  /** Its numbers, as far as there are any, and its id. */
  identity: Row[];
  package: string;
  /** `Premier, contract C-1047`, `Premier (Database, Network)`: by it a reader distinguishes two subscriptions. */
  reference: string;
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
  /** The mail leaves on the last day for a notice. */
  isLastDay: boolean;
  /** The customer can still give a notice, or take one back, alone. */
  isBeforeDeadline: boolean;
  /** Where the last day for a notice is no business day: why, and the last one before it unless that is over. */
  dayOff?: { reason: string; businessDayBefore?: string };
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

/** Every subject names the subscription, as a customer may have several (§11). */
export const japaneseSubject = ({ copy, customer, reference }: LetterWords, subject: string): string =>
  `【TRM】${copy ? `［${customer} 様］` : ''}${reference} ${subject}`;

export const englishSubject = ({ copy, customer, reference }: LetterWords, subject: string): string =>
  `[TRM] ${copy ? `${customer}, ` : ''}${reference}: ${subject}`;

/** Salutation and first sentence; Japanese letters name the company first, and then who writes. */
export const openingJa = (words: LetterWords, text: string): Block[] => {
  const { recipient, copy, alone, customer, vendor, csm } = words;
  const toCsm = alone
    ? `${customer} 様には契約更新のご連絡先が登録されていないため、本メールはお客様には送信されていません。`
    : `${customer} 様宛てのお知らせの控えです。`;
  return [
    paragraph(copy ? `${recipient} 様` : `${customer}\n${recipient} 様`),
    paragraph(`${copy ? toCsm : japaneseGreeting(vendor, csm)}\n${text}`),
  ];
};

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

/**
 * The last day for a notice. Where it is no business day it is not moved (§11): the mail names the last business day
 * before it, unless that is over.
 */
export function deadlineRowsJa(words: LetterWords): Row[] {
  const { dayOff } = words;
  if (!dayOff) return [deadlineRowJa(words)];
  const notMoved = `通知期限は${dayOff.reason}にあたりますが、期限日は変わりません`;
  const row: Row = dayOff.businessDayBefore
    ? ['直前の営業日', `${dayOff.businessDayBefore}\n（${notMoved}）`]
    : ['ご注意', notMoved];
  return [deadlineRowJa(words), row];
}

export function deadlineRowsEn(words: LetterWords): Row[] {
  const { dayOff } = words;
  if (!dayOff) return [deadlineRowEn(words)];
  const row: Row = dayOff.businessDayBefore
    ? [
        'Last business day before it',
        `${dayOff.businessDayBefore}\n(the last day is ${dayOff.reason}; it is not moved)`,
      ]
    : ['Please note', `The last day is ${dayOff.reason}; it is not moved.`];
  return [deadlineRowEn(words), row];
}

/** What follows for the confirmation of the lock, where a notice declines a renewal that was locked (§11). */
export const replacesLockEn = ({ replacesLock }: MailFacts): Block[] =>
  replacesLock
    ? [paragraph('This confirmation replaces any earlier confirmation that the subscription will renew.')]
    : [];

export const replacesLockJa = ({ replacesLock }: MailFacts): Block[] =>
  replacesLock
    ? [
        paragraph(
          '先に「契約更新確定のお知らせ」をお送りしている場合、その内容は無効となり、本メールがこれに代わります。',
        ),
      ]
    : [];

/** Opens the page on which the customer declines: the button says what it is for, and stands at the top (§11). */
export const declineButtonEn = ({ noticeLink }: LetterWords): Block[] =>
  noticeLink === undefined
    ? []
    : [
        { kind: 'button', text: 'Decline the renewal', url: noticeLink },
        {
          kind: 'small',
          text: 'The link opens your personal page. Opening it does nothing; you decline by signing there.',
        },
      ];

export const declineButtonJa = ({ noticeLink }: LetterWords): Block[] =>
  noticeLink === undefined
    ? []
    : [
        { kind: 'button', text: '更新しない旨の通知へ進む', url: noticeLink },
        {
          kind: 'small',
          text: '※ お客様専用ページが開きます。ページを開いただけでは、お手続きは行われません。',
        },
      ];

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
