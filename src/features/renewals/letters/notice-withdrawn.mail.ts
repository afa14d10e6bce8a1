import type { RenewalState } from '../../../domain/term.js';
import { oneLine } from '../../../platform/mail/mail-words.js';
import { facts, heading, paragraph, type Letter, type LetterWords } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** The renewal state after the withdrawal. After a roll-over there is no withdrawal. */
type After = Extract<RenewalState, 'open' | 'locked' | 'declined'>;

const outcomeEn: Record<After, string> = {
  open: 'the subscription renews unless another notice is given',
  locked: 'the subscription will renew',
  declined: 'the subscription still ends',
};

const meaningEn: Record<After, (words: LetterWords) => string> = {
  open: ({ nextStartsOn }) =>
    `The renewal is open again: unless another notice is received by the last day for it, the subscription renews automatically on ${nextStartsOn} for one more year.`,
  locked: ({ nextStartsOn, next }) =>
    `As the last day for a notice has passed, the subscription will now renew on ${nextStartsOn}, as ${next.name} with ${next.hours}. There is nothing you need to do.`,
  declined: ({ endsOn }) =>
    `Another notice still stands. The subscription therefore ends with the term, at the end of ${endsOn}, unless that notice is withdrawn too.`,
};

const outcomeJa: Record<After, string> = {
  open: '改めて通知がない場合は自動更新',
  locked: '契約更新確定',
  declined: '契約期間の満了をもって終了',
};

const meaningJa: Record<After, (words: LetterWords) => string> = {
  open: ({ nextStartsOn }) =>
    `撤回により、更新の可否は未確定の状態に戻りました。\n通知期限までに改めて更新しない旨の通知がない場合、サブスクリプションは、${nextStartsOn}より自動的に 1 年間更新されます。`,
  locked: ({ nextStartsOn, next }) =>
    `通知期限を過ぎているため、サブスクリプションの更新が確定いたしました。\n${nextStartsOn}より、${next.name}（付与時間 ${next.hours}）として 1 年間更新されます。更新にあたってのお手続きは不要です。`,
  declined: ({ endsOn }) =>
    `他に有効な通知があるため、サブスクリプションは、${endsOn}の契約期間満了をもって終了いたします。\n更新をご希望の場合は、当該通知についても撤回が必要です。`,
};

/** Confirms to both parties that a notice was withdrawn, and says whether the subscription renews (§11). */
export const noticeWithdrawn: Letter = {
  en: (words, { withdrawal, term }) => {
    const { id, party, signedBy, otherPartySignedBy, receivedAt, withdrawnAt } = withdrawal!;
    const after = term.renewalState as After;
    return {
      subject: en.subject(words, `notice of non-renewal withdrawn, ${outcomeEn[after]}`),
      blocks: [
        ...en.opening(words, 'A notice of non-renewal of the TRM subscription below has been withdrawn.'),
        heading('The withdrawal'),
        facts(
          [
            'Notice of',
            `${party === 'provider' ? 'the provider' : 'the customer'}, received ${words.moment(receivedAt)}`,
          ],
          ['Withdrawn', `${words.moment(withdrawnAt)} (time zone: ${words.zoneAt(withdrawnAt)})`],
          ['Signed by', oneLine(signedBy)],
          otherPartySignedBy !== null && [
            `Agreed for the ${party === 'provider' ? 'customer' : 'provider'}`,
            oneLine(otherPartySignedBy),
          ],
          ['Notice ID', id],
        ),
        heading('What it means'),
        paragraph(meaningEn[after](words)),
        ...(after === 'open' ? [facts(...en.deadlineOrDayOff(words))] : []),
        ...(after === 'open' ? en.declineButton(words) : []),
        ...en.subscription(words, [['Hours left', words.remaining]]),
        ...en.closing(words),
      ],
    };
  },
  ja: (words, { withdrawal, term }) => {
    const { id, party, signedBy, otherPartySignedBy, receivedAt, withdrawnAt } = withdrawal!;
    const after = term.renewalState as After;
    return {
      subject: ja.subject(words, `更新しない旨の通知の撤回のお知らせ（${outcomeJa[after]}）`),
      blocks: [
        ...ja.opening(
          words,
          'TRM サブスクリプションについて、更新しない旨の通知の撤回を下記のとおり記録いたしました。',
        ),
        heading('撤回の内容'),
        facts(
          [
            '撤回された通知',
            `${party === 'provider' ? '弊社' : 'お客様'}からの通知（${words.moment(receivedAt)} 受領）`,
          ],
          ['撤回日時', `${words.moment(withdrawnAt)}（タイムゾーン：${words.zoneAt(withdrawnAt)}）`],
          ['撤回の署名者', oneLine(signedBy)],
          otherPartySignedBy !== null && [
            `${party === 'provider' ? 'お客様' : '弊社'}側の同意者`,
            oneLine(otherPartySignedBy),
          ],
          ['通知ID', id],
        ),
        heading('撤回後の取り扱い'),
        paragraph(meaningJa[after](words)),
        ...(after === 'open' ? [facts(...ja.deadlineOrDayOff(words))] : []),
        ...(after === 'open' ? ja.declineButton(words) : []),
        ...ja.subscription(words, [['残り時間', words.remaining]]),
        ...ja.closing(words),
      ],
    };
  },
};
