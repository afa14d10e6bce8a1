-- The limit of requests per minute applies to each user over all tokens and instances. Instances lease parts of it here. The table is
-- unlogged, so leases write nothing to the log; a crash empties it, which costs only the rest of a minute.

-- up
create unlogged table request_allowances (
  user_id uuid constraint request_allowances_pk primary key,
  -- the minute of the leases, by the database's clock
  minute timestamptz not null,
  leased integer not null constraint request_allowances_leased_positive check (leased >= 0),
  -- the size of the latest lease
  granted integer not null constraint request_allowances_granted_part check (granted between 0 and leased)
) with (fillfactor = 50);

-- down
drop table request_allowances;
