-- The reasons of attention of each subscription as last computed, with the versions of the facts from which they were computed. A list
-- compares these versions with the present ones, so that it computes only what has changed. A row that is missing or stale costs time and
-- never gives a wrong answer.

-- up
create table attention_states (
  subscription_id uuid constraint attention_states_pk primary key
    constraint attention_states_subscription_fk references subscriptions (id),
  -- gravest first
  codes text[] not null,
  -- the place of the gravest code in the order of the codes; null without a reason
  gravity smallint null,
  deadline_on date not null,
  -- the code, the settings and the rules of time zones by which the row was computed
  computed_by text not null,
  -- the contract, the customer, and the balance of the current term
  revision integer not null,
  customer_version integer not null,
  last_sequence integer not null,
  visits_used integer not null,
  seats_used integer not null,
  -- the closed terms that could take late entries, and the sum of the last numbers of their ledgers
  closed_term_ids uuid[] null,
  closed_sequence bigint null,
  -- when a reminder of the term first failed for good
  reminder_failed_at timestamptz null,
  -- the last month if it had no entry, and whether finance had closed it
  unlogged_month text null,
  was_closed boolean not null,
  -- the moments between which time alone changes nothing
  valid_from timestamptz not null,
  valid_until timestamptz null,
  constraint attention_states_gravity_of_codes check ((gravity is null) = (codes = '{}')),
  constraint attention_states_closed_terms check ((closed_term_ids is null) = (closed_sequence is null))
) with (fillfactor = 70);

-- Few reminders fail for good, and the list looks at all of these.
create index mails_failed_reminders on mails (term_id)
  where status = 'failed' and recipient_role = 'customer' and starts_with(kind, 'renewal-reminder-');

-- down
drop index mails_failed_reminders;
drop table attention_states;
