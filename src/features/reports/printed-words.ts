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
} satisfies Record<string, CodeWords>;
