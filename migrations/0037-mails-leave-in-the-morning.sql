-- A renewal locks and a term rolls over at midnight, but people read mails by day. So a mail may keep the moment from which it may leave.

-- up
alter table mails
  -- the mail does not leave before; null: it leaves at once
  add column leaves_at timestamptz null;

-- down
alter table mails drop column leaves_at;
