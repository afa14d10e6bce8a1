-- A subscription is a chain of terms on one anchor day. A term keeps the package versions under which it was sold.

-- up
create table subscriptions (
  id uuid constraint subscriptions_pk primary key,
  customer_id uuid not null constraint subscriptions_customer_fk references customers (id),
  csm_id uuid not null constraint subscriptions_csm_fk references users (id),
  anchor_on date not null,
  purchased_at timestamptz not null,
  entered_at timestamptz not null,
  entered_on date not null,
  entered_by uuid not null constraint subscriptions_entered_by_fk references users (id),
  status text not null constraint subscriptions_status_known check (status in ('active', 'ended')),
  pace_policy text not null constraint subscriptions_pace_policy_known check (pace_policy in ('advise', 'enforce')),
  next_package text null,
  current_term_id uuid null,
  -- the version of the editable fields (ETag)
  version integer not null default 1,
  -- rises with every change of the contract; raising it takes the row lock of the subscription
  revision integer not null default 1
);
create index subscriptions_customer on subscriptions (customer_id);
create index subscriptions_csm on subscriptions (csm_id);

create table terms (
  id uuid constraint terms_pk primary key,
  subscription_id uuid not null constraint terms_subscription_fk references subscriptions (id),
  number integer not null constraint terms_number_from_zero check (number >= 0),
  starts_on date not null,
  ends_on date not null,
  -- the service computes these instants in the customer's zone; SQL only compares them
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  notice_deadline_on date not null,
  lock_at timestamptz not null,
  next_reminder_at timestamptz null,
  package text not null,
  package_version text not null,
  status text not null constraint terms_status_known check (status in ('open', 'closed')),
  renewal_state text not null
    constraint terms_renewal_state_known check (renewal_state in ('open', 'locked', 'declined', 'renewed', 'ended')),
  closed_at timestamptz null,
  constraint terms_number_once unique (subscription_id, number),
  constraint terms_of_subscription unique (id, subscription_id),
  constraint terms_first_before_last_day check (starts_on <= ends_on),
  constraint terms_closed_is_decided check ((status = 'closed') = (renewal_state in ('renewed', 'ended'))),
  constraint terms_closed_when check ((status = 'closed') = (closed_at is not null))
);
create unique index terms_one_open_per_subscription on terms (subscription_id) where status = 'open';
create index terms_roll_over_due on terms (ends_at, id) where status = 'open';
create index terms_lock_due on terms (lock_at, id) where renewal_state = 'open';
create index terms_reminder_due on terms (next_reminder_at, id) where next_reminder_at is not null;
create index terms_notice_deadline on terms (notice_deadline_on, id) where status = 'open';

alter table subscriptions add constraint subscriptions_current_term_fk
  foreign key (current_term_id) references terms (id) deferrable initially deferred;

create table term_packages (
  term_id uuid not null constraint term_packages_term_fk references terms (id),
  sequence integer not null,
  package text not null,
  package_version text not null,
  effective_on date not null,
  granted_minutes integer not null,
  onsite_cap_percent integer not null,
  max_visits integer null,
  learning_seats integer not null,
  max_consultants integer not null,
  max_product_lines integer not null,
  constraint term_packages_pk primary key (term_id, sequence)
);

create table enrolments (
  id uuid constraint enrolments_pk primary key,
  subscription_id uuid not null constraint enrolments_subscription_fk references subscriptions (id),
  product_line_id uuid not null constraint enrolments_product_line_fk references product_lines (id),
  position integer not null,
  from_on date not null,
  -- the first day on which the product line is no longer enrolled
  until_on date null,
  constraint enrolments_not_empty check (until_on is null or until_on > from_on),
  constraint enrolments_once unique (subscription_id, product_line_id, from_on)
);

create function keep_term_closed() returns trigger language plpgsql as $$
begin
  raise exception 'a term that has closed stays as it was decided, and no term is deleted'
    using errcode = 'integrity_constraint_violation', constraint = 'terms_stay_closed';
end $$;

create trigger terms_stay_closed before update on terms
  for each row when (old.status = 'closed' and (new.status, new.renewal_state) is distinct from (old.status, old.renewal_state))
  execute function keep_term_closed();
create trigger terms_keep before delete on terms
  for each row execute function keep_term_closed();

-- down
drop table enrolments;
drop table term_packages;
alter table subscriptions drop constraint subscriptions_current_term_fk;
drop table terms;
drop function keep_term_closed();
drop table subscriptions;
