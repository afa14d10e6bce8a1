-- An import compares its rows with the time entries, so the bytes of files are not stored. The record says who imported what and when,
-- with the entries that it wrote, so that an import can be listed and undone.

-- up
-- Earlier records name lines of files and no entries: such an import could be neither compared nor undone.
drop table import_parts;
drop table imports;

create table imports (
  id uuid constraint imports_pk primary key,
  -- as the sender names it
  file_name text null,
  -- the program that exported the file; null for the headings of this service
  map text null,
  status text not null constraint imports_status_known check (status in ('running', 'done', 'interrupted', 'undoing', 'undone')),
  started_at timestamptz not null,
  -- a user, as in time_entries
  started_by uuid not null,
  ended_at timestamptz null,
  -- of the whole file
  rows integer not null constraint imports_rows_not_negative check (rows >= 0),
  -- totals so far: each chunk adds to them in the transaction that books its rows
  accepted integer not null default 0,
  present integer not null default 0,
  refused integer not null default 0,
  minutes bigint not null default 0,
  -- by the system clock: an import whose process was killed stops updating it
  alive_at timestamptz not null default now(),
  undo_reason text null,
  undone_by uuid null,
  undo_started_at timestamptz null,
  undone_at timestamptz null,
  -- entries that the undo has reversed so far
  reversed integer not null default 0,
  constraint imports_counts_not_negative check (least(accepted, present, refused) >= 0),
  constraint imports_reversed_within_accepted check (reversed between 0 and accepted),
  constraint imports_undone_when check (
    (status in ('undoing', 'undone')) = (undo_reason is not null)
    and (undo_reason is null) = (undone_by is null)
    and (undo_reason is null) = (undo_started_at is null)
    and (status = 'undone') = (undone_at is not null))
) with (fillfactor = 70);
create index imports_started on imports (started_at, id);

-- Written in the transaction that booked the entries, so that both always agree.
create table import_chunks (
  id uuid constraint import_chunks_pk primary key,
  import_id uuid not null constraint import_chunks_import_fk references imports (id),
  -- an array, and not a column of time_entries: 1,750 entries cost one row, and other bookings cost nothing
  entry_ids uuid[] not null constraint import_chunks_not_empty check (cardinality(entry_ids) > 0)
);
-- ids hardly compress, and trying costs time
alter table import_chunks alter column entry_ids set storage external;
create index import_chunks_import on import_chunks (import_id, id);

create trigger import_chunks_append_only before update or delete on import_chunks
  for each row execute function refuse_change();
create trigger import_chunks_keep before truncate on import_chunks
  for each statement execute function refuse_change();

-- down
drop table import_chunks;
drop table imports;
create table imports (
  id uuid constraint imports_pk primary key,
  sha256 bytea not null constraint imports_sha256_length check (length(sha256) = 32),
  reading text not null,
  rows integer not null constraint imports_rows_not_negative check (rows >= 0),
  status text not null constraint imports_status_known check (status in ('begun', 'done')),
  begun_at timestamptz not null,
  begun_by uuid not null,
  done_at timestamptz null,
  done_by uuid null,
  constraint imports_done_when check ((status = 'done') = (done_at is not null) and (done_at is null) = (done_by is null)),
  constraint imports_once unique (sha256, reading)
);
create table import_parts (
  import_id uuid not null constraint import_parts_import_fk references imports (id),
  first_line integer not null,
  last_line integer not null,
  lines integer[] not null,
  minutes integer[] not null,
  booked_at timestamptz not null,
  booked_by uuid not null,
  id uuid constraint import_parts_pk primary key,
  constraint import_parts_in_order check (first_line <= last_line),
  constraint import_parts_minutes_of_lines check (cardinality(lines) > 0 and cardinality(lines) = cardinality(minutes))
);
create index import_parts_import on import_parts (import_id, first_line);
create trigger import_parts_append_only before update or delete on import_parts
  for each row execute function refuse_change();
create trigger import_parts_keep before truncate on import_parts
  for each statement execute function refuse_change();
