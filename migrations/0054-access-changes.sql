-- Instances cache the user of a token for a second. A revoked token or another role must take effect at once on every instance. So
-- each change sends a notification.

-- up
create function tell_access_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('access_changed', '');
  return null;
end $$;
create trigger api_tokens_tell_access_changed after update or delete on api_tokens
  for each statement execute function tell_access_changed();
create trigger users_tell_access_changed after update or delete on users
  for each statement execute function tell_access_changed();

-- down
drop trigger users_tell_access_changed on users;
drop trigger api_tokens_tell_access_changed on api_tokens;
drop function tell_access_changed();
