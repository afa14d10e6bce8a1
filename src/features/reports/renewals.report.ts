import { all, subscriptionAsked, Values, within } from './conditions.js';
import type { Report } from './report.js';
import { shared } from './shared-columns.js';

/** What comes up for renewal, and what expires if nothing is done (§11, §12). */
export const renewals: Report = {
  name: 'renewals',
  title: { en: 'Renewals', ja: '更新予定' },
  permission: 'reports.read',
  about:
    'A term a row that has not been closed yet, as `GET /v1/renewals` lists them: `from` and `to` are about the last day for ' +
    'a notice, and `package` is about the present one. Terms that will end, because a notice was given, are listed too, as ' +
    '`declined`. `basis` makes no difference. By the last day for a notice.',
  totalOf: 'remainingMinutes',
  // prettier-ignore
  columns: [
    shared.customerId,
    { ...shared.customer, about: 'Name of the customer.' },
    shared.subscriptionId,
    { name: 'package',          type: 'code',    en: 'Package',             ja: 'パッケージ',                 about: 'The present package.' },
    { name: 'nextPackage',      type: 'code',    en: 'Next package',        ja: '更新後のパッケージ',         about: 'The package that was chosen for the next term; empty where it stays.', mayBeEmpty: true },
    shared.termEndsOn,
    { name: 'noticeDeadline',   type: 'day',     en: 'Last day for notice', ja: '更新しない旨の通知の期限日', about: 'The last day on which a notice of non-renewal is in time, in the customer’s zone.' },
    { name: 'renewalState',     type: 'code',    en: 'Renewal state',       ja: '更新の状態',                 about: '`open`: a notice is still possible; `locked`: it will renew; `declined`: it will end.' },
    { name: 'remainingMinutes', type: 'minutes', en: 'Remaining minutes',   ja: '残り時間（分）',             about: 'What is left now, and expires with the term unless it is used by then.' },
    { name: 'seatsInUse',       type: 'number',  en: 'Seats in use',        ja: '使用中の受講ライセンス数',   about: 'Seats that are held now, and expire with the term.' },
  ],
  rows(sight, filter) {
    const values = new Values();
    const where = all(
      `t.status = 'open'`,
      subscriptionAsked(sight, filter, values),
      within('t.notice_deadline_on', filter.from, filter.to, values),
      filter.package && `t.package = ${values.place(filter.package)}`,
    );
    return { sql: comingWhere(where), values: values.list };
  },
};

const comingWhere = (condition: string): string => `
select c.id as "customerId", c.name as "customer", s.id as "subscriptionId", t.package as "package",
  s.next_package as "nextPackage", t.ends_on as "endsOn", t.notice_deadline_on as "noticeDeadline",
  t.renewal_state as "renewalState", b.granted_minutes - b.used_minutes - b.expired_minutes as "remainingMinutes",
  b.seats_used as "seatsInUse"
from terms t
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
join balances b on b.term_id = t.id
where ${condition}
order by t.notice_deadline_on, c.name collate "C", c.id, s.id`;
