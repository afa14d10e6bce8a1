-- The CSM of an active subscription must be a user who can be one, because mails name the CSM as the contact. Ended subscriptions keep
-- their CSM as history, so that the user's role can change.

-- up
create index subscriptions_active_csm on subscriptions (csm_id) where status = 'active';

create function keep_csm_of_subscription() returns trigger language plpgsql as $$
begin
  -- the lock makes a concurrent change of the role wait, and then see this subscription
  perform from users where id = new.csm_id and role in ('csm', 'admin') for share;
  if not found then
    raise exception 'the CSM of a subscription is a user with the role csm or admin'
      using errcode = 'integrity_constraint_violation', constraint = 'subscriptions_csm_role';
  end if;
  return new;
end $$;
create trigger subscriptions_csm_role before insert or update of csm_id on subscriptions
  for each row execute function keep_csm_of_subscription();

create function keep_role_of_csm() returns trigger language plpgsql as $$
begin
  if exists (select from subscriptions where csm_id = new.id and status = 'active') then
    raise exception 'a user who owns active subscriptions keeps a role that can own them'
      using errcode = 'integrity_constraint_violation', constraint = 'users_role_of_csm';
  end if;
  return new;
end $$;
create trigger users_role_of_csm before update of role on users
  for each row when (new.role not in ('csm', 'admin') and old.role <> new.role) execute function keep_role_of_csm();

-- down
drop trigger users_role_of_csm on users;
drop function keep_role_of_csm();
drop trigger subscriptions_csm_role on subscriptions;
drop function keep_csm_of_subscription();
drop index subscriptions_active_csm;
