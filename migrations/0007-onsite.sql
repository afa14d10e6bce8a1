-- Onsite visits. Planned and done visits count towards the number that the term allows.

-- up
create table visits (
  id uuid constraint visits_pk primary key,
  subscription_id uuid not null,
  term_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  place text not null,
  purpose text null,
  status text not null constraint visits_status_known check (status in ('planned', 'done', 'cancelled')),
  version integer not null default 1,
  created_at timestamptz not null,
  created_by uuid not null constraint visits_created_by_fk references users (id),
  constraint visits_first_before_last_day check (starts_on <= ends_on),
  constraint visits_term_fk foreign key (term_id, subscription_id) references terms (id, subscription_id)
);
create index visits_subscription on visits (subscription_id, id);
create index visits_term on visits (term_id);

create table visit_consultants (
  visit_id uuid not null constraint visit_consultants_visit_fk references visits (id),
  consultant_id uuid not null constraint visit_consultants_consultant_fk references consultants (id),
  position integer not null,
  constraint visit_consultants_pk primary key (visit_id, consultant_id)
);

create function count_visits() returns trigger language plpgsql as $$
declare
  change integer := (new.status <> 'cancelled')::integer
    - case when tg_op = 'UPDATE' then (old.status <> 'cancelled')::integer else 0 end;
begin
  if change <> 0 then
    update balances set visits_used = visits_used + change where term_id = new.term_id;
  end if;
  return null;
end $$;

create trigger visits_count after insert or update of status on visits
  for each row execute function count_visits();
create trigger visits_keep before delete on visits
  for each row execute function refuse_change();

-- down
drop table visit_consultants;
drop table visits;
drop function count_visits();
