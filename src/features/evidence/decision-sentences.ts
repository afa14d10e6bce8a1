import { addDays, utcOffsetAt, type Day } from '../../domain/calendar.js';
import type { DecisionStep, RenewalDecision } from '../../domain/renewal-decision.js';
import type { Language } from '../../domain/language.js';
import { dayText, oneLine, type MailWords } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import type { NoticeRecord } from '../notices/notice.js';

/** The facts that the sentences contain in addition to the decision. */
export interface DecisionText {
  decision: RenewalDecision;
  /** The customer's zone today. */
  timeZone: string;
  startsOn: Day;
  enteredAt: Date;
  /** When the lock job ran, as shown by its mails; null if it sent no mail. */
  lockRanAt: Date | null;
  /** The next term; null if there is none. */
  next: { package: Readonly<Record<Language, string>>; startsOn: Day; endsOn: Day } | null;
  notices: readonly NoticeRecord[];
}

type Sentence = Readonly<Record<Language, string>>;

const party = {
  en: '{party, select, provider {the provider} other {the customer}}',
  ja: '{party, select, provider {サービス提供者} other {お客様}}',
};

const sentences = {
  term: {
    en: 'The term runs from {startsOn} to its last day, {endsOn}. Its days are days of the customer’s time zone, {customerZone}.',
    ja: '契約期間は {startsOn} から最終日 {endsOn} までです。日付はすべてお客様のタイムゾーン（{customerZone}）によります。',
  },
  rule: {
    en: 'The rule (§11): a notice of non-renewal must be received no later than {noticeDays} days before the last day of the term.',
    ja: '規定（§11）：更新しない旨の通知は、契約期間の最終日の {noticeDays} 日前までに受領される必要があります。',
  },
  arithmetic: {
    en: '{endsOn} minus {noticeDays} days is {deadline}: the last day for a notice. It is not moved for a weekend or a holiday.',
    ja: '{endsOn} の {noticeDays} 日前は {deadline} です。この日が通知期限となります（週末・祝日による変更はありません）。',
  },
  instant: {
    en: 'That day ends at midnight in {timeZone} (UTC{utcOffset}), when {dayAfter} begins: {passedAtUtc} in UTC. A notice that is received before that instant is in time. A notice that is received at that instant or later is late.',
    ja: 'この日は、{timeZone}（UTC{utcOffset}）で {dayAfter} が始まる時点、すなわち協定世界時（UTC）{passedAtUtc} に終わります。それより前に受領した通知は期限内、それ以降に受領した通知は期限後となります。',
  },
  zoneChange: {
    en: `On {at} {cause, select, rules {the service found that the rules of the time zone {to} had changed} other {the customer’s time zone changed from {from} to {to}}}. {effect, select,
      kept {A reminder had announced the deadline, and the last day ends earlier {cause, select, rules {by the new rules} other {in the new zone}}. An announced deadline never moves earlier (§3), so {passesAfter} in UTC stays}
      passed {The deadline had passed before that, at {passesAfter} in UTC, and stays}
      other {{announced, select, yes {A reminder had announced the deadline, and that day does not end earlier {cause, select, rules {by the new rules} other {in the new zone}}} other {No reminder had announced the deadline}}. The deadline moved with {cause, select, rules {the rules} other {the zone}} (§3), from {passesBefore} to {passesAfter} in UTC}}.`,
    ja: `{at}、{cause, select, rules {タイムゾーン {to} の規則が変更されていることを確認しました} other {お客様のタイムゾーンが {from} から {to} に変更されました}}。{effect, select,
      kept {通知期限は更新のご案内で通知済みであり、{cause, select, rules {新しい規則} other {新しいタイムゾーン}}ではより早く終わります。通知済みの期限が早まることはないため（§3）、協定世界時（UTC）{passesAfter} のままとなります}
      passed {通知期限は変更前の協定世界時（UTC）{passesAfter} に経過していたため、変わりません}
      other {{announced, select, yes {通知期限は更新のご案内で通知済みですが、{cause, select, rules {新しい規則} other {新しいタイムゾーン}}でも早まらない} other {通知期限を知らせる更新のご案内はまだ送られていなかった}}ため、期限は{cause, select, rules {新しい規則に従い} other {タイムゾーンとともに}}協定世界時（UTC）{passesBefore} から {passesAfter} に移りました（§3）}}。`,
  },
  entered: {
    en: 'The contract was entered into the service on {enteredAt}, after that deadline.',
    ja: '本契約は、通知期限の経過後、{enteredAt}に本サービスへ登録されました。',
  },
  noNotice: {
    en: 'No notice of non-renewal is on record for this term.',
    ja: 'この契約期間について、更新しない旨の通知の記録はありません。',
  },
  notice: {
    en: `A notice of ${party.en}, signed by {signedBy}, was received {same, select, yes {and recorded on {at}} other {on {receivedAt} and recorded on {at}}}: {effect, select,
      declined {received in time. The renewal is declined}
      recorded {received in time, but recorded only after the term had rolled over. It changes nothing}
      other {received after the deadline. It changes nothing}}.`,
    ja: `${party.ja}からの通知（署名：{signedBy}）を {same, select, yes {{at}に受領し、記録しました} other {{receivedAt}に受領し、{at}に記録しました}}。{effect, select,
      declined {期限内に受領したため、更新されないこととなりました}
      recorded {期限内に受領しましたが、次の契約期間への切り替え後に記録されたため、効力は生じません}
      other {期限後に受領したため、効力は生じません}}。`,
  },
  waiver: {
    en: 'On {at} both parties accepted the late notice ({customerSignedBy} for the customer, {providerSignedBy} for the provider): the renewal is declined.',
    ja: '{at}、双方の合意により期限後の通知が受理されました（お客様：{customerSignedBy}、サービス提供者：{providerSignedBy}）。更新されないこととなりました。',
  },
  withdrawal: {
    en: `On {at} the notice of ${party.en} was withdrawn by {signedBy}{agreed, select, no {} other { with the agreement of {otherSignedBy} for the other party}}. {to, select,
      open {The renewal is open again}
      locked {As the deadline had passed, the term will renew}
      declined {Another notice stands, so the renewal stays declined}
      other {The withdrawal changes nothing}}.`,
    ja: `{at}、${party.ja}からの通知が {signedBy} により撤回されました{agreed, select, no {} other {（相手方の同意：{otherSignedBy}）}}。{to, select,
      open {更新の可否は再び未確定となりました}
      locked {通知期限の経過後のため、契約は更新されます}
      declined {他の通知が有効なため、引き続き更新されません}
      other {状態に変更はありません}}。`,
  },
  'deadline-passed': {
    en: 'The deadline passed on {at} and no notice stood, so the renewal is locked: the term will renew.{ran, select, no {} other { The job that locks renewals ran on {ranAt}.}}',
    ja: '{at}、有効な通知がないまま通知期限が経過したため、更新が確定しました。{ran, select, no {} other {更新確定の処理は {ranAt}に実行されました。}}',
  },
  'roll-over': {
    en: 'The term was over, and the job that rolls terms over ran on {at}: {next, select, none {as the renewal was declined, the subscription ended} other {the term renewed as {nextPackage}, from {nextStartsOn} to {nextEndsOn}}}.',
    ja: '契約期間の最終日が終了し、{at}に切り替え処理が実行されました。{next, select, none {更新しない旨の通知が有効であったため、サブスクリプションは終了しました} other {「{nextPackage}」として更新され、新しい契約期間は {nextStartsOn} から {nextEndsOn} までです}}。',
  },
  pending: {
    en: 'At the time of this evidence {job, select, renewal-lock {the deadline had passed, but the job that locks renewals had not run yet} other {the term was over, but the job that rolls terms over had not run yet}}.',
    ja: '本証跡の作成時点では、{job, select, renewal-lock {通知期限は経過していますが、更新確定の処理はまだ実行されていません} other {契約期間の最終日は終了していますが、切り替え処理はまだ実行されていません}}。',
  },
  result: {
    en: 'The result: {state, select, open {still open; a notice is possible until the deadline} locked {locked; the term will renew} declined {declined; the subscription ends with the term} renewed {renewed} other {ended}}.',
    ja: '結果：{state, select, open {未確定（通知期限までは通知が可能です）} locked {更新が確定しています} declined {更新されません（契約期間の満了をもって終了します）} renewed {更新されました} other {終了しました}}。',
  },
  agrees: {
    en: 'The service calculated the decision again from the days, the zone and the notices. The result {agrees, select, yes {agrees with the record} other {does NOT agree with the record: see differences}}.',
    ja: '日付・タイムゾーン・通知をもとに判定を再計算した結果は、記録と{agrees, select, yes {一致しています} other {一致していません（differences をご確認ください）}}。',
  },
} as const satisfies Record<string, Sentence>;

