-- A mail starts as a row. It is written in the transaction of its reason, delivered afterwards, and kept as evidence.

-- up
create table mails (
  id uuid constraint mails_pk primary key,
  -- the kind of mail, e.g. renewal-reminder-75
  kind text not null,
  subscription_id uuid not null,
  term_id uuid not null,
  -- the subject of the mail within the term if a kind can occur more than once (e.g. the id of a notice); otherwise empty
  occasion text not null default '',
  recipient_role text not null constraint mails_recipient_role_known check (recipient_role in ('customer', 'csm', 'operator')),
  recipient_name text not null,
  recipient_address text not null,
  locale text not null constraint mails_locale_known check (locale in ('ja', 'en')),
  message_id text not null constraint mails_message_id_once unique,
  subject text not null,
  text_body text not null,
  attachments jsonb not null default '[]',
  queued_at timestamptz not null,
  -- from this moment on the content is no longer true, and the mail is cancelled instead of sent
  valid_until timestamptz null,
  status text not null constraint mails_status_known check (status in ('queued', 'sending', 'uncertain', 'sent', 'failed')),
  attempts integer not null default 0,
  -- when to hand it over next; null after it was sent or cancelled
  next_attempt_at timestamptz null,
  attempt_started_at timestamptz null,
  sent_at timestamptz null,
  server_answer text null,
  last_error text null,
  constraint mails_pending_has_a_next_attempt check ((status in ('sent', 'failed')) = (next_attempt_at is null)),
  constraint mails_term_fk foreign key (term_id, subscription_id) references terms (id, subscription_id),
  constraint mails_sent_when check ((status = 'sent') = (sent_at is not null))
);
-- one reason sends one mail
create unique index mails_one_per_reason on mails (term_id, kind, occasion, lower(recipient_address), recipient_role);
create index mails_due on mails (next_attempt_at, id) where next_attempt_at is not null;
create index mails_subscription on mails (subscription_id, id);

-- down
drop table mails;
