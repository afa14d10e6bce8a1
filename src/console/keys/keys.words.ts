import type { Language } from '../../domain/language.js';

export const keysWords = {
  en: {
    title: 'Keys',
    explanation: 'Single letters work outside text fields. You can switch them off in your profile.',
    profile: 'Open the profile',
    off: 'Single letters are switched off in your profile. Keys with Ctrl or ⌘ work.',
    or: 'or',
    close: 'Close',
  },
  ja: {
    title: 'キー操作',
    explanation: '文字キーは入力欄の外で使えます。プロフィールでオフにできます。',
    profile: 'プロフィールを開く',
    off: '文字キーはプロフィールでオフになっています。Ctrl または ⌘ との組み合わせは使えます。',
    or: 'または',
    close: '閉じる',
  },
} as const satisfies Record<Language, object>;
