-- Triggers maintain balances, days of terms and the state of months from append-only tables. They write as the owner of the tables, so
-- that a role which only books needs no right to write there.

-- up
do $$
declare
  kept text;
begin
  foreach kept in array array['post_to_balances', 'commit_pairs', 'count_visits', 'count_seats', 'keep_periods'] loop
    -- A temporary table of the caller must not hide the real one.
    execute format('alter function %s() security definer set search_path = %I, pg_temp', kept, current_schema());
    -- A trigger fires without this right. With it, any user could attach the function to a table of their own.
    execute format('revoke execute on function %s() from public', kept);
  end loop;
end $$;

-- down
do $$
declare
  kept text;
begin
  foreach kept in array array['post_to_balances', 'commit_pairs', 'count_visits', 'count_seats', 'keep_periods'] loop
    execute format('alter function %s() security invoker reset search_path', kept);
    execute format('grant execute on function %s() to public', kept);
  end loop;
end $$;