/** The decision in sentences: from the rule, by its steps, to the result (§11). */
export function decisionSentences(text: DecisionText): Record<Language, string[]> {
  return { en: sentencesIn('en', text), ja: sentencesIn('ja', text) };
}

function sentencesIn(language: Language, text: DecisionText): string[] {
  const { decision, notices } = text;
  const { endsOn, noticeDays, noticeDeadlineOn, timeZone, utcOffset, passedAt, zoneChanges } = decision.deadline;
  const tell = (sentence: Sentence, words: MailWords = {}): string => say(sentence[language], language, words);
  const day = (on: Day): string => dayText(on, language);
  const words = { endsOn: day(endsOn), noticeDays, timeZone, utcOffset, passedAtUtc: passedAt.toISOString() };
  const enteredAt = momentIn(text.enteredAt, timeZone, language);
  return [
    tell(sentences.term, { ...words, customerZone: text.timeZone, startsOn: day(text.startsOn) }),
    tell(sentences.rule, words),
    tell(sentences.arithmetic, { ...words, deadline: day(noticeDeadlineOn) }),
    ...zoneChanges.map(({ at, from, to, announced, passesBefore, passesAfter, effect }) =>
      tell(sentences.zoneChange, {
        ...{ at: momentIn(at, timeZone, language), from, to, announced: announced ? 'yes' : 'no', effect },
        cause: from === to ? 'rules' : 'customer',
        ...{ passesBefore: passesBefore.toISOString(), passesAfter: passesAfter.toISOString() },
      }),
    ),
    tell(sentences.instant, { ...words, dayAfter: day(addDays(noticeDeadlineOn, 1)) }),
    ...(text.enteredAt >= passedAt ? [tell(sentences.entered, { enteredAt })] : []),
    ...(notices.length === 0 ? [tell(sentences.noNotice)] : []),
    ...decision.steps.map((step) => tell(sentences[step.event], stepWords(step, text, language))),
    ...(decision.pending ? [tell(sentences.pending, { job: decision.pending })] : []),
    tell(sentences.result, { state: decision.state }),
    tell(sentences.agrees, { agrees: decision.agreesWithRecord ? 'yes' : 'no' }),
  ];
}

