import type { Activity, Delivery } from './time-entry.js';

/** The activities in words. */
export const activityWords: Readonly<Record<Activity, { en: string; ja: string }>> = {
  'technical-advice': { en: 'Technical advice', ja: '技術アドバイス' },
  'best-practice': { en: 'Best practice', ja: 'ベストプラクティス' },
  'health-check': { en: 'Health check', ja: 'ヘルスチェック' },
  'gap-analysis': { en: 'Gap analysis', ja: 'ギャップ分析' },
  upgrade: { en: 'Upgrade', ja: 'アップグレード' },
  'feature-adoption': { en: 'Feature adoption', ja: '新機能の活用' },
  enablement: { en: 'Enablement', ja: '技術習得支援' },
};

/** The ways of delivery in words. */
export const deliveryWords: Readonly<Record<Delivery, { en: string; ja: string }>> = {
  remote: { en: 'Remote', ja: 'リモート' },
  onsite: { en: 'Onsite', ja: '訪問' },
};

/** The kinds of rows in reports about hours and expenses, in words. */
export const rowKindWords = {
  entry: { en: 'Entry', ja: '作業' },
  expense: { en: 'Expense', ja: '経費' },
  reversal: { en: 'Reversal', ja: '取消' },
  adjustment: { en: 'Adjustment', ja: '調整' },
} as const;
