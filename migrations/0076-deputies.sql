-- A CSM names deputies for some days. For these days, a deputy sees and does what the CSM may. Rows are history: a deputy who is no longer
-- named has an end. Instances cache the rights of a token, so a change sends a notification as a change of a user does.

-- up
create table deputies (
  id uuid constraint deputies_pk primary key,
  csm_id uuid not null constraint deputies_csm_fk references users (id),
  user_id uuid not null constraint deputies_user_fk references users (id),
  -- both included, in the zone of the CSM
  from_on date not null,
  to_on date not null,
  named_by uuid not null constraint deputies_named_by_fk references users (id),
  named_at timestamptz not null,
  ended_by uuid null constraint deputies_ended_by_fk references users (id),
  ended_at timestamptz null,
  constraint deputies_of_another check (csm_id <> user_id),
  constraint deputies_days_in_order check (from_on <= to_on),
  constraint deputies_ended_by_a_user check ((ended_by is null) = (ended_at is null))
);
create index deputies_csm on deputies (csm_id);
create index deputies_user on deputies (user_id) where ended_at is null;

create trigger deputies_tell_access_changed after insert or update or delete on deputies
  for each statement execute function tell_access_changed();
create trigger deputies_keep before delete on deputies
  for each row execute function refuse_change();
create trigger deputies_keep_all before truncate on deputies
  for each statement execute function refuse_change();

-- down
drop table deputies;
