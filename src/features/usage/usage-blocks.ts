import type { TermTopUp, TopUpKind } from '../../domain/entitlement.js';
import { floorDivide } from '../../domain/minutes.js';
import { isTooEarly } from '../../domain/pace.js';
import type { Language } from '../../domain/language.js';
import type { Block } from '../../platform/mail/layout.js';
import { dayText, hours, japaneseGreeting, oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import { identityRows, unknownIdentity } from '../subscriptions/subscription-identity.js';
import type { StatementFacts, TermFigures, UsageFacts } from './usage-facts.js';

export type Row = [label: string, value: string];

const sentences = {
  en: {
    greeting: 'Dear {recipient},',
    greetingOfCsm: 'Dear {recipient},',
    period: '{from} to {to}',
    customer: 'Customer',
    package: 'Package',
    term: 'Term',
    used: 'Hours used',
    usedOf: '{used} of {granted} ({percent}%)',
    remaining: 'Hours left',
    topUps: 'Top-ups',
    topUpsOf:
      '{kinds, select, supplement {{bought} bought} goodwill {{given} given} other {{bought} bought and {given} given}} (part of the granted hours)',
    drawnAhead: 'Drawn ahead',
    drawnAheadOf: '{drawn} from hours that were granted later',
    planned: 'Even plan so far',
    pace: 'Pace',
    ahead: '{difference} ahead of the even plan',
    'on-pace': 'on pace with the even plan',
    behind: '{difference} behind the even plan',
    forecast: 'At the present rate',
    exhausted: 'used up on {day}',
    exhaustedAlready: 'all hours are used',
    tooEarly: 'too early to tell after {days, plural, one {# day} other {# days}} of the term',
    expiring: '{expiring} left at the end of the term, which then expire',
    usedToTheEnd: 'used up by the end of the term',
    onsiteUsed: 'Onsite hours',
    onsiteUsedOf: '{used} of {most}',
    visits: 'Onsite visits',
    visitsOf: '{used} of {most}',
    visitsAny: '{used}, any number included',
    seats: 'Learning seats',
    seatsOf: '{used} of {most} in use',
    details: 'See details in the console',
    contact: 'Your contact',
    csm: 'Customer Success Manager',
    csmEmail: 'E-mail',
    standIn: 'In place of {csm}, until {until}: {name}, {email}',
    signOff: 'Kind regards\n{vendor}',
    automatic: 'This message was sent automatically. A reply reaches your Customer Success Manager.',
    automaticToCsm: 'This message was sent automatically.',
  },
  ja: {
    greeting: '{customer}\n{recipient} 様',
    greetingOfCsm: '{recipient} 様',
    period: '{from}～{to}',
    customer: 'お客様名',
    package: 'パッケージ',
    term: '契約期間',
    used: '使用済み時間',
    usedOf: '{used}（付与時間 {granted}の {percent}%）',
    remaining: '残り時間',
    topUps: '追加された時間',
    topUpsOf:
      '{kinds, select, supplement {追加購入 {bought}} goodwill {無償付与 {given}} other {追加購入 {bought}、無償付与 {given}}}（付与時間に含まれます）',
    drawnAhead: '先行利用',
    drawnAheadOf: '{drawn}（後日付与された時間からの利用）',
    planned: '計画（均等利用）',
    pace: 'ご利用の進み具合',
    ahead: '均等利用の計画を {difference}上回っています',
    'on-pace': 'おおむね計画どおりです',
    behind: '均等利用の計画を {difference}下回っています',
    forecast: '現在のペースでの見込み',
    exhausted: '{day}に使い切る見込みです',
    exhaustedAlready: 'すべての時間をご利用済みです',
    tooEarly: '契約期間の開始から {days} 日目のため、見込みはまだ算出できません',
    expiring: '契約期間の満了時に {expiring}が未使用のまま失効する見込みです',
    usedToTheEnd: '契約期間の満了までに使い切る見込みです',
    onsiteUsed: '訪問支援の時間',
    onsiteUsedOf: '{used}（上限 {most}）',
    visits: '訪問回数',
    visitsOf: '{used} 回（上限 {most} 回）',
    visitsAny: '{used} 回（回数の上限なし）',
    seats: '受講ライセンス',
    seatsOf: '{most} 名分中 {used} 名分をご利用中',
    details: 'コンソールで詳細を見る',
    contact: '担当CSM（カスタマーサクセスマネージャー）',
    csm: '担当者',
    csmEmail: 'メールアドレス',
    standIn: '{until}までは、{csm}に代わり{name}（{email}）が担当いたします。',
    signOff: '今後とも何卒よろしくお願い申し上げます。\n\n{vendor}',
    automatic: '※ 本メールは自動送信されています。ご返信いただいた場合は、担当CSMに届きます。',
    automaticToCsm: '※ 本メールは自動送信されています。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The recipient of a mail and its content. */
export interface UsageReader {
  /** On one line. */
  name: string;
  /** The CSM is addressed as a colleague. */
  isCsm: boolean;
  vendor: string;
  picture: Block;
  /** The page about the subscription, for a reader who can sign in. */
  consoleLink?: string;
}

export function greeting({ customerName }: UsageFacts, { name, isCsm }: UsageReader, language: Language): Block {
  const { greeting: toCustomer, greetingOfCsm } = sentences[language];
  const words = { recipient: name, customer: oneLine(customerName) };
  return { kind: 'paragraph', text: say(isCsm ? greetingOfCsm : toCustomer, language, words) };
}

/** The opening. A Japanese mail to a customer starts with a greeting and the sender. */
export function opening(
  text: string,
  { csmName }: UsageFacts,
  { isCsm, vendor }: UsageReader,
  language: Language,
): Block {
  const greets = language === 'ja' && !isCsm;
  return { kind: 'paragraph', text: greets ? `${japaneseGreeting(vendor, oneLine(csmName))}\n${text}` : text };
}

/** The subscription and the term. */
export function contractRows(
  facts: Pick<UsageFacts, 'customerName' | 'package' | 'subscriptionId' | 'identity' | 'startsOn' | 'endsOn'>,
  language: Language,
): Row[] {
  const words = sentences[language];
  return [
    [words.customer, oneLine(facts.customerName)],
    [words.package, facts.package],
    [words.term, periodText(facts, language)],
    ...identityRows(facts.identity ?? unknownIdentity, facts.subscriptionId, language),
  ];
}

/** The minutes that top-ups have added to the term, if any. */
export function topUpRows(topUps: readonly TermTopUp[], language: Language): Row[] {
  if (topUps.length === 0) return [];
  const words = sentences[language];
  const minutesOf = (wanted: TopUpKind): number =>
    topUps.reduce((sum, { kind, minutes }) => (kind === wanted ? sum + minutes : sum), 0);
  const [bought, given] = [minutesOf('supplement'), minutesOf('goodwill')];
  const kinds = given === 0 ? 'supplement' : bought === 0 ? 'goodwill' : 'both';
  return [
    [
      words.topUps,
      say(words.topUpsOf, language, { kinds, bought: hours(bought, language), given: hours(given, language) }),
    ],
  ];
}

/** The used and remaining hours of the term, against the plan. */
export function balanceRows(figures: TermFigures, language: Language): Row[] {
  const words = sentences[language];
  const { grantedMinutes, usedMinutes, remainingMinutes, drawnAheadMinutes = 0 } = figures;
  const usedOf = {
    used: hours(usedMinutes, language),
    granted: hours(grantedMinutes, language),
    percent: floorDivide(usedMinutes * 100, grantedMinutes),
  };
  const drawnAhead: Row[] = [
    [words.drawnAhead, say(words.drawnAheadOf, language, { drawn: hours(drawnAheadMinutes, language) })],
  ];
  return [
    [words.used, say(words.usedOf, language, usedOf)],
    [words.remaining, hours(remainingMinutes, language)],
    ...(drawnAheadMinutes > 0 ? drawnAhead : []),
    ...paceRows(figures, language),
  ];
}

/** The plan, and how use compares with it. */
export function paceRows({ pace }: Pick<TermFigures, 'pace'>, language: Language): Row[] {
  const words = sentences[language];
  const difference = hours(Math.abs(pace.differenceMinutes), language);
  return [
    [words.planned, hours(pace.plannedMinutes, language)],
    [words.pace, say(words[pace.status], language, { difference })],
  ];
}

/** The forecast from recent use. */
export function forecastRow(
  { forecast, remainingMinutes }: Pick<TermFigures, 'forecast' | 'remainingMinutes'>,
  language: Language,
): Row {
  const words = sentences[language];
  const { exhaustedOn, expiringMinutes, basis } = forecast;
  const value = (): string => {
    if (remainingMinutes === 0) return words.exhaustedAlready;
    if (basis && isTooEarly(basis)) return say(words.tooEarly, language, { days: basis.days });
    if (exhaustedOn !== null) return say(words.exhausted, language, { day: dayText(exhaustedOn, language) });
    if (expiringMinutes === 0) return words.usedToTheEnd;
    return say(words.expiring, language, { expiring: hours(expiringMinutes, language) });
  };
  return [words.forecast, value()];
}

/** The use of the other limits: onsite, visits, seats. */
export function limitRows({ onsite, seats }: Pick<StatementFacts, 'onsite' | 'seats'>, language: Language): Row[] {
  const words = sentences[language];
  const { capMinutes, usedMinutes, visitsUsed, maxVisits } = onsite;
  const onsiteUsed = { used: hours(usedMinutes, language), most: hours(capMinutes, language) };
  const visits = maxVisits === null ? words.visitsAny : words.visitsOf;
  const rows: Row[] =
    capMinutes === 0
      ? []
      : [
          [words.onsiteUsed, say(words.onsiteUsedOf, language, onsiteUsed)],
          [words.visits, say(visits, language, { used: visitsUsed, most: maxVisits ?? 0 })],
        ];
  return [...rows, [words.seats, say(words.seatsOf, language, { used: seats.used, most: seats.max })]];
}

/** The contact person, and the end of the mail. */
export function closing(
  { csmName, csmEmail, standIns = [] }: UsageFacts,
  { isCsm, vendor, consoleLink }: UsageReader,
  language: Language,
): Block[] {
  const words = sentences[language];
  const details: Block[] = consoleLink === undefined ? [] : [{ kind: 'button', text: words.details, url: consoleLink }];
  if (isCsm) return [...details, { kind: 'small', text: words.automaticToCsm }];
  const contact: Row[] = [
    [words.csm, oneLine(csmName)],
    [words.csmEmail, csmEmail],
  ];
  return [
    ...details,
    { kind: 'heading', text: words.contact },
    { kind: 'facts', rows: contact },
    ...standIns.map(({ name, email, until }): Block => {
      const deputy = { csm: oneLine(csmName), name: oneLine(name), email, until: dayText(until, language) };
      return { kind: 'paragraph', text: say(words.standIn, language, deputy) };
    }),
    { kind: 'paragraph', text: say(words.signOff, language, { vendor }) },
    { kind: 'small', text: words.automatic },
  ];
}

export function periodText({ startsOn, endsOn }: { startsOn: string; endsOn: string }, language: Language): string {
  return say(sentences[language].period, language, {
    from: dayText(startsOn, language),
    to: dayText(endsOn, language),
  });
}
