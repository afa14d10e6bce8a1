-- A user has a language and a time zone for their own mails, can switch off nudges, and can be deactivated. Without a language, mails
-- about one customer stay in the language of this customer. Without a zone, the zone of the house applies.

-- up
alter table users
  add column locale text null constraint users_locale_known check (locale in ('ja', 'en')),
  add column time_zone text null,
  add column nudges boolean not null default true,
  add column active boolean not null default true;

create or replace function keep_csm_of_subscription() returns trigger language plpgsql as $$
begin
  -- the lock makes a concurrent change of the user wait, and then see this subscription
  perform from users where id = new.csm_id and role in ('csm', 'admin') and active for share;
  if not found then
    raise exception 'the CSM of a subscription is an active user with the role csm or admin'
      using errcode = 'integrity_constraint_violation', constraint = 'subscriptions_csm_role';
  end if;
  return new;
end $$;

create or replace function keep_role_of_csm() returns trigger language plpgsql as $$
begin
  if exists (select from subscriptions where csm_id = new.id and status = 'active') then
    raise exception 'a user who owns active subscriptions stays active and keeps a role that can own them'
      using errcode = 'integrity_constraint_violation', constraint = 'users_role_of_csm';
  end if;
  return new;
end $$;
drop trigger users_role_of_csm on users;
create trigger users_role_of_csm before update of role, active on users
  for each row when ((new.role not in ('csm', 'admin') and old.role <> new.role) or (old.active and not new.active))
  execute function keep_role_of_csm();

-- down
drop trigger users_role_of_csm on users;
create trigger users_role_of_csm before update of role on users
  for each row when (new.role not in ('csm', 'admin') and old.role <> new.role) execute function keep_role_of_csm();

create or replace function keep_role_of_csm() returns trigger language plpgsql as $$
begin
  if exists (select from subscriptions where csm_id = new.id and status = 'active') then
    raise exception 'a user who owns active subscriptions keeps a role that can own them'
      using errcode = 'integrity_constraint_violation', constraint = 'users_role_of_csm';
  end if;
  return new;
end $$;

create or replace function keep_csm_of_subscription() returns trigger language plpgsql as $$
begin
  -- the lock makes a concurrent change of the role wait, and then see this subscription
  perform from users where id = new.csm_id and role in ('csm', 'admin') for share;
  if not found then
    raise exception 'the CSM of a subscription is a user with the role csm or admin'
      using errcode = 'integrity_constraint_violation', constraint = 'subscriptions_csm_role';
  end if;
  return new;
end $$;

alter table users
  drop column active,
  drop column nudges,
  drop column time_zone,
  drop column locale;
