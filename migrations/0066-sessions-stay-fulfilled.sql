-- A fulfilled session opens again, or passes to another entry, only if its entry was reversed. So two entries cannot fulfil one session.

-- up
create or replace function check_fulfilment() returns trigger language plpgsql as $$
begin
  if new.fulfilled_by_entry_id is not null and not exists (
      select from time_entries e where e.id = new.fulfilled_by_entry_id and e.subscription_id = new.subscription_id
      and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)) then
    raise exception 'entry % cannot fulfil planned session %', new.fulfilled_by_entry_id, new.id
      using errcode = 'check_violation', constraint = 'planned_sessions_entry_stands';
  end if;
  if tg_op = 'UPDATE' and old.fulfilled_by_entry_id is not null
      and not exists (select from time_entry_reversals r where r.time_entry_id = old.fulfilled_by_entry_id) then
    raise exception 'planned session % is fulfilled by entry %', new.id, old.fulfilled_by_entry_id
      using errcode = 'check_violation', constraint = 'planned_sessions_stay_fulfilled';
  end if;
  return new;
end $$;
drop trigger planned_sessions_entry_stands on planned_sessions;
create trigger planned_sessions_entry_stands before insert or update of fulfilled_by_entry_id on planned_sessions
  for each row execute function check_fulfilment();

-- down
drop trigger planned_sessions_entry_stands on planned_sessions;
create or replace function check_fulfilment() returns trigger language plpgsql as $$
begin
  if not exists (select from time_entries e where e.id = new.fulfilled_by_entry_id and e.subscription_id = new.subscription_id
      and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)) then
    raise exception 'entry % cannot fulfil planned session %', new.fulfilled_by_entry_id, new.id
      using errcode = 'check_violation', constraint = 'planned_sessions_entry_stands';
  end if;
  return new;
end $$;
create trigger planned_sessions_entry_stands before insert or update of fulfilled_by_entry_id on planned_sessions
  for each row when (new.fulfilled_by_entry_id is not null) execute function check_fulfilment();
