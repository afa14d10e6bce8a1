-- A report of a closed month must not change. So closing also stores the CSM, contract numbers, visits, renewals, and the month in
-- which the end of a term counts.

-- up
-- the customer's code; null for other objects
alter table closed_names add column code text null;

create table closed_subscriptions (
  month text not null constraint closed_subscriptions_month_fk references accounting_periods (month),
  subscription_id uuid not null constraint closed_subscriptions_subscription_fk references subscriptions (id),
  csm_id uuid not null,
  contract_number text null,
  constraint closed_subscriptions_pk primary key (month, subscription_id)
);
create table closed_terms (
  month text not null constraint closed_terms_month_fk references accounting_periods (month),
  term_id uuid not null constraint closed_terms_term_fk references terms (id),
  purchase_order text null,
  constraint closed_terms_pk primary key (month, term_id)
);
-- the end of a term counts in the month of its last day, or in a later one if that month was closed before the term was
create table closed_term_ends (
  term_id uuid constraint closed_term_ends_pk primary key constraint closed_term_ends_term_fk references terms (id),
  month text not null constraint closed_term_ends_month_fk references accounting_periods (month)
);
create index closed_term_ends_month on closed_term_ends (month);
-- visits with expenses in the month
create table closed_visits (
  month text not null constraint closed_visits_month_fk references accounting_periods (month),
  visit_id uuid not null constraint closed_visits_visit_fk references visits (id),
  starts_on date not null,
  ends_on date not null,
  place text not null,
  -- the package in force on the first day
  package text not null,
  constraint closed_visits_pk primary key (month, visit_id)
);
-- terms that were open when the month of their notice deadline was closed
create table closed_renewals (
  month text not null constraint closed_renewals_month_fk references accounting_periods (month),
  term_id uuid not null constraint closed_renewals_term_fk references terms (id),
  package text not null,
  next_package text null,
  renewal_state text not null,
  remaining_minutes integer not null,
  seats_in_use integer not null,
  constraint closed_renewals_pk primary key (month, term_id)
);

create function keep_closed_facts() returns trigger language plpgsql as $$
begin
  if exists (select from changed join accounting_periods p on p.month = changed.month and p.status = 'closed') then
    raise exception 'what reports of a closed month print stays as it is'
      using errcode = 'integrity_constraint_violation', constraint = tg_table_name || '_stay';
  end if;
  return null;
end $$;

-- Months that are already closed store the present values.
insert into closed_subscriptions (month, subscription_id, csm_id, contract_number)
select p.month, s.id, s.csm_id, s.contract_number from accounting_periods p cross join subscriptions s
where p.status = 'closed' and (
  exists (select from terms t where t.subscription_id = s.id
    and t.starts_on < (p.month || '-01')::date + interval '1 month' and t.ends_on >= (p.month || '-01')::date)
  or exists (select from time_entries e where e.subscription_id = s.id and e.accounting_month = p.month));
insert into closed_terms (month, term_id, purchase_order)
select c.month, t.id, t.purchase_order from closed_subscriptions c join terms t on t.subscription_id = c.subscription_id
where t.starts_on < (c.month || '-01')::date + interval '1 month';
alter table closed_names disable trigger closed_names_stay_insert;
insert into closed_names (month, subject_id, name)
select distinct c.month, u.id, u.name from closed_subscriptions c join users u on u.id = c.csm_id on conflict do nothing;
alter table closed_names enable trigger closed_names_stay_insert;
insert into closed_term_ends (term_id, month)
select t.id, p.month from terms t join accounting_periods p on p.month = to_char(t.ends_on, 'YYYY-MM')
where t.status = 'closed' and p.status = 'closed';
insert into closed_visits (month, visit_id, starts_on, ends_on, place, package)
select booked.month, v.id, v.starts_on, v.ends_on, v.place, sold.package
from (
  select visit_id, accounting_month as month from visit_expenses
  union
  select e.visit_id, r.accounting_month from visit_expense_reversals r join visit_expenses e on e.id = r.expense_id
) booked
join accounting_periods p on p.month = booked.month and p.status = 'closed'
join visits v on v.id = booked.visit_id
join lateral (
  select package from term_packages where term_id = v.term_id and effective_on <= v.starts_on order by sequence desc limit 1
) sold on true;
insert into closed_renewals (month, term_id, package, next_package, renewal_state, remaining_minutes, seats_in_use)
select p.month, t.id, t.package, s.next_package, t.renewal_state, b.granted_minutes - b.used_minutes - b.expired_minutes, b.seats_used
from accounting_periods p
join terms t on to_char(t.notice_deadline_on, 'YYYY-MM') = p.month and t.status = 'open'
join subscriptions s on s.id = t.subscription_id
join balances b on b.term_id = t.id
where p.status = 'closed';

do $$
declare
  kept text;
begin
  foreach kept in array array['closed_subscriptions', 'closed_terms', 'closed_term_ends', 'closed_visits', 'closed_renewals'] loop
    execute format('create trigger %1$s_stay_insert after insert on %1$s
      referencing new table as changed for each statement execute function keep_closed_facts()', kept);
    execute format('create trigger %1$s_stay_delete after delete on %1$s
      referencing old table as changed for each statement execute function keep_closed_facts()', kept);
    execute format('create trigger %1$s_append_only before update on %1$s
      for each row execute function refuse_change()', kept);
    execute format('create trigger %1$s_keep before truncate on %1$s
      for each statement execute function refuse_change()', kept);
  end loop;
end $$;

-- down
drop table closed_renewals;
drop table closed_visits;
drop table closed_term_ends;
drop table closed_terms;
drop table closed_subscriptions;
drop function keep_closed_facts();
alter table closed_names drop column code;
