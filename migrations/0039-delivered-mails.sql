-- A mail that became a file has reached no one, and a mail that failed for good must be reported. So far the service stored neither.

-- up
alter table mail_attempts drop constraint mail_attempts_outcome_known;
-- filed: the message became a file
alter table mail_attempts add constraint mail_attempts_outcome_known
  check (outcome in ('accepted', 'filed', 'refused', 'failed', 'uncertain'));

alter table mails
  -- a mail server has taken the message
  add column delivered boolean not null default false,
  -- when a mail to a customer's contact failed for good; null after this was reported to the CSM and the operator
  add column failure_due_at timestamptz null;

-- a reply of a mail server begins with a code of three digits; for a file, the reply was its name
alter table mails disable trigger mails_sent_record;
update mails set delivered = true where status = 'sent' and server_answer ~ '^[0-9]{3}([ -]|$)';
alter table mails enable trigger mails_sent_record;

alter table mails
  add constraint mails_delivered_is_sent check (status = 'sent' or not delivered),
  add constraint mails_reported_failure_is_one
    check (failure_due_at is null or (status = 'failed' and recipient_role = 'customer' and term_id is not null));
create index mails_failures on mails (failure_due_at, id) where failure_due_at is not null;
-- the list of all mails, newest first
create index mails_newest on mails (queued_at, id);
create index mails_troubled on mails (queued_at, id) where status in ('failed', 'uncertain');

-- down
drop index mails_troubled;
drop index mails_newest;
drop index mails_failures;
alter table mails
  drop constraint mails_reported_failure_is_one,
  drop constraint mails_delivered_is_sent,
  drop column failure_due_at,
  drop column delivered;
alter table mail_attempts disable trigger mail_attempts_record;
update mail_attempts set outcome = 'accepted' where outcome = 'filed';
alter table mail_attempts enable trigger mail_attempts_record;
alter table mail_attempts drop constraint mail_attempts_outcome_known;
alter table mail_attempts add constraint mail_attempts_outcome_known
  check (outcome in ('accepted', 'refused', 'failed', 'uncertain'));
