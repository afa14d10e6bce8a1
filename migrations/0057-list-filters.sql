-- Each filter of a list finds its rows by an index in the order of the list, and reads no more of the table than it answers.

-- up
-- Bookings pay for each index of the entries, so there are two: one person's entries, and one for the product line, the activity
-- and the delivery together. The list asks the latter once for each combination that the filters leave open.
create index time_entries_consultant on time_entries (consultant_id, work_date, id);
create index time_entries_kind on time_entries (product_line_id, activity, delivery, work_date, id);
-- The store writes the same expression. It serves what mails_troubled served, and every other outcome.
create index mails_outcome on mails ((case
  when status in ('queued', 'sending') then 'waiting'
  when status = 'sent' and not delivered then 'filed'
  else status end), queued_at, id);
drop index mails_troubled;
create index mails_subscription_newest on mails (subscription_id, queued_at, id);

-- down
drop index mails_subscription_newest;
create index mails_troubled on mails (queued_at, id) where status in ('failed', 'uncertain');
drop index mails_outcome;
drop index time_entries_kind;
drop index time_entries_consultant;
