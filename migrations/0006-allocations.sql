-- The allocations of a term to pairs of consultant and product line, and the minutes that each pair has worked.

-- up
create table allocation_sets (
  id uuid constraint allocation_sets_pk primary key,
  term_id uuid not null constraint allocation_sets_term_fk references terms (id),
  sequence integer not null,
  from_on date not null,
  set_at timestamptz not null,
  -- null: carried over by a roll-over
  set_by uuid null constraint allocation_sets_set_by_fk references users (id),
  constraint allocation_sets_sequence_once unique (term_id, sequence)
);

create table allocations (
  set_id uuid not null constraint allocations_set_fk references allocation_sets (id),
  consultant_id uuid not null constraint allocations_consultant_fk references consultants (id),
  product_line_id uuid not null constraint allocations_product_line_fk references product_lines (id),
  position integer not null,
  minutes integer not null constraint allocations_minutes_not_negative check (minutes >= 0),
  is_primary boolean not null,
  constraint allocations_pk primary key (set_id, consultant_id, product_line_id)
);

create trigger allocation_sets_append_only before update or delete on allocation_sets
  for each row execute function refuse_change();
create trigger allocations_append_only before update or delete on allocations
  for each row execute function refuse_change();

create table pair_balances (
  term_id uuid not null constraint pair_balances_term_fk references balances (term_id),
  consultant_id uuid not null constraint pair_balances_consultant_fk references consultants (id),
  product_line_id uuid not null constraint pair_balances_product_line_fk references product_lines (id),
  allocated_minutes integer not null default 0 constraint pair_balances_allocated_not_negative check (allocated_minutes >= 0),
  worked_minutes integer not null default 0 constraint pair_balances_worked_not_negative check (worked_minutes >= 0),
  committed_minutes integer not null generated always as (greatest(allocated_minutes, worked_minutes)) stored,
  constraint pair_balances_pk primary key (term_id, consultant_id, product_line_id)
) with (fillfactor = 70);

create function commit_pairs() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update balances b set committed_minutes = b.committed_minutes + p.committed
    from (select term_id, sum(committed_minutes) as committed from after_change group by term_id) p
    where b.term_id = p.term_id and p.committed <> 0;
  else
    update balances b set committed_minutes = b.committed_minutes + p.committed
    from (
      select term_id, sum(committed) as committed from (
        select term_id, committed_minutes as committed from after_change
        union all select term_id, -committed_minutes from before_change
      ) changed group by term_id
    ) p
    where b.term_id = p.term_id and p.committed <> 0;
  end if;
  return null;
end $$;

create trigger pair_balances_insert after insert on pair_balances
  referencing new table as after_change for each statement execute function commit_pairs();
create trigger pair_balances_update after update on pair_balances
  referencing old table as before_change new table as after_change for each statement execute function commit_pairs();
create trigger pair_balances_keep before delete on pair_balances
  for each row execute function refuse_change();

-- down
drop table pair_balances;
drop function commit_pairs();
drop table allocations;
drop table allocation_sets;
