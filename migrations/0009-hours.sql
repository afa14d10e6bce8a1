-- Time entries are never edited. A reversal takes an entry back, once. A consultant's day has 24 hours over all customers.

-- up
create table time_entries (
  id uuid constraint time_entries_pk primary key,
  subscription_id uuid not null,
  term_id uuid not null,
  work_date date not null,
  minutes integer not null constraint time_entries_minutes_positive check (minutes > 0),
  consultant_id uuid not null,
  product_line_id uuid not null,
  activity text not null constraint time_entries_activity_known check (activity in
    ('technical-advice', 'best-practice', 'health-check', 'gap-analysis', 'upgrade', 'feature-adoption', 'enablement')),
  delivery text not null constraint time_entries_delivery_known check (delivery in ('remote', 'onsite')),
  visit_id uuid null constraint time_entries_visit_fk references visits (id),
  summary text not null,
  reference text null,
  severity smallint null constraint time_entries_severity_known check (severity between 1 and 4),
  -- the package in force on the work day
  package text not null,
  -- the accounting month in which the entry counts, and the closed month to which it belongs if that is another one
  accounting_month text not null,
  adjusts_month text null,
  corrects_entry_id uuid null constraint time_entries_corrects_fk references time_entries (id),
  recorded_at timestamptz not null,
  -- a user, checked with the token; a foreign key would write-lock the user's row at each booking
  recorded_by uuid not null,
  constraint time_entries_onsite_has_visit check ((delivery = 'onsite') = (visit_id is not null)),
  constraint time_entries_term_fk foreign key (term_id, subscription_id) references terms (id, subscription_id),
  -- the pair's row guarantees that the consultant and the product line exist
  constraint time_entries_pair_fk foreign key (term_id, consultant_id, product_line_id)
    references pair_balances (term_id, consultant_id, product_line_id)
);
create index time_entries_subscription on time_entries (subscription_id, work_date, id);
create index time_entries_work_date on time_entries (work_date, id);
create index time_entries_visit on time_entries (visit_id) where visit_id is not null;

create table time_entry_reversals (
  id uuid constraint time_entry_reversals_pk primary key,
  time_entry_id uuid not null constraint time_entry_reversals_entry_fk references time_entries (id)
    constraint time_entry_reversals_one_per_entry unique,
  reason text not null,
  accounting_month text not null,
  adjusts_month text null,
  recorded_at timestamptz not null,
  recorded_by uuid not null
);

create trigger time_entries_append_only before update or delete on time_entries
  for each row execute function refuse_change();
create trigger time_entry_reversals_append_only before update or delete on time_entry_reversals
  for each row execute function refuse_change();

create trigger time_entries_keep before truncate on time_entries
  for each statement execute function refuse_change();
create trigger time_entry_reversals_keep before truncate on time_entry_reversals
  for each statement execute function refuse_change();

create table consultant_days (
  consultant_id uuid not null constraint consultant_days_consultant_fk references consultants (id),
  day date not null,
  minutes integer not null constraint consultant_days_within_24_hours check (minutes between 0 and 1440),
  constraint consultant_days_pk primary key (consultant_id, day)
) with (fillfactor = 70);

-- down
drop table consultant_days;
drop table time_entry_reversals;
drop table time_entries;
