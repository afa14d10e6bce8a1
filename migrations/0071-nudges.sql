-- Mails that are about neither one term nor one report but about the whole portfolio of a CSM: the Monday digest and the request to log
-- time. Each CSM who gets such mails has a plan with the moment of the next look.

-- up
alter table mails
  -- the CSM whose portfolio the mail is about
  add column user_id uuid null constraint mails_user_fk references users (id),
  drop constraint mails_about_a_term_or_a_report,
  add constraint mails_about_one_thing check (
    (term_id is null) = (subscription_id is null) and num_nonnulls(term_id, report_schedule_id, user_id) = 1),
  add constraint mails_nudges_go_to_csms check (user_id is null or recipient_role = 'csm');
-- one reason day sends one mail of each kind, also if the address of the user changes in between
create unique index mails_one_per_nudge on mails (user_id, kind, occasion) where user_id is not null;
-- the list of all mails shows a CSM their nudges, newest first
create index mails_user_newest on mails (user_id, queued_at, id) where user_id is not null;

-- as before, with the user
create or replace function keep_mail() returns trigger language plpgsql as $$
begin
  if new.message_id <> old.message_id
     or (old.message is not null
         and (new.message, new.message_sha256, new.subject) is distinct from (old.message, old.message_sha256, old.subject))
     or (new.id, new.kind, new.subscription_id, new.term_id, new.report_schedule_id, new.user_id, new.occasion, new.facts,
         new.queued_at)
        is distinct from
        (old.id, old.kind, old.subscription_id, old.term_id, old.report_schedule_id, old.user_id, old.occasion, old.facts,
         old.queued_at)
     or (new.recipient_role, new.recipient_name, new.recipient_address, new.locale)
        <> (old.recipient_role, old.recipient_name, old.recipient_address, old.locale) then
    raise exception 'a mail is a record: its reason, its recipient, its facts and its written message stay as they are'
      using errcode = 'integrity_constraint_violation', constraint = 'mails_append_only';
  end if;
  return new;
end $$;
drop trigger mails_record on mails;
create trigger mails_record before update of id, kind, subscription_id, term_id, report_schedule_id, user_id, occasion, facts,
    queued_at, recipient_role, recipient_name, recipient_address, locale, message_id, subject, message, message_sha256 on mails
  for each row execute function keep_mail();

create table nudge_plans (
  user_id uuid constraint nudge_plans_pk primary key constraint nudge_plans_user_fk references users (id),
  -- the last day whose nudges were handled: each day is handled once
  done_through date not null,
  -- 09:00 of the next day on which a nudge can be due; computed in Node, which knows the time zones
  next_at timestamptz not null,
  -- the zone of that moment; if the user has another one now, the plan is made again
  time_zone text not null,
  planned_at timestamptz not null
);
create index nudge_plans_due on nudge_plans (next_at, user_id);

-- down
drop table nudge_plans;
-- mails about portfolios do not fit into the older table
alter table mail_attempts disable trigger user;
delete from mail_attempts where mail_id in (select id from mails where user_id is not null);
alter table mail_attempts enable trigger user;
alter table mails disable trigger user;
delete from mails where user_id is not null;
alter table mails enable trigger user;
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
drop index mails_user_newest;
drop index mails_one_per_nudge;
alter table mails
  drop constraint mails_nudges_go_to_csms,
  drop constraint mails_about_one_thing,
  add constraint mails_about_a_term_or_a_report check (
    (term_id is null) = (subscription_id is null) and (term_id is null) = (report_schedule_id is not null)),
  drop column user_id;
