-- Reports that are sent by mail on a day of each month, and mails about such a report instead of a term.

-- up
create table report_schedules (
  id uuid constraint report_schedules_pk primary key,
  -- the report shows what this user may see when it is sent
  owner_id uuid not null constraint report_schedules_owner_fk references users (id),
  report text not null,
  format text not null,
  -- how the file is written: headings, byte order mark, character set
  file_options jsonb not null default '{}',
  basis text not null constraint report_schedules_basis_known check (basis in ('corrected', 'closed')),
  customer_id uuid null constraint report_schedules_customer_fk references customers (id),
  csm_id uuid null constraint report_schedules_csm_fk references users (id),
  package text null,
  -- the days of the report, relative to the month in which it is sent
  period text not null,
  day_of_month integer not null constraint report_schedules_day_of_month check (day_of_month between 1 and 31),
  time_of_day text not null constraint report_schedules_time_of_day check (time_of_day ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  time_zone text not null,
  recipients jsonb not null,
  locale text not null constraint report_schedules_locale_known check (locale in ('ja', 'en')),
  -- the last month that was handled: each month is handled once, in order
  done_through text not null constraint report_schedules_done_through check (done_through ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  -- when the next month is due; computed in Node, which knows the time zones
  next_at timestamptz null,
  version integer not null default 1,
  created_at timestamptz not null,
  deleted_at timestamptz null,
  constraint report_schedules_due_until_deleted check ((deleted_at is null) = (next_at is not null))
);
create index report_schedules_due on report_schedules (next_at, id) where next_at is not null;
create index report_schedules_owner on report_schedules (owner_id, id);

-- mails refer to it: sent mails stay evidence
create trigger report_schedules_keep before delete on report_schedules
  for each row execute function refuse_change();
create trigger report_schedules_keep_all before truncate on report_schedules
  for each statement execute function refuse_change();

alter table mails
  alter column subscription_id drop not null,
  alter column term_id drop not null,
  add column report_schedule_id uuid null constraint mails_report_schedule_fk references report_schedules (id),
  add constraint mails_about_a_term_or_a_report check (
    (term_id is null) = (subscription_id is null) and (term_id is null) = (report_schedule_id is not null)),
  drop constraint mails_recipient_role_known,
  add constraint mails_recipient_role_known check (recipient_role in ('customer', 'csm', 'operator', 'reader')),
  add constraint mails_readers_get_reports check ((recipient_role = 'reader') = (report_schedule_id is not null));
-- one reason sends one mail
create unique index mails_one_per_report on mails (report_schedule_id, occasion, lower(recipient_address))
  where report_schedule_id is not null;

-- as before, but the term may be null
create or replace function keep_mail() returns trigger language plpgsql as $$
begin
  if new.message_id <> old.message_id
     or (old.message is not null
         and (new.message, new.message_sha256, new.subject) is distinct from (old.message, old.message_sha256, old.subject))
     or (new.id, new.kind, new.subscription_id, new.term_id, new.report_schedule_id, new.occasion, new.facts, new.queued_at)
        is distinct from
        (old.id, old.kind, old.subscription_id, old.term_id, old.report_schedule_id, old.occasion, old.facts, old.queued_at)
     or (new.recipient_role, new.recipient_name, new.recipient_address, new.locale)
        <> (old.recipient_role, old.recipient_name, old.recipient_address, old.locale) then
    raise exception 'a mail is a record: its reason, its recipient, its facts and its written message stay as they are'
      using errcode = 'integrity_constraint_violation', constraint = 'mails_append_only';
  end if;
  return new;
end $$;
drop trigger mails_record on mails;
create trigger mails_record before update of id, kind, subscription_id, term_id, report_schedule_id, occasion, facts, queued_at,
    recipient_role, recipient_name, recipient_address, locale, message_id, subject, message, message_sha256 on mails
  for each row execute function keep_mail();

-- down
-- mails about reports do not fit into the older table
alter table mail_attempts disable trigger user;
delete from mail_attempts where mail_id in (select id from mails where term_id is null);
alter table mail_attempts enable trigger user;
alter table mails disable trigger user;
delete from mails where term_id is null;
alter table mails enable trigger user;
create or replace function keep_mail() returns trigger language plpgsql as $$
begin
  if new.message_id <> old.message_id
     or (old.message is not null
         and (new.message, new.message_sha256, new.subject) is distinct from (old.message, old.message_sha256, old.subject))
     or (new.id, new.kind, new.subscription_id, new.term_id, new.occasion, new.facts, new.queued_at)
        <> (old.id, old.kind, old.subscription_id, old.term_id, old.occasion, old.facts, old.queued_at)
     or (new.recipient_role, new.recipient_name, new.recipient_address, new.locale)
        <> (old.recipient_role, old.recipient_name, old.recipient_address, old.locale) then
    raise exception 'a mail is a record: its reason, its recipient, its facts and its written message stay as they are'
      using errcode = 'integrity_constraint_violation', constraint = 'mails_append_only';
  end if;
  return new;
end $$;
drop trigger mails_record on mails;
create trigger mails_record before update of id, kind, subscription_id, term_id, occasion, facts, queued_at, recipient_role,
    recipient_name, recipient_address, locale, message_id, subject, message, message_sha256 on mails
  for each row execute function keep_mail();
drop index mails_one_per_report;
alter table mails
  drop constraint mails_readers_get_reports,
  drop constraint mails_recipient_role_known,
  add constraint mails_recipient_role_known check (recipient_role in ('customer', 'csm', 'operator')),
  drop constraint mails_about_a_term_or_a_report,
  drop column report_schedule_id,
  alter column term_id set not null,
  alter column subscription_id set not null;
drop table report_schedules;
