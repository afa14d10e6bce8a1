import type { Language } from '../../../domain/language.js';
import type { Block, MailPage } from '../../../platform/mail/layout.js';
import type { DayOff } from '../../../platform/business-days.js';
import type { MailFacts, StoredPackage } from './mail-facts.js';

/** A package as a mail names it. */
export interface PackageWords {
  name: string;
  hours: string;
  onsiteHours: string;
  /** Null for any number; 0 if the package does not include onsite work. */
  onsiteVisits: number | null;
  seats: number;
}

/** A deputy as a mail names one. */
export interface StandInWords {
  name: string;
  email: string;
  /** The last day. */
  until: string;
}

export type LetterRow = [label: string, value: string];

/** The values that a letter puts into its sentences, in the language of the letter; every name is one line. */
export interface LetterWords {
  recipient: string;
  /** The recipient is the CSM or the operator, not the customer. */
  copy: boolean;
  /** The customer has no renewal contact, so only the CSM gets the mail. */
  alone: boolean;
  customer: string;
  /** The reference numbers of the subscription, and its id. */
  identity: LetterRow[];
  package: string;
  /** Distinguishes two subscriptions of a customer: `Premier, contract C-1047`, `Premier (Database, Network)`. */
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
  /** With its offset on that day: `Asia/Tokyo, UTC+09:00`. */
  timeZone: string;
  /** The mail leaves on the last day for a notice. */
  isLastDay: boolean;
  /** Until the deadline the customer can give or withdraw a notice alone. */
  isBeforeDeadline: boolean;
  /** Set if the last day for a notice is not a business day: the reason, and the last business day before it unless that is over. */
  dayOff?: { reason: string; businessDayBefore?: string };
  csm: string;
  csmEmail: string;
  /** The deputies who stand in for the CSM when the mail leaves. */
  standIns: readonly StandInWords[];
  vendor: string;
  /** The personal link to the page for notices; only in mails to the customer. */
  noticeLink?: string;
  /** The page of the console about the subscription, for a recipient who can sign in. */
  consoleLink?: string;
  /** The burn-down of the term's hours. */
  picture: Block;
  /** An instant as local date and time of the customer. */
  moment(iso: string): string;
  /** The customer's zone, with its offset at an instant. */
  zoneAt(iso: string): string;
  hours(minutes: number): string;
  packageNamed(stored: StoredPackage): PackageWords;
}

/** Makes the page of a mail in each language, from the words of its term and the facts of its occasion. */
export type Letter = Readonly<Record<Language, (words: LetterWords, facts: MailFacts) => MailPage>>;

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const heading = (text: string): Block => ({ kind: 'heading', text });
export const facts = (...rows: (LetterRow | false)[]): Block => ({
  kind: 'facts',
  rows: rows.filter((row) => row !== false),
});
export const list = (...items: string[]): Block => ({ kind: 'list', items });
export const button = (text: string, url: string): Block => ({ kind: 'button', text, url });

/** `1 learning seat`, `2 learning seats`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Why a day is not a business day, as a noun: `土曜日`, `祝日「海の日」`, `a public holiday, Marine Day`. */
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
