-- The finder looks up entries by the beginning of their reference, for example of a case number, within the subscriptions that a user may
-- see. Entries without a reference, and the batches that write them, pay nothing.

-- up
-- The store of time entries uses the same expression. The collation "C" puts all texts with the same beginning together.
create index time_entries_reference on time_entries (subscription_id, (lower(normalize(reference, NFKC)) collate "C"))
  where reference is not null;

-- down
drop index time_entries_reference;
