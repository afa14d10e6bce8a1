import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { isTooEarly } from '../../domain/pace.js';
import type { SubscriptionStatus } from '../../domain/contract.js';
import type { BalanceAnswer } from '../../features/ledger/balance.dto.js';
import { say } from '../../platform/sentences.js';
import { dayText, minutesText } from '../words/formats.js';

/** The facts of the sentence about a subscription's hours. */
export interface HoursState {
  status: SubscriptionStatus;
  startsOn: Day;
  endsOn: Day;
  balance: Pick<BalanceAnswer, 'asOf' | 'grantedMinutes' | 'remainingMinutes' | 'expiredMinutes' | 'forecast'>;
}

/** The sentence in three pieces, because a page writes its number largest. */
export interface HoursSentence {
  before: string;
  /** Empty if the sentence has no number that matters most. */
  number: string;
  after: string;
}

const sentences = {
  en: {
    upcoming: '{number} from {startsOn}.',
    expires: '{number} left until {endsOn}; at this pace {expiring} will expire.',
    runsOut: '{number} left until {endsOn}; at this pace they are used up on {exhaustedOn}.',
    suffices: '{number} left until {endsOn}; at this pace they are used by then.',
    early: '{number} left until {endsOn}; it is too early for a forecast.',
    empty: 'All {granted} until {endsOn} are used.',
    ended: 'This subscription ended on {endsOn}.',
    planned: 'If the planned sessions take place ({planned}) and nothing else does, {expiring} will expire.',
    plannedAll: 'The planned sessions ({planned}) use all that is left.',
  },
  ja: {
    upcoming: '{startsOn}から{number}をご利用いただけます。',
    expires: '残り{number}（{endsOn}まで）。現在のペースでは、{expiring}が失効する見込みです。',
    runsOut: '残り{number}（{endsOn}まで）。現在のペースでは、{exhaustedOn}に使い切る見込みです。',
    suffices: '残り{number}（{endsOn}まで）。現在のペースでは、期間内に使い切る見込みです。',
    early: '残り{number}（{endsOn}まで）。期間が始まったばかりのため、見込みはまだ算出できません。',
    empty: '{endsOn}までの{granted}は、すべてご利用済みです。',
    ended: 'このサブスクリプションは{endsOn}に終了しました。',
    planned: '予定されている作業（{planned}）のみを行った場合、{expiring}が失効する見込みです。',
    plannedAll: '予定されている作業（{planned}）で、残りの時間をすべて使い切ります。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/**
 * What is left, until when, and what becomes of it at the recent pace.
 *
 * Example: `41 h 30 left until 31 March 2027; at this pace 12 h will expire.`
 */
export function hoursSentence(state: HoursState, language: Language): HoursSentence {
  const { startsOn, endsOn, balance } = state;
  const words = sentences[language];
  const text = say(words[caseOf(state)], language, {
    number: numberMark,
    startsOn: dayText(startsOn, language),
    endsOn: dayText(endsOn, language),
    granted: minutesText(balance.grantedMinutes, language),
    expiring: minutesText(balance.forecast.expiringMinutes, language),
    exhaustedOn: dayText(balance.forecast.exhaustedOn ?? endsOn, language),
  });
  const [before, after] = text.split(numberMark);
  if (after === undefined) return { before: text, number: '', after: '' };
  const shown = caseOf(state) === 'upcoming' ? balance.grantedMinutes : balance.remainingMinutes;
  return { before: before!, number: minutesText(shown, language), after };
}

/** Where the number stands in the sentence. No format of a day or of minutes contains it. */
const numberMark = '\u0000';

/** What the planned sessions change. Undefined without planned sessions. */
export function plannedSentence({ balance }: HoursState, language: Language): string | undefined {
  const { planned } = balance.forecast;
  if (planned === undefined) return undefined;
  const words = sentences[language];
  return say(planned.expiringMinutes === 0 ? words.plannedAll : words.planned, language, {
    planned: minutesText(planned.plannedMinutes, language),
    expiring: minutesText(planned.expiringMinutes, language),
  });
}

function caseOf({ status, startsOn, balance }: HoursState): keyof (typeof sentences)['en'] {
  if (status === 'ended') return 'ended';
  if (balance.asOf < startsOn) return 'upcoming';
  if (balance.remainingMinutes === 0) return 'empty';
  if (isTooEarly(balance.forecast.basis)) return 'early';
  if (balance.forecast.exhaustedOn !== null) return 'runsOut';
  return balance.forecast.expiringMinutes > 0 ? 'expires' : 'suffices';
}

/** Why unused hours do not move into the next term. It stands on every page for customers. */
export const noCarryOver = {
  en: 'Why hours do not carry over: each term of twelve months comes with its own hours, to be used evenly within it, so unused hours expire on its last day and the next term starts with its full hours.',
  ja: '時間を繰り越せない理由：時間は12か月の契約期間ごとに、その期間内で均等にご利用いただくものとして付与されます。そのため、未使用の時間は契約期間の最終日に失効し、次の契約期間は新たに付与される時間から始まります。',
} as const satisfies Record<Language, string>;
