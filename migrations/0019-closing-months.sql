-- The record of closings is kept for ever: who, when, why, the totals, and the names at that time. A closed month takes no more rows.

-- up
-- the totals of a month when it was closed: the rows of the usage-lines report, its minutes, and its onsite minutes
alter table accounting_periods
  add column counted_rows integer null,
  add column counted_minutes bigint null,
  add column counted_onsite_minutes bigint null,
  drop constraint accounting_periods_closed_when,
  add constraint accounting_periods_closed_when check (case status
    when 'closed' then num_nulls(closed_at, closed_by, counted_rows, counted_minutes, counted_onsite_minutes) = 0
    else num_nonnulls(closed_at, closed_by, counted_rows, counted_minutes, counted_onsite_minutes) = 0 end);

create table accounting_period_events (
  month text not null constraint accounting_period_events_month_fk references accounting_periods (month),
  -- the order of events: per month
  sequence integer not null,
  event text not null constraint accounting_period_events_known check (event in ('closed', 'reopened')),
  -- the month of the request; other months were closed or reopened with it
  asked_month text not null,
  happened_at timestamptz not null,
  done_by uuid not null constraint accounting_period_events_done_by_fk references users (id),
  reason text null,
  counted_rows integer null,
  counted_minutes bigint null,
  counted_onsite_minutes bigint null,
  constraint accounting_period_events_pk primary key (month, sequence),
  constraint accounting_period_events_reopened_why check ((event = 'reopened') = (reason is not null)),
  constraint accounting_period_events_closed_with
    check (num_nonnulls(counted_rows, counted_minutes, counted_onsite_minutes) = case event when 'closed' then 3 else 0 end),
  constraint accounting_period_events_along
    check (case event when 'closed' then month <= asked_month else month >= asked_month end)
);
create trigger accounting_period_events_append_only before update or delete on accounting_period_events
  for each row execute function refuse_change();
create trigger accounting_period_events_keep before truncate on accounting_period_events
  for each statement execute function refuse_change();

-- The state of a month follows from its last event. Only this trigger changes it. 1001 is the lock that bookings share.
create function keep_periods() returns trigger language plpgsql as $$
declare
  months_asked integer;
  months_changed integer;
begin
  perform pg_advisory_xact_lock(1001);
  select count(*) into months_asked from happened;
  update accounting_periods p set
    status = case h.event when 'closed' then 'closed' else 'open' end,
    closed_at = case h.event when 'closed' then h.happened_at end,
    closed_by = case h.event when 'closed' then h.done_by end,
    counted_rows = h.counted_rows,
    counted_minutes = h.counted_minutes,
    counted_onsite_minutes = h.counted_onsite_minutes
  from happened h
  where p.month = h.month and (p.status = 'closed') = (h.event = 'reopened');
  get diagnostics months_changed = row_count;
  if months_changed <> months_asked or exists (select from accounting_periods
    where status = 'open' and month < (select max(month) from accounting_periods where status = 'closed')) then
    raise exception 'months are closed with all before them, reopened with all after them, and each in turn'
      using errcode = 'integrity_constraint_violation', constraint = 'accounting_periods_in_order';
  end if;
  return null;
end $$;
create trigger accounting_period_events_apply after insert on accounting_period_events
  referencing new table as happened for each statement execute function keep_periods();

create function refuse_change_by_hand() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status = 'open' then return new; end if;
  elsif tg_op = 'UPDATE' and pg_trigger_depth() > 1 then
    return new;
  end if;
  raise exception 'months are closed and reopened by events'
    using errcode = 'integrity_constraint_violation', constraint = 'accounting_periods_by_events';
end $$;
create trigger accounting_periods_by_events before insert or update or delete on accounting_periods
  for each row execute function refuse_change_by_hand();
create trigger accounting_periods_keep before truncate on accounting_periods
  for each statement execute function refuse_change();

-- customers, consultants, product lines and users may be renamed; a closed month keeps their names
create table closed_names (
  month text not null constraint closed_names_month_fk references accounting_periods (month),
  subject_id uuid not null,
  name text not null,
  constraint closed_names_pk primary key (month, subject_id)
);
create function refuse_change_while_closed() returns trigger language plpgsql as $$
begin
  if exists (select from changed join accounting_periods p on p.month = changed.month and p.status = 'closed') then
    raise exception 'the names of a closed month stay as they are'
      using errcode = 'integrity_constraint_violation', constraint = 'closed_names_stay';
  end if;
  return null;
end $$;
create trigger closed_names_stay_insert after insert on closed_names
  referencing new table as changed for each statement execute function refuse_change_while_closed();
create trigger closed_names_stay_delete after delete on closed_names
  referencing old table as changed for each statement execute function refuse_change_while_closed();
create trigger closed_names_append_only before update on closed_names
  for each row execute function refuse_change();
create trigger closed_names_keep before truncate on closed_names
  for each statement execute function refuse_change();

-- the last guard: a closed month takes no more rows, in any table that counts in accounting months
create function refuse_closed_month() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(1001);
  if exists (select from written
    where accounting_month <= (select max(month) from accounting_periods where status = 'closed')) then
    raise exception 'a closed month takes no more rows'
      using errcode = 'integrity_constraint_violation', constraint = tg_table_name || '_month_open';
  end if;
  return null;
end $$;
create trigger time_entries_month_open after insert on time_entries
  referencing new table as written for each statement execute function refuse_closed_month();
create trigger time_entry_reversals_month_open after insert on time_entry_reversals
  referencing new table as written for each statement execute function refuse_closed_month();

-- otherwise a row could be in a closed month by its work day and in an open one by its accounting month
alter table time_entries add constraint time_entries_month_of_work check (case
  when adjusts_month is null then accounting_month = to_char(work_date::timestamp, 'YYYY-MM')
  else adjusts_month = to_char(work_date::timestamp, 'YYYY-MM') and accounting_month > adjusts_month end);

-- rows found by their work day need no other index, because adjustments are few
create index time_entries_adjustments on time_entries (accounting_month) where adjusts_month is not null;
create index time_entry_reversals_adjustments on time_entry_reversals (accounting_month) where adjusts_month is not null;

-- down
drop index time_entry_reversals_adjustments;
drop index time_entries_adjustments;
alter table time_entries drop constraint time_entries_month_of_work;
drop trigger time_entry_reversals_month_open on time_entry_reversals;
drop trigger time_entries_month_open on time_entries;
drop function refuse_closed_month();
drop table closed_names;
drop function refuse_change_while_closed();
drop trigger accounting_periods_keep on accounting_periods;
drop trigger accounting_periods_by_events on accounting_periods;
drop function refuse_change_by_hand();
drop table accounting_period_events;
drop function keep_periods();
alter table accounting_periods
  drop constraint accounting_periods_closed_when,
  drop column counted_onsite_minutes,
  drop column counted_minutes,
  drop column counted_rows,
  add constraint accounting_periods_closed_when check ((status = 'closed') <= (closed_at is not null));
