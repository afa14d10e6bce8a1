import type { Language } from '../../../domain/language.js';
import type { Block } from '../../../platform/mail/layout.js';
import { japaneseGreeting } from '../../../platform/mail/mail-words.js';
import {
  button,
  counted,
  facts,
  heading,
  paragraph,
  type LetterRow,
  type LetterWords,
  type PackageWords,
} from './letter.js';
import type { MailFacts } from './mail-facts.js';

/** The parts that several letters share, in one language. */
export interface Phrases {
  /** Every subject names the subscription, as a customer may have several (§11). */
  subject(words: LetterWords, text: string): string;
  /** The salutation and the first paragraph of a mail to the customer; copies say that they are copies. */
  opening(words: LetterWords, text: string): Block[];
  /** The salutation and the first paragraph of a mail to the CSM or the operator alone. */
  openingToStaff(words: LetterWords, text: string): Block[];
  /** The CSM as the customer's contact, and the signature. */
  closing(words: LetterWords): Block[];
  /** The signature alone. */
  signature(words: LetterWords): Block[];
  /** The facts of the subscription, with `rows` before its numbers, and the burn-down. */
  subscription(words: LetterWords, rows?: LetterRow[], title?: string): Block[];
  /** The package and the term that follow at the renewal. */
  nextTerm(words: LetterWords, title: string, rows?: LetterRow[]): Block[];
  /** The same in one row. */
  renewsAs(words: LetterWords): LetterRow;
  csm(words: LetterWords): LetterRow;
  /** What expires at the end of the term. */
  leftover(words: LetterWords): LetterRow[];
  onsite(next: PackageWords): string;
  deadline(words: LetterWords): LetterRow;
  /** The last day for a notice and, if it is not a business day, the last business day before it. The deadline does not move (§11). */
  deadlineOrDayOff(words: LetterWords): LetterRow[];
  /** The subscription is not renewed: when it ends, and what expires then. */
  ends(words: LetterWords): string;
  /** For a notice that declines a locked renewal: an earlier confirmation of the renewal is void (§11). */
  replacesLock(facts: MailFacts): Block[];
  /** Opens the page on which the customer declines. It stands at the top, and its label says what it is for (§11). */
  declineButton(words: LetterWords): Block[];
  /** Leads a recipient who can sign in to the page about the subscription. */
  detailsButton(words: LetterWords): Block[];
}

