import { scopeOf, type Permission, type Role } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import { menuOf } from '../frame/navigation.js';

/** A page that the finder offers by its name. */
export interface FoundAction {
  href: string;
  name: string;
}

interface NamedAction {
  path: string;
  name: Record<Language, string>;
  permission: Permission;
}

/** The actions beside the menu. Customers have their own pages for what concerns only them. */
const others: readonly NamedAction[] = [
  { path: 'quick-entry', name: { en: 'Log time', ja: '時間を記録' }, permission: 'time-entries.log' },
  { path: 'customers/new', name: { en: 'New customer', ja: '新しいお客様' }, permission: 'customers.write' },
  { path: 'notices/new', name: { en: 'Record a notice', ja: '更新しない旨の通知を記録' }, permission: 'notices.give' },
  {
    path: 'reports/schedules/new',
    name: { en: 'Schedule a report', ja: 'レポートの定期送信を設定' },
    permission: 'reports.schedule',
  },
  { path: 'planned/new', name: { en: 'Plan a session', ja: '作業を予定' }, permission: 'planned-sessions.write' },
  {
    path: 'consultants/new',
    name: { en: 'New consultant', ja: '新しいコンサルタント' },
    permission: 'consultants.write',
  },
  {
    path: 'product-lines/new',
    name: { en: 'New product line', ja: '新しい製品ライン' },
    permission: 'product-lines.write',
  },
  { path: 'people/new', name: { en: 'Invite a user', ja: 'ユーザーを招待' }, permission: 'users.manage' },
  { path: 'profile', name: { en: 'Profile and sessions', ja: 'プロフィールとセッション' }, permission: 'me.read' },
  { path: 'keys', name: { en: 'Keys', ja: 'キー操作' }, permission: 'me.read' },
];

/** Width, case, spaces and kind of kana do not matter, as in the other kinds of results. */
const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCodePoint(kana.codePointAt(0)! + 0x60));

/** The actions of a role whose name contains a text, in either language. Without a text, all actions. */
export function actionsMatching(role: Role, text: string, language: Language): FoundAction[] {
  const asked = folded(text);
  const allowed = others.filter(({ permission }) => !['never', 'own'].includes(scopeOf(permission, role)));
  return [...menuOf(role), ...allowed]
    .filter(({ name }) => [name.en, name.ja].some((one) => folded(one).includes(asked)))
    .map(({ path, name }) => ({ href: `/console/${path}`, name: name[language] }));
}
