-- The days and consultants of a visit can change, within the limits of the time logged on it.

-- up
create function keep_days_of_visit() returns trigger language plpgsql as $$
begin
  if exists (select from time_entries e where e.visit_id = new.id and e.work_date not between new.starts_on and new.ends_on
      and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)) then
    raise exception 'time that stands on a visit lies within its days'
      using errcode = 'integrity_constraint_violation', constraint = 'visits_hold_their_entries';
  end if;
  return new;
end $$;
create trigger visits_hold_their_entries before update of starts_on, ends_on on visits
  for each row execute function keep_days_of_visit();

create function keep_consultants_of_visit() returns trigger language plpgsql as $$
begin
  if exists (select from time_entries e where e.visit_id = old.visit_id and e.consultant_id = old.consultant_id
      and not exists (select from time_entry_reversals r where r.time_entry_id = e.id))
    and not exists (select from visit_consultants c where c.visit_id = old.visit_id and c.consultant_id = old.consultant_id) then
    raise exception 'a consultant with time that stands on a visit takes part in it'
      using errcode = 'integrity_constraint_violation', constraint = 'visit_consultants_hold_their_entries';
  end if;
  return null;
end $$;
-- checked at the end of the transaction, because a change replaces the whole list
create constraint trigger visit_consultants_hold_their_entries after delete on visit_consultants
  deferrable initially deferred for each row execute function keep_consultants_of_visit();

-- down
drop trigger visit_consultants_hold_their_entries on visit_consultants;
drop function keep_consultants_of_visit();
drop trigger visits_hold_their_entries on visits;
drop function keep_days_of_visit();
