import type { Language } from '../../domain/language.js';

export const frameWords = {
  en: {
    skip: 'Skip to the content',
    logTime: 'Log time',
    find: 'Find',
    menu: 'Main menu',
    more: 'More',
    groups: { work: 'Subscriptions', finance: 'Finance', administration: 'Administration' },
    profile: 'Profile and sessions',
    inOther: '日本語で表示',
    signOut: 'Sign out',
    simulated: 'Simulated time',
    setClock: 'Set the clock',
    keys: 'Keys',
    accessibility: 'Accessibility',
  },
  ja: {
    skip: '本文へ移動',
    logTime: '時間を記録',
    find: '検索',
    menu: 'メインメニュー',
    more: 'その他',
    groups: { work: 'サブスクリプション', finance: '経理', administration: '管理' },
    profile: 'プロフィールとセッション',
    inOther: 'View in English',
    signOut: 'サインアウト',
    simulated: 'シミュレーションの時刻',
    setClock: '時計を進める',
    keys: 'キー操作',
    accessibility: 'アクセシビリティ',
  },
} as const satisfies Record<Language, object>;
