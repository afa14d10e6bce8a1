-- The totals of each subscription in a closed month, so that the report of one customer can be proven without counting all others.

-- up
create table closed_hours (
  month text not null constraint closed_hours_month_fk references accounting_periods (month),
  subscription_id uuid not null constraint closed_hours_subscription_fk references subscriptions (id),
  rows integer not null,
  minutes bigint not null,
  onsite_minutes bigint not null,
  constraint closed_hours_pk primary key (subscription_id, month)
);

-- Months that are already closed are counted as they are. A month that was tampered with still differs from its own totals.
insert into closed_hours (month, subscription_id, rows, minutes, onsite_minutes)
select counted.month, counted.subscription_id, count(*), sum(counted.minutes),
  coalesce(sum(counted.minutes) filter (where counted.delivery = 'onsite'), 0)
from (
  select e.accounting_month as month, e.accounting_month as of_entry, e.subscription_id, e.minutes, e.delivery from time_entries e
  union all
  select r.accounting_month, e.accounting_month, e.subscription_id, -e.minutes, e.delivery
  from time_entry_reversals r join time_entries e on e.id = r.time_entry_id
) counted
join accounting_periods p on p.month = counted.month and p.status = 'closed'
join subscriptions s on s.id = counted.subscription_id
where s.status <> 'annulled' or counted.of_entry <= s.annulled_after_month
group by counted.month, counted.subscription_id;

create trigger closed_hours_stay_insert after insert on closed_hours
  referencing new table as changed for each statement execute function keep_closed_facts();
create trigger closed_hours_stay_delete after delete on closed_hours
  referencing old table as changed for each statement execute function keep_closed_facts();
create trigger closed_hours_append_only before update on closed_hours
  for each row execute function refuse_change();
create trigger closed_hours_keep before truncate on closed_hours
  for each statement execute function refuse_change();

-- down
drop table closed_hours;
