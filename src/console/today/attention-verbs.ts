import { scopeOf, type Permission } from '../../domain/access.js';
import type { AttentionCode } from '../../domain/attention.js';
import type { PageReader } from '../page/console-page.js';

interface Target {
  subscriptionId: string;
  customerId: string;
}

interface Verb {
  en: string;
  ja: string;
  permission: Permission;
  /** Where it can be done. */
  href: (target: Target) => string;
}

const section =
  (name: string) =>
  ({ subscriptionId }: Target): string =>
    `/console/subscriptions/${subscriptionId}/${name}`;
const planned = ({ subscriptionId }: Target): string => `/console/planned/new?subscription=${subscriptionId}`;
const logTime = ({ subscriptionId }: Target): string => `/console/quick-entry?usualSubscriptionId=${subscriptionId}`;

/** What a CSM does about each reason first, and where. */
// prettier-ignore
const verbs: Readonly<Record<AttentionCode, Verb>> = {
  'notice-deadline-near': { en: 'Record notice', ja: '通知を登録', permission: 'notices.give', href: ({ subscriptionId }) => `/console/notices/new?subscription=${subscriptionId}` },
  'reminder-undelivered': { en: 'Resend mail', ja: 'メールを再送', permission: 'reminders.resend', href: ({ customerId }) => `/console/customers/${customerId}#mails` },
  'no-renewal-contact': { en: 'Add renewal contact', ja: '更新担当者を追加', permission: 'customers.write', href: ({ customerId }) => `/console/customers/${customerId}/edit#contacts` },
  'no-entry-for': { en: 'Log time', ja: '時間を記録', permission: 'time-entries.log', href: logTime },
  'behind-plan': { en: 'Plan a session', ja: '作業を予定', permission: 'planned-sessions.write', href: planned },
  'hours-will-expire': { en: 'Plan the rest evenly', ja: '残り時間を均等に予定', permission: 'planned-sessions.write', href: ({ subscriptionId }) => `/console/planned/proposal?subscription=${subscriptionId}` },
  'hours-nearly-used': { en: 'Add hours', ja: '時間を追加', permission: 'top-ups.enter', href: section('top-ups') },
  'allocation-missing': { en: 'Allocate hours', ja: '時間を配分', permission: 'allocations.write', href: section('allocations') },
  'visits-unused': { en: 'Plan a visit', ja: '訪問を計画', permission: 'visits.write', href: section('visits') },
  'seats-unused': { en: 'Assign seats', ja: '受講枠を割り当て', permission: 'seats.assign', href: section('seats') },
  'planned-session-overdue': { en: 'Log or move the session', ja: '記録または日程変更', permission: 'planned-sessions.write', href: ({ subscriptionId }) => `/console/planned?subscription=${subscriptionId}` },
  'late-entry-window-closing': { en: 'Log late work', ja: '遅延分を記録', permission: 'time-entries.log', href: logTime },
  'month-closing-unlogged': { en: 'Log time', ja: '時間を記録', permission: 'time-entries.log', href: logTime },
  'locked-downgrade': { en: 'Check the next package', ja: '次のパッケージを確認', permission: 'subscriptions.write', href: section('renewal') },
};

/** The verb of a reason for this reader; undefined if the reader's role may not do it. */
export function verbOf(
  code: AttentionCode,
  target: Target,
  { actor, language }: Pick<PageReader, 'actor' | 'language'>,
): { text: string; href: string } | undefined {
  const verb = verbs[code];
  if (scopeOf(verb.permission, actor.role) === 'never') return undefined;
  return { text: verb[language], href: verb.href(target) };
}
