-- The limit of requests a minute is one for each user, over all tokens and instances. Instances lease parts of it here. The table is
-- unlogged: a crash empties it, which costs nothing but the rest of a minute, and leases write nothing to the log.

-- up
create unlogged table request_allowances (
  user_id uuid constraint request_allowances_pk primary key,
  -- the minute, by the clock of the database, whose allowance is leased
  minute timestamptz not null,
  leased integer not null constraint request_allowances_leased_positive check (leased >= 0),
  -- of the latest lease, for its answer
  granted integer not null constraint request_allowances_granted_part check (granted between 0 and leased)
) with (fillfactor = 50);

-- down
drop table request_allowances;
