-- Imported files of time entries, and which of their rows were booked: a file that is sent again continues where it stopped.

-- up
create table imports (
  id uuid constraint imports_pk primary key,
  -- of the bytes of the file
  sha256 bytea not null constraint imports_sha256_length check (length(sha256) = 32),
  -- how the file was read: encoding, column map, defaults; read in another way, the same bytes are other rows
  reading text not null,
  rows integer not null constraint imports_rows_not_negative check (rows >= 0),
  status text not null constraint imports_status_known check (status in ('begun', 'done')),
  begun_at timestamptz not null,
  -- the user who sent it first
  begun_by uuid not null,
  -- when it was last processed to its end, and by whom
  done_at timestamptz null,
  done_by uuid null,
  constraint imports_done_when check ((status = 'done') = (done_at is not null) and (done_at is null) = (done_by is null)),
  constraint imports_once unique (sha256, reading)
);

-- written in the transaction that booked these rows, so that both always agree
create table import_parts (
  import_id uuid not null constraint import_parts_import_fk references imports (id),
  -- the range of lines that was processed
  first_line integer not null,
  last_line integer not null,
  -- the lines of the booked rows, ascending, and the minutes of each
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

-- down
drop table import_parts;
drop table imports;
