import { scopeOf, type Permission, type Role } from '../../domain/access.js';

export interface NavigationItem {
  /** The path below `/console/`. */
  path: string;
  name: { en: string; ja: string };
  permission: Permission;
  /** The roles whose menu shows the item, if they are fewer than those with the permission. */
  roles?: readonly Role[];
  group: NavigationGroup;
  /** The letter that follows `g`. */
  key?: string;
}

export type NavigationGroup = 'work' | 'finance' | 'administration';

/** The menu, in order. */
// prettier-ignore
export const navigation = [
  { group: 'work', path: 'own', name: { en: 'Your hours', ja: 'ご利用状況' }, permission: 'own-pages.use' },
  { group: 'work', path: 'own/entries', name: { en: 'Work done', ja: '作業の記録' }, permission: 'own-pages.use' },
  { group: 'work', path: 'own/notice', name: { en: 'Renewal', ja: '更新・通知' }, permission: 'own-pages.use' },
  { group: 'work', path: 'own/seats', name: { en: 'Seats', ja: '受講者' }, permission: 'own-pages.use' },
  { group: 'work', path: 'own/statements', name: { en: 'Statements', ja: '利用明細' }, permission: 'own-pages.use' },
  { group: 'work', path: 'own/mails', name: { en: 'Mails', ja: 'メール' }, permission: 'own-pages.use' },
  { group: 'work', path: 'today', name: { en: 'Today', ja: '今日' }, permission: 'today.read', key: 't' },
  { group: 'work', path: 'portfolio', name: { en: 'Portfolio', ja: 'ポートフォリオ' }, permission: 'attention.read', key: 'p' },
  { group: 'work', path: 'week', name: { en: 'Week', ja: '週の入力' }, permission: 'time-entries.log', key: 'w' },
  { group: 'work', path: 'planned', name: { en: 'Planned', ja: '作業予定' }, permission: 'planned-sessions.write', key: 'l' },
  { group: 'work', path: 'renewals', name: { en: 'Renewals', ja: '更新' }, permission: 'renewals.read', key: 'r' },
  { group: 'work', path: 'notices', name: { en: 'Notices', ja: '更新しない旨の通知' }, permission: 'notices.give', roles: ['csm', 'admin'], key: 'o' },
  { group: 'work', path: 'customers', name: { en: 'Customers', ja: 'お客様' }, permission: 'customers.read', roles: ['csm', 'admin', 'finance'], key: 'c' },
  { group: 'work', path: 'mails', name: { en: 'Mail', ja: 'メール' }, permission: 'reminders.read', roles: ['csm', 'admin'] },
  { group: 'finance', path: 'months', name: { en: 'Months', ja: '月次締め' }, permission: 'periods.read', key: 'm' },
  { group: 'finance', path: 'reports', name: { en: 'Reports', ja: 'レポート' }, permission: 'reports.read' },
  { group: 'finance', path: 'year-ahead', name: { en: 'Year ahead', ja: '今後1年の見通し' }, permission: 'forecast.read' },
  { group: 'finance', path: 'imports', name: { en: 'Imports', ja: 'インポート' }, permission: 'time-entries.log' },
  { group: 'administration', path: 'jobs', name: { en: 'Jobs', ja: 'ジョブ' }, permission: 'jobs.manage' },
  { group: 'administration', path: 'people', name: { en: 'People', ja: 'ユーザー' }, permission: 'users.manage' },
  { group: 'administration', path: 'consultants', name: { en: 'Consultants', ja: 'コンサルタント' }, permission: 'consultants.write' },
  { group: 'administration', path: 'product-lines', name: { en: 'Product lines', ja: '製品ライン' }, permission: 'product-lines.write' },
  { group: 'administration', path: 'packages', name: { en: 'Packages', ja: 'パッケージ' }, permission: 'packages.read', roles: ['admin', 'finance'] },
] as const satisfies readonly NavigationItem[];

/** The items of a role's menu. */
export function menuOf(role: Role): NavigationItem[] {
  const all: readonly NavigationItem[] = navigation;
  return all.filter(
    ({ permission, roles }) => scopeOf(permission, role) !== 'never' && (roles === undefined || roles.includes(role)),
  );
}

const homes = { admin: 'jobs', csm: 'today', finance: 'months', customer: 'own' } as const satisfies Record<
  Role,
  string
>;

/** The page on which a user of this role begins. */
export const homeOf = (role: Role): string => `/console/${homes[role]}`;
