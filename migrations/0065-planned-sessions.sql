-- Planned sessions: work that is agreed but not done. They use no minutes. A time entry fulfils one, and its reversal opens it again.

-- up
create table planned_sessions (
  id uuid constraint planned_sessions_pk primary key,
  subscription_id uuid not null,
  -- the term of the day
  term_id uuid not null,
  -- the same for all sessions that were planned with one request; null for a single one
  series_id uuid null,
  planned_on date not null,
  minutes integer not null constraint planned_sessions_minutes_within_a_day check (minutes between 1 and 1440),
  consultant_id uuid not null constraint planned_sessions_consultant_fk references consultants (id),
  product_line_id uuid not null constraint planned_sessions_product_line_fk references product_lines (id),
  activity text not null,
  delivery text not null constraint planned_sessions_delivery_known check (delivery in ('remote', 'onsite')),
  summary text not null,
  -- an entry fulfils at most one session, and a session has room for one entry
  fulfilled_by_entry_id uuid null constraint planned_sessions_entry_fk references time_entries (id)
    constraint planned_sessions_one_per_entry unique,
  cancelled_at timestamptz null,
  cancelled_by uuid null constraint planned_sessions_cancelled_by_fk references users (id),
  created_at timestamptz not null,
  created_by uuid not null constraint planned_sessions_created_by_fk references users (id),
  changed_at timestamptz null,
  version integer not null,
  constraint planned_sessions_term_fk foreign key (term_id, subscription_id) references terms (id, subscription_id),
  constraint planned_sessions_fulfilled_or_cancelled check (fulfilled_by_entry_id is null or cancelled_at is null),
  constraint planned_sessions_cancelled_by_somebody check ((cancelled_at is null) = (cancelled_by is null))
);
-- the lists of a subscription and of everything
create index planned_sessions_subscription on planned_sessions (subscription_id, planned_on, id);
create index planned_sessions_day on planned_sessions (planned_on, id);
-- what still has to be done: forecast, overdue sessions
create index open_planned_sessions on planned_sessions (subscription_id, planned_on)
  where fulfilled_by_entry_id is null and cancelled_at is null;

-- The entry that fulfils a session is on the same subscription and stands.
create function check_fulfilment() returns trigger language plpgsql as $$
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

create trigger planned_sessions_keep before delete on planned_sessions for each row execute function refuse_change();
create trigger planned_sessions_keep_all before truncate on planned_sessions
  for each statement execute function refuse_change();

-- down
drop table planned_sessions;
drop function check_fulfilment();
