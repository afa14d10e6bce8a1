-- Grants and expiries count in accounting months too: each stays in the month with which it was closed.

-- up
-- A row for each ledger entry without a time entry, once a month in which it counts was closed.
create table closed_ledger_entries (
  ledger_entry_id uuid constraint closed_ledger_entries_pk primary key
    constraint closed_ledger_entries_entry_fk references ledger_entries (id),
  -- the month of its effective day, or a later one if that month was closed when the entry was booked
  month text not null constraint closed_ledger_entries_month_form check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
);
create index closed_ledger_entries_month on closed_ledger_entries (month);
-- such entries are few among those of time entries
create index ledger_entries_without_work on ledger_entries (effective_on) where time_entry_id is null;

insert into closed_ledger_entries (ledger_entry_id, month)
select id, to_char(effective_on::timestamp, 'YYYY-MM') from ledger_entries
where time_entry_id is null
  and to_char(effective_on::timestamp, 'YYYY-MM') <= (select max(month) from accounting_periods where status = 'closed');

create function refuse_counting_while_closed() returns trigger language plpgsql as $$
begin
  if exists (select from changed join accounting_periods p on p.month = changed.month and p.status = 'closed') then
    raise exception 'what counts in a closed month stays as it is'
      using errcode = 'integrity_constraint_violation', constraint = 'closed_ledger_entries_stay';
  end if;
  return null;
end $$;
create trigger closed_ledger_entries_stay_insert after insert on closed_ledger_entries
  referencing new table as changed for each statement execute function refuse_counting_while_closed();
create trigger closed_ledger_entries_stay_delete after delete on closed_ledger_entries
  referencing old table as changed for each statement execute function refuse_counting_while_closed();
create trigger closed_ledger_entries_append_only before update on closed_ledger_entries
  for each row execute function refuse_change();
create trigger closed_ledger_entries_keep before truncate on closed_ledger_entries
  for each statement execute function refuse_change();

-- down
drop table closed_ledger_entries;
drop function refuse_counting_while_closed();
drop index ledger_entries_without_work;