const en: Phrases = {
  subject: ({ copy, customer, reference }, text) => `[TRM] ${copy ? `${customer}, ` : ''}${reference}: ${text}`,

  opening({ recipient, copy, alone, customer }, text) {
    const copied = alone
      ? `${customer} has no renewal contact, so this mail was not sent to anyone at the customer.\n`
      : `This is your copy of the mail that ${customer} received.\n`;
    return [paragraph(`Dear ${recipient},`), paragraph(copy ? copied + text : text)];
  },

  openingToStaff: ({ recipient }, text) => [
    paragraph(recipient === '' ? 'To the operator of the service' : `Dear ${recipient},`),
    paragraph(text),
  ],

  closing: (words) => [
    ...en.detailsButton(words),
    heading('Your contact'),
    facts(['Customer Success Manager', words.csm], ['E-mail', words.csmEmail]),
    ...words.standIns.map(({ name, email, until }) =>
      paragraph(`In place of ${words.csm}, until ${until}: ${name}, ${email}`),
    ),
    ...en.signature(words),
  ],

  signature: ({ vendor, copy }) => [
    paragraph(`Kind regards\n${vendor}`),
    {
      kind: 'small',
      text: copy
        ? 'This message was sent automatically.'
        : 'This message was sent automatically. A reply reaches your Customer Success Manager.',
    },
  ],

  subscription: (words, rows = [], title = 'The subscription') => [
    heading(title),
    facts(
      ['Customer', words.customer],
      ['Package', words.package],
      ['Term', `${words.startsOn} to ${words.endsOn}`],
      ...rows,
      ...words.identity,
    ),
    words.picture,
  ],

  nextTerm: ({ next, nextStartsOn, nextEndsOn }, title, rows = []) => [
    heading(title),
    facts(
      ['Package', `${next.name} with ${next.hours}`],
      ...rows,
      ['Term', `${nextStartsOn} to ${nextEndsOn}`],
      ['Onsite', en.onsite(next)],
      ['Learning seats', String(next.seats)],
    ),
  ],

  renewsAs: ({ next, nextStartsOn, nextEndsOn }) => [
    'Renews as',
    `${next.name} with ${next.hours}, from ${nextStartsOn} to ${nextEndsOn}`,
  ],

  csm: ({ csm, csmEmail }) => ['Customer Success Manager', `${csm}, ${csmEmail}`],

  leftover: ({ remaining, granted, seatsInUse, maxSeats }) => [
    ['Hours left', `${remaining} of ${granted}; unused hours expire at the end of the term`],
    ['Learning seats', `${seatsInUse} of ${maxSeats} in use; all seats expire with the term`],
  ],

  onsite({ onsiteHours, onsiteVisits }) {
    if (onsiteVisits === 0) return 'not included';
    if (onsiteVisits === null) return `up to ${onsiteHours}, visits as needed`;
    return `up to ${onsiteHours} in at most ${counted(onsiteVisits, 'visit')}`;
  },

  deadline: ({ deadline, timeZone }) => [
    'Last day for a notice',
    `${deadline}, until midnight at the end of that day\n(time zone: ${timeZone})`,
  ],

  deadlineOrDayOff(words) {
    const { dayOff } = words;
    if (!dayOff) return [en.deadline(words)];
    const { reason, businessDayBefore } = dayOff;
    return [
      en.deadline(words),
      businessDayBefore
        ? ['Last business day before it', `${businessDayBefore}\n(the last day is ${reason}; it is not moved)`]
        : ['Please note', `The last day is ${reason}; it is not moved.`],
    ];
  },

  ends: ({ endsOn, remaining }) =>
    `The subscription is not renewed: it ends with the term, at the end of ${endsOn}. Until then you can use it in full.\nHours left at present: ${remaining}. Unused hours and all learning seats expire at the end of the term.`,

  replacesLock: ({ replacesLock }) =>
    replacesLock
      ? [paragraph('This confirmation replaces any earlier confirmation that the subscription will renew.')]
      : [],

  declineButton: ({ noticeLink }) =>
    noticeLink === undefined
      ? []
      : [
          button('Decline the renewal', noticeLink),
          {
            kind: 'small',
            text: 'The link opens your personal page. Opening it changes nothing; you decline by signing there.',
          },
        ],

  detailsButton: ({ consoleLink }) =>
    consoleLink === undefined ? [] : [button('See details in the console', consoleLink)],
};

