-- Each filter of a list finds its rows by an index in the order of the list, and reads only the rows that it returns.

-- up
-- Each index of the entries costs bookings, so there are two: one for the entries of a person, and one for product line, activity and
-- delivery together. The list queries the latter once for each combination that the filters leave open.
create index time_entries_consultant on time_entries (consultant_id, work_date, id);
create index time_entries_kind on time_entries (product_line_id, activity, delivery, work_date, id);
-- The store uses the same expression. The index replaces mails_troubled, and serves every other outcome too.
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
