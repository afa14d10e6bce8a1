-- A contract that was entered by mistake can be annulled: it has no further effect, and remains as a record with the reason.

-- up
alter table subscriptions
  drop constraint subscriptions_status_known,
  add constraint subscriptions_status_known check (status in ('active', 'ended', 'annulled')),
  add column annulled_at timestamptz null,
  add column annulled_by uuid null constraint subscriptions_annulled_by_fk references users (id),
  add column annulment_reason text null,
  -- the last accounting month that was closed by then; reports about it and earlier months do not change
  add column annulled_after_month text null
    constraint subscriptions_annulled_after_month_form check (annulled_after_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  add constraint subscriptions_annulled_with_reason check (
    (status = 'annulled') = (annulled_at is not null)
    and (status = 'annulled') = (annulled_by is not null)
    and (status = 'annulled') = (annulment_reason is not null)
    and (status = 'annulled' or annulled_after_month is null));
create index subscriptions_annulled on subscriptions (id) where status = 'annulled';

alter table terms
  drop constraint terms_status_known,
  add constraint terms_status_known check (status in ('open', 'closed', 'annulled')),
  drop constraint terms_closed_is_decided,
  add constraint terms_closed_is_decided check ((status <> 'open') = (renewal_state in ('renewed', 'ended'))),
  -- jobs find due terms by these moments
  add constraint terms_annulled_has_nothing_due check (status <> 'annulled' or (renewal_state = 'ended'
    and next_reminder_at is null and next_alert_at is null and next_statement_at is null));
drop trigger terms_stay_closed on terms;
create trigger terms_stay_closed before update on terms
  for each row when (old.status <> 'open' and (new.status, new.renewal_state) is distinct from (old.status, old.renewal_state))
  execute function keep_term_closed();

create function check_annulment() returns trigger language plpgsql as $$
begin
  if exists (select from terms where subscription_id = new.id and (number > 0 or status = 'closed'))
    or exists (select from time_entries e where e.subscription_id = new.id
      and not exists (select from time_entry_reversals r where r.time_entry_id = e.id))
    or exists (select from visits where subscription_id = new.id and status <> 'cancelled')
    or exists (select from visit_expenses x join visits v on v.id = x.visit_id where v.subscription_id = new.id
      and not exists (select from visit_expense_reversals r where r.expense_id = x.id))
    or exists (select from non_renewal_notices where subscription_id = new.id and effective and withdrawn_at is null) then
    raise exception 'only a contract in its first term, without work, visits, expenses and notices that stand, can be annulled'
      using errcode = 'integrity_constraint_violation', constraint = 'subscriptions_annulled_is_empty';
  end if;
  return new;
end $$;
create trigger subscriptions_annulled_is_empty before update of status on subscriptions
  for each row when (new.status = 'annulled' and old.status <> 'annulled') execute function check_annulment();

create function keep_annulled() returns trigger language plpgsql as $$
begin
  raise exception 'an annulled contract stays as it is'
    using errcode = 'integrity_constraint_violation', constraint = 'subscriptions_stay_annulled';
end $$;
create trigger subscriptions_stay_annulled before update on subscriptions
  for each row when (old.status = 'annulled'
    and (new.status, new.annulled_at, new.annulled_by, new.annulment_reason, new.annulled_after_month, new.customer_id,
      new.csm_id, new.anchor_on)
    is distinct from (old.status, old.annulled_at, old.annulled_by, old.annulment_reason, old.annulled_after_month,
      old.customer_id, old.csm_id, old.anchor_on))
  execute function keep_annulled();

-- down
drop trigger subscriptions_stay_annulled on subscriptions;
drop function keep_annulled();
drop trigger subscriptions_annulled_is_empty on subscriptions;
drop function check_annulment();
drop trigger terms_stay_closed on terms;
alter table terms drop constraint terms_annulled_has_nothing_due, drop constraint terms_closed_is_decided;
-- an annulled subscription becomes an ended one: the older version knows no other state for it
update terms t set status = 'closed', closed_at = s.annulled_at from subscriptions s
where s.id = t.subscription_id and s.status = 'annulled';
drop index subscriptions_annulled;
alter table subscriptions
  drop constraint subscriptions_annulled_with_reason,
  drop constraint subscriptions_status_known;
update subscriptions set status = 'ended' where status = 'annulled';
alter table subscriptions
  add constraint subscriptions_status_known check (status in ('active', 'ended')),
  drop column annulled_after_month,
  drop column annulment_reason,
  drop column annulled_by,
  drop column annulled_at;
alter table terms
  drop constraint terms_status_known,
  add constraint terms_status_known check (status in ('open', 'closed')),
  add constraint terms_closed_is_decided check ((status = 'closed') = (renewal_state in ('renewed', 'ended')));
create trigger terms_stay_closed before update on terms
  for each row when (old.status = 'closed' and (new.status, new.renewal_state) is distinct from (old.status, old.renewal_state))
  execute function keep_term_closed();
