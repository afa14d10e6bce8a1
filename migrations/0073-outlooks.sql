-- A CSM states the outlook of a term: whether it will renew, why, and what to do next. A change of the outlook is a new row, so the
-- history shows who expected what, and when.

-- up
create table outlooks (
  id uuid constraint outlooks_pk primary key,
  subscription_id uuid not null constraint outlooks_subscription_fk references subscriptions (id),
  term_id uuid not null constraint outlooks_term_fk references terms (id),
  -- counts the outlooks of the subscription from 1
  sequence integer not null constraint outlooks_sequence_positive check (sequence > 0),
  expectation text not null constraint outlooks_expectation_known
    check (expectation in ('renews', 'unsure', 'leaves', 'upgrades')),
  reason text null,
  next_step text null,
  next_step_on date null,
  recorded_at timestamptz not null,
  recorded_by uuid not null constraint outlooks_recorded_by_fk references users (id),
  constraint outlooks_sequence_once unique (subscription_id, sequence),
  constraint outlooks_day_has_step check (next_step_on is null or next_step is not null)
);
create index outlooks_of_term on outlooks (term_id, sequence);
create trigger outlooks_append_only before update or delete on outlooks for each row execute function refuse_change();
create trigger outlooks_keep before truncate on outlooks for each statement execute function refuse_change();

-- down
drop table outlooks;
