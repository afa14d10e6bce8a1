-- Advantage Learning seats: each held by a named learner, at most one per learner, counted towards the limit of the term.

-- up
create table seats (
  id uuid constraint seats_pk primary key,
  subscription_id uuid not null,
  term_id uuid not null,
  -- the order of assignment, which decides who keeps a seat if the next term has fewer
  sequence integer not null,
  learner_name text not null,
  learner_email text not null,
  assigned_at timestamptz not null,
  -- null: carried over by a roll-over
  assigned_by uuid null constraint seats_assigned_by_fk references users (id),
  ended_at timestamptz null,
  ended_because text null constraint seats_ended_because_known check (ended_because in ('released', 'expired')),
  constraint seats_sequence_once unique (term_id, sequence),
  constraint seats_ended_for_a_reason check ((ended_at is null) = (ended_because is null)),
  constraint seats_term_fk foreign key (term_id, subscription_id) references terms (id, subscription_id)
);
create index seats_subscription on seats (subscription_id, id);
create unique index seats_one_per_learner on seats (term_id, lower(learner_email)) where ended_at is null;

create function count_seats() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update balances b set seats_used = b.seats_used + s.held
    from (select term_id, count(*) filter (where ended_at is null) as held from after_change group by term_id) s
    where b.term_id = s.term_id and s.held <> 0;
  else
    update balances b set seats_used = b.seats_used + s.held
    from (
      select term_id, sum(held) as held from (
        select term_id, (ended_at is null)::integer as held from after_change
        union all select term_id, -(ended_at is null)::integer from before_change
      ) changed group by term_id
    ) s
    where b.term_id = s.term_id and s.held <> 0;
  end if;
  return null;
end $$;

create trigger seats_count_insert after insert on seats
  referencing new table as after_change for each statement execute function count_seats();
create trigger seats_count_update after update on seats
  referencing old table as before_change new table as after_change for each statement execute function count_seats();
create trigger seats_keep before delete on seats
  for each row execute function refuse_change();

-- down
drop table seats;
drop function count_seats();
