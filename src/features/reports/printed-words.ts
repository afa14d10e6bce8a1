import type { Expectation } from '../../domain/outlook.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState, TermStatus } from '../../domain/term.js';
import { activityWords, deliveryWords, rowKindWords } from '../../domain/work-words.js';
import type { CodeWords } from './report.js';

/** The words for codes, printed under headings in a language (§12). */
export const printedWords = {
  activity: activityWords,
  delivery: deliveryWords,
  package: {
    basic: { en: 'Basic', ja: 'ベーシック' },
    premier: { en: 'Premier', ja: 'プレミア' },
    enterprise: { en: 'Enterprise', ja: 'エンタープライズ' },
    dedicated: { en: 'Dedicated', ja: 'デディケイテッド' },
  } satisfies Record<PackageCode, unknown>,
  kind: rowKindWords,
  termStatus: {
    upcoming: { en: 'Upcoming', ja: '開始前' },
    open: { en: 'Open', ja: '契約中' },
    closed: { en: 'Closed', ja: '終了' },
    annulled: { en: 'Annulled', ja: '取消済み' },
  } satisfies Record<TermStatus, unknown>,
  renewalState: {
    open: { en: 'Notice still possible', ja: '通知受付中' },
    locked: { en: 'Will renew', ja: '更新確定' },
    declined: { en: 'Will end', ja: '更新しない' },
    renewed: { en: 'Renewed', ja: '更新済み' },
    ended: { en: 'Ended', ja: '終了済み' },
  } satisfies Record<RenewalState, unknown>,
  expectation: {
    renews: { en: 'Will probably renew', ja: '更新の見込み' },
    unsure: { en: 'Unsure', ja: '未定' },
    leaves: { en: 'Will probably leave', ja: '終了の見込み' },
    upgrades: { en: 'Will probably upgrade', ja: '上位パッケージへ移行の見込み' },
  } satisfies Record<Expectation, unknown>,
} satisfies Record<string, CodeWords>;