function stepWords(step: DecisionStep, text: DecisionText, language: Language): MailWords {
  const { timeZone } = text.decision.deadline;
  const moment = (instant: Date): string => momentIn(instant, timeZone, language);
  const { next, lockRanAt } = text;
  const words = {
    at: moment(step.at),
    to: step.to,
    ran: lockRanAt ? 'yes' : 'no',
    ranAt: lockRanAt ? moment(lockRanAt) : '',
    next: next ? 'yes' : 'none',
    nextPackage: next?.package[language] ?? '',
    nextStartsOn: next ? dayText(next.startsOn, language) : '',
    nextEndsOn: next ? dayText(next.endsOn, language) : '',
  };
  const notice = text.notices.find(({ id }) => id === step.noticeId);
  if (!notice) return words;
  return {
    ...words,
    party: notice.party,
    signedBy: oneLine((step.event === 'withdrawal' ? notice.withdrawalSignedBy : notice.signedBy) ?? ''),
    receivedAt: moment(notice.receivedAt),
    same: notice.receivedAt.getTime() === notice.recordedAt.getTime() ? 'yes' : 'no',
    effect: effectOf(step),
    customerSignedBy: oneLine(notice.waiverCustomerSignedBy ?? ''),
    providerSignedBy: oneLine(notice.waiverProviderSignedBy ?? ''),
    agreed: notice.withdrawalOtherPartySignedBy === null ? 'no' : 'yes',
    otherSignedBy: oneLine(notice.withdrawalOtherPartySignedBy ?? ''),
  };
}

function effectOf({ reason }: DecisionStep): string {
  if (reason === undefined) return 'declined';
  return reason === 'late' ? 'late' : 'recorded';
}

/** To the second, in the zone and in UTC: `2027-01-30 (Saturday) 23:59:59, UTC+09:00 (2027-01-30T14:59:59.999Z)`. */
function momentIn(instant: Date, timeZone: string, language: Language): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  const [day, time] = parts.format(instant).split(' ') as [Day, string];
  const offset = utcOffsetAt(instant, timeZone);
  const brackets = language === 'ja' ? '（{}）' : ' ({})';
  const utc = brackets.replace('{}', `UTC${offset}${language === 'ja' ? '、' : '; '}${instant.toISOString()}`);
  return `${dayText(day, language)} ${time}${utc}`;
}
