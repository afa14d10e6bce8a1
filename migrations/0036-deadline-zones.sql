-- A customer may move to another time zone after a reminder has named the last day for a notice. So each term stores the zone in which
-- its deadline was computed, and whether the deadline was announced. Each move is kept as evidence.

-- up
alter table terms
  -- the zone in which lock_at was computed; it may differ from the customer's present zone
  add column deadline_zone text null,
  -- whether a reminder of the term was queued; from then on the deadline never moves earlier
  add column deadline_announced boolean not null default false;

-- deadlines that had passed when a customer moved kept their instant: find a zone in which it is the end of the day
update terms t set
  deadline_zone = case
    when (t.notice_deadline_on + 1)::timestamp at time zone c.time_zone = t.lock_at then c.time_zone
    else coalesce(
      (select z.name from pg_timezone_names z
       where z.name ~ '^[A-Z][A-Za-z]+/' and (t.notice_deadline_on + 1)::timestamp at time zone z.name = t.lock_at
       order by z.name not like 'Etc/%', z.name limit 1),
      c.time_zone)
    end,
  deadline_announced = exists (
    select from mails m where m.term_id = t.id and starts_with(m.kind, 'renewal-reminder-'))
from subscriptions s join customers c on c.id = s.customer_id
where s.id = t.subscription_id;
alter table terms alter column deadline_zone set not null;

create function keep_announced_deadline() returns trigger language plpgsql as $$
begin
  if old.renewal_state = 'locked' then
    raise exception 'the renewal is locked: the instant at which its deadline passed stays'
      using errcode = 'integrity_constraint_violation', constraint = 'terms_lock_stays';
  end if;
  if old.deadline_announced and new.lock_at < old.lock_at then
    raise exception 'a reminder has announced the deadline: it never moves earlier'
      using errcode = 'integrity_constraint_violation', constraint = 'terms_announced_deadline_stays';
  end if;
  return new;
end $$;
create trigger terms_announced_deadline before update of lock_at, deadline_zone on terms
  for each row when ((old.lock_at, old.deadline_zone) is distinct from (new.lock_at, new.deadline_zone))
  execute function keep_announced_deadline();

-- one row for each open term and each change of the customer's zone
create table deadline_moves (
  id uuid constraint deadline_moves_pk primary key,
  term_id uuid not null constraint deadline_moves_term_fk references terms (id),
  moved_at timestamptz not null,
  from_zone text not null,
  to_zone text not null constraint deadline_moves_to_another_zone check (to_zone <> from_zone),
  announced boolean not null,
  lock_at_before timestamptz not null,
  lock_at_after timestamptz not null,
  deadline_zone_before text not null,
  deadline_zone_after text not null,
  constraint deadline_moves_announced_stays check (not announced or lock_at_after >= lock_at_before),
  constraint deadline_moves_passed_stays check (lock_at_before > moved_at or lock_at_after = lock_at_before)
);
create index deadline_moves_term on deadline_moves (term_id, id);
create trigger deadline_moves_record before update or delete on deadline_moves
  for each row execute function refuse_change();
create trigger deadline_moves_keep_all before truncate on deadline_moves
  for each statement execute function refuse_change();

-- down
drop table deadline_moves;
drop trigger terms_announced_deadline on terms;
drop function keep_announced_deadline();
alter table terms drop column deadline_announced, drop column deadline_zone;
