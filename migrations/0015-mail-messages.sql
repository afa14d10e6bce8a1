-- A mail is written when it goes out, from the facts as they were when its reason arose: queuing costs little, and what went out is kept.

-- up
alter table mails
  drop column text_body,
  drop column attachments,
  alter column subject drop not null,
  -- what the mail speaks of, as it was when the mail was queued
  add column facts jsonb not null default '{}',
  -- the message as it goes out in every attempt (MIME, gzip), written before the first one; its SHA-256 is that of the MIME
  add column message bytea null,
  add column message_sha256 text null,
  add constraint mails_message_with_its_hash check ((message is null) = (message_sha256 is null)),
  add constraint mails_sent_is_kept check (status <> 'sent' or message is not null);

-- down
alter table mails
  drop constraint mails_sent_is_kept,
  drop constraint mails_message_with_its_hash,
  drop column message_sha256,
  drop column message,
  drop column facts,
  alter column subject drop not null,
  add column attachments jsonb not null default '[]',
  add column text_body text not null default '';
