-- A mail is written when it is sent, from the facts at the moment of its reason. So queuing is cheap. Every message and every delivery
-- attempt is kept. Runs that share work see by keys whether the run that began a part still exists.

-- up
-- waiting mails have no facts from which to write them
update mails set status = 'failed', next_attempt_at = null,
  last_error = 'Queued by a version of the service that kept texts and no facts: not sent'
where status not in ('sent', 'failed');
alter table mails
  drop column text_body,
  drop column attachments,
  drop column attempt_started_at,
  alter column subject drop not null,
  -- the facts of the mail at the moment when it was queued
  add column facts jsonb not null default '{}',
  -- the message that every attempt sends (MIME, gzip), written before the first attempt; the SHA-256 is that of the MIME
  add column message bytea null,
  add column message_sha256 text null,
  -- the run that sends it, by the key of an advisory lock that the run holds; a key without a lock belongs to a run that has ended
  add column delivery_key integer null,
  -- the number of attempts when a user had it sent again; its retries are counted from there
  add column attempts_before_resend integer not null default 0,
  -- why it must not be sent (any more), whatever the outcome of a running attempt
  add column given_up_because text null,
  add constraint mails_message_with_its_hash check ((message is null) = (message_sha256 is null)),
  -- except for mails that were sent earlier: their messages were not kept
  add constraint mails_sent_is_kept check (status <> 'sent' or message is not null) not valid,
  add constraint mails_sending_is_in_hand check (status <> 'sending' or delivery_key is not null),
  add constraint mails_done_is_in_no_hand check (next_attempt_at is not null or delivery_key is null);
create index mails_in_hand on mails (delivery_key) where delivery_key is not null;
update mails set given_up_because = 'Its text has not been kept' where status = 'failed';

-- a sent mail is evidence: it never changes, and no mail is deleted
create function keep_mail() returns trigger language plpgsql as $$
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

create trigger mails_record before update of id, kind, subscription_id, term_id, occasion, facts, queued_at, recipient_role,
    recipient_name, recipient_address, locale, message_id, subject, message, message_sha256 on mails
  for each row execute function keep_mail();
create trigger mails_sent_record before update on mails
  for each row when (old.status = 'sent') execute function refuse_change();
create trigger mails_keep before delete on mails
  for each row execute function refuse_change();
create trigger mails_keep_all before truncate on mails
  for each statement execute function refuse_change();

-- every attempt: its start is committed before the message is sent, its outcome afterwards
create table mail_attempts (
  mail_id uuid not null constraint mail_attempts_mail_fk references mails (id),
  -- from 1
  number integer not null,
  started_at timestamptz not null,
  ended_at timestamptz null,
  outcome text null constraint mail_attempts_outcome_known check (outcome in ('accepted', 'refused', 'failed', 'uncertain')),
  -- the answer of the server, or the error
  answer text null,
  constraint mail_attempts_pk primary key (mail_id, number),
  constraint mail_attempts_ended_when check ((outcome is null) = (ended_at is null) and (outcome is null) = (answer is null))
);

create function end_mail_attempt() returns trigger language plpgsql as $$
begin
  if old.outcome is not null
     or (new.mail_id, new.number, new.started_at) <> (old.mail_id, old.number, old.started_at) then
    raise exception 'an attempt is a record: only its end may be added, once'
      using errcode = 'integrity_constraint_violation', constraint = 'mail_attempts_append_only';
  end if;
  return new;
end $$;

create trigger mail_attempts_record before update on mail_attempts
  for each row execute function end_mail_attempt();
create trigger mail_attempts_keep before delete on mail_attempts
  for each row execute function refuse_change();
create trigger mail_attempts_keep_all before truncate on mail_attempts
  for each statement execute function refuse_change();

-- for jobs whose runs share the work: as `mails.delivery_key`
alter table job_runs add column alive_key integer null;

-- down
alter table job_runs drop column alive_key;
drop table mail_attempts;
drop function end_mail_attempt();
drop trigger mails_keep_all on mails;
drop trigger mails_keep on mails;
drop trigger mails_sent_record on mails;
drop trigger mails_record on mails;
drop function keep_mail();
drop index mails_in_hand;
update mails set subject = '' where subject is null;
alter table mails
  drop constraint mails_done_is_in_no_hand,
  drop constraint mails_sending_is_in_hand,
  drop constraint mails_sent_is_kept,
  drop constraint mails_message_with_its_hash,
  drop column given_up_because,
  drop column attempts_before_resend,
  drop column delivery_key,
  drop column message_sha256,
  drop column message,
  drop column facts,
  alter column subject set not null,
  add column attempt_started_at timestamptz null,
  add column attachments jsonb not null default '[]',
  add column text_body text not null default '';
alter table mails alter column text_body drop default;
