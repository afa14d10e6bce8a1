import { all, csmAsked, subscriptionAsked, Values, within } from './conditions.js';
import { contractColumns, contractTables, contractValues } from './contract-columns.js';
import { keptNames, keptSubscriptions, printedFact, printedName } from './printed-names.js';
import { printedWords } from './printed-words.js';
import type { Basis, Report } from './report.js';
import { shared } from './shared-columns.js';

/** An outlook can still change, and the deadlines of a closed month have passed. */
const onlyPresent = 'On the basis `closed`, empty in a closed month: its deadlines have passed.';

/** Terms that come up for renewal, and the hours that expire then (§11, §12). */
export const renewals: Report = {
  name: 'renewals',
  title: { en: 'Renewals', ja: '更新予定' },
  permission: 'reports.read',
  about:
    'One row for each term that is not closed yet, as in `GET /v1/renewals`. `from` and `to` apply to the notice ' +
    'deadline, `package` to the present package. Declined terms are listed too. On the basis `closed`, a term shows ' +
    'the state that it had when the month of its notice deadline was closed, even after it renewed or ended. Ordered ' +
    'by notice deadline.',
  totalOf: 'remainingMinutes',
  // prettier-ignore
  columns: [
    shared.customerId,
    shared.customer,
    shared.subscriptionId,
    { name: 'package',          type: 'code', words: printedWords.package, en: 'Package',             ja: 'パッケージ',                 about: 'The present package.' },
    { name: 'nextPackage',      type: 'code', words: printedWords.package, en: 'Next package',        ja: '更新後のパッケージ',         about: 'The package chosen for the next term. Empty if the package stays.', mayBeEmpty: true },
    shared.termEndsOn,
    { name: 'noticeDeadline',   type: 'day',     en: 'Last day for notice', ja: '更新しない旨の通知の期限日', about: 'The last day on which a notice of non-renewal is in time, in the customer’s time zone.' },
    { name: 'renewalState',     type: 'code', words: printedWords.renewalState, en: 'Renewal state',       ja: '更新の状態',                 about: '`open`: a notice is still possible. `locked`: the term will renew. `declined`: the subscription will end.' },
    { name: 'remainingMinutes', type: 'minutes', en: 'Remaining minutes',   ja: '残り時間（分）',             about: 'Minutes that are left now. They expire with the term.' },
    { name: 'seatsInUse',       type: 'number',  en: 'Seats in use',        ja: '使用中の受講ライセンス数',   about: 'Seats in use now. They expire with the term.' },
    ...contractColumns,
    { name: 'outlook',          type: 'code', words: printedWords.expectation, en: 'Outlook',       ja: '更新の見込み',   about: `What the CSM expects of the renewal. ${onlyPresent}`, mayBeEmpty: true },
    { name: 'outlookReason',    type: 'text', en: 'Reason of outlook', ja: '見込みの理由',   about: `Why the CSM expects this. ${onlyPresent}`, mayBeEmpty: true },
    { name: 'nextStep',         type: 'text', en: 'Next step',         ja: '次の対応',       about: `What the CSM will do next. ${onlyPresent}`, mayBeEmpty: true },
    { name: 'nextStepOn',       type: 'day',  en: 'Day of next step',  ja: '次の対応予定日', about: `The day of the next step. ${onlyPresent}`, mayBeEmpty: true },
  ],
  rows(visibility, filter) {
    const values = new Values();
    const { basis } = filter;
    const where = all(
      listed[basis],
      subscriptionAsked(visibility, filter, values),
      csmAsked(filter, values),
      within('t.notice_deadline_on', filter.from, filter.to, values),
      filter.package && `${asKept(basis, 't.package', 'package')} = ${values.place(filter.package)}`,
    );
    return { sql: comingWhere(where, basis), values: values.list };
  },
};

const deadlineMonth = `to_char(t.notice_deadline_on::timestamp, 'YYYY-MM')`;

const asKept = (basis: Basis, present: string, column: string): string =>
  printedFact(basis, present, 'kept_renewal', 'term_id', column);

/** The present outlook `o`; on the basis `closed`, none for a closed month, so that its file never changes. */
function outlookValues(basis: Basis): string {
  const columns = {
    expectation: 'outlook',
    reason: 'outlookReason',
    next_step: 'nextStep',
    next_step_on: 'nextStepOn',
  };
  const present = (column: string): string =>
    basis === 'closed' ? `case when kept_renewal.term_id is null then o.${column} end` : `o.${column}`;
  return Object.entries(columns)
    .map(([column, name]) => `${present(column)} as "${name}"`)
    .join(', ');
}

/** Open terms. On the basis `closed`, those that were open when the month was closed. */
const listed: Readonly<Record<Basis, string>> = {
  corrected: `t.status = 'open'`,
  closed: `(kept_renewal.term_id is not null or t.status = 'open' and not exists (select from accounting_periods
    where status = 'closed' and month >= ${deadlineMonth}))`,
};

function comingWhere(condition: string, basis: Basis): string {
  const customer = printedName(basis, 'c.name', 'kept_customer');
  const kept =
    basis === 'closed'
      ? `left join closed_renewals kept_renewal on kept_renewal.term_id = t.id and kept_renewal.month = ${deadlineMonth}`
      : '';
  return `
select c.id as "customerId", ${customer} as "customer", s.id as "subscriptionId",
  ${asKept(basis, 't.package', 'package')} as "package", ${asKept(basis, 's.next_package', 'next_package')} as "nextPackage",
  t.ends_on as "endsOn", t.notice_deadline_on as "noticeDeadline",
  ${asKept(basis, 't.renewal_state', 'renewal_state')} as "renewalState",
  ${asKept(basis, 'b.granted_minutes - b.used_minutes - b.expired_minutes', 'remaining_minutes')} as "remainingMinutes",
  ${asKept(basis, 'b.seats_used', 'seats_in_use')} as "seatsInUse",
  ${contractValues(basis)},
  ${outlookValues(basis)}
from terms t
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
join balances b on b.term_id = t.id
${kept}
${keptNames(basis, 'kept_customer', deadlineMonth, 'c.id')}
${keptSubscriptions(basis, deadlineMonth, 's.id')}
${contractTables(basis, deadlineMonth)}
left join lateral (select * from outlooks where term_id = t.id order by sequence desc limit 1) o on true
where ${condition}
order by t.notice_deadline_on, ${customer} collate "C", c.id, s.id`;
}