const ja: Phrases = {
  subject: ({ copy, customer, reference }, text) => `【TRM】${copy ? `［${customer} 様］` : ''}${reference} ${text}`,

  // A Japanese letter names the company and the recipient first, then the writer.
  opening({ recipient, copy, alone, customer, vendor, csm }, text) {
    const copied = alone
      ? `${customer} 様には契約更新のご連絡先が登録されていないため、本メールはお客様には送信されていません。`
      : `${customer} 様宛てのお知らせの控えです。`;
    return [
      paragraph(copy ? `${recipient} 様` : `${customer}\n${recipient} 様`),
      paragraph(`${copy ? copied : japaneseGreeting(vendor, csm)}\n${text}`),
    ];
  },

  openingToStaff: ({ recipient }, text) => [
    paragraph(recipient === '' ? 'サービス運用ご担当者 様' : `${recipient} 様`),
    paragraph(text),
  ],

  closing: (words) => [
    ...ja.detailsButton(words),
    heading('担当CSM（カスタマーサクセスマネージャー）'),
    facts(['担当者', words.csm], ['メールアドレス', words.csmEmail]),
    ...words.standIns.map(({ name, email, until }) =>
      paragraph(`${until}までは、${words.csm}に代わり${name}（${email}）が担当いたします。`),
    ),
    paragraph('今後とも何卒よろしくお願い申し上げます。'),
    ...ja.signature(words),
  ],

  signature: ({ vendor, copy }) => [
    paragraph(vendor),
    {
      kind: 'small',
      text: copy
        ? '※ 本メールは自動送信されています。'
        : '※ 本メールは自動送信されています。ご返信いただいた場合は、担当CSMに届きます。',
    },
  ],

  subscription: (words, rows = [], title = '対象のサブスクリプション') => [
    heading(title),
    facts(
      ['お客様名', words.customer],
      ['パッケージ', words.package],
      ['契約期間', `${words.startsOn}～${words.endsOn}`],
      ...rows,
      ...words.identity,
    ),
    words.picture,
  ],

  nextTerm: ({ next, nextStartsOn, nextEndsOn }, title, rows = []) => [
    heading(title),
    facts(
      ['パッケージ', `${next.name}（付与時間 ${next.hours}）`],
      ...rows,
      ['契約期間', `${nextStartsOn}～${nextEndsOn}`],
      ['訪問支援', ja.onsite(next)],
      ['受講ライセンス', `${next.seats} 名分`],
    ),
  ],

  renewsAs: ({ next, nextStartsOn, nextEndsOn }) => [
    '更新後のご契約',
    `${next.name}（付与時間 ${next.hours}）\n${nextStartsOn}～${nextEndsOn}`,
  ],

  csm: ({ csm, csmEmail }) => ['担当CSM', `${csm}（${csmEmail}）`],

  leftover: ({ remaining, granted, seatsInUse, maxSeats }) => [
    ['残り時間', `${remaining}（付与時間 ${granted}）\n（未使用の時間は、契約期間の満了をもって失効いたします）`],
    [
      '受講ライセンス',
      `${maxSeats} 名分のうち ${seatsInUse} 名分をご利用中\n（受講ライセンスは、すべて契約期間の満了をもって失効いたします）`,
    ],
  ],

  onsite({ onsiteHours, onsiteVisits }) {
    if (onsiteVisits === 0) return '含まれません';
    return onsiteVisits === null
      ? `${onsiteHours}まで（訪問回数は必要に応じて）`
      : `${onsiteHours}まで（訪問 ${onsiteVisits} 回まで）`;
  },

  deadline: ({ deadline, timeZone }) => ['通知期限', `${deadline} 24:00 まで\n（タイムゾーン：${timeZone}）`],

  deadlineOrDayOff(words) {
    const { dayOff } = words;
    if (!dayOff) return [ja.deadline(words)];
    const notMoved = `通知期限は${dayOff.reason}にあたりますが、期限日は変わりません`;
    return [
      ja.deadline(words),
      dayOff.businessDayBefore
        ? ['直前の営業日', `${dayOff.businessDayBefore}\n（${notMoved}）`]
        : ['ご注意', notMoved],
    ];
  },

  ends: ({ endsOn, remaining }) =>
    `サブスクリプションは更新されず、${endsOn}の契約期間満了をもって終了いたします。満了までは、引き続きすべてのサービスをご利用いただけます。\n現在の残り時間は ${remaining}です。未使用の時間と受講ライセンスは、契約期間の満了をもって失効いたします。`,

  replacesLock: ({ replacesLock }) =>
    replacesLock
      ? [
          paragraph(
            '先に「契約更新確定のお知らせ」をお送りしている場合、その内容は無効となり、本メールがこれに代わります。',
          ),
        ]
      : [],

  declineButton: ({ noticeLink }) =>
    noticeLink === undefined
      ? []
      : [
          button('更新しない旨の通知へ進む', noticeLink),
          {
            kind: 'small',
            text: '※ お客様専用ページが開きます。ページを開いただけでは、お手続きは行われません。',
          },
        ],

  detailsButton: ({ consoleLink }) =>
    consoleLink === undefined ? [] : [button('コンソールで詳細を見る', consoleLink)],
};

export const phrases = { en, ja } as const satisfies Record<Language, Phrases>;
