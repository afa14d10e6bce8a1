-- Reports name the entry that replaces a corrected one. It is found by the entry that it corrects.

-- up
create index time_entries_corrects on time_entries (corrects_entry_id) where corrects_entry_id is not null;

-- down
drop index time_entries_corrects;
