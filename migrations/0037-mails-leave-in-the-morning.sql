-- A renewal locks and a term rolls over at midnight, but people read mails by day. So a mail can have a moment before which it is not
-- sent.

-- up
alter table mails
  -- the mail is not sent before this moment; null: it is sent at once
  add column leaves_at timestamptz null;

-- down
alter table mails drop column leaves_at;
