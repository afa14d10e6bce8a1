-- People use the console in a browser, without an API token. A link that the service mails to a user's address opens a session; the
-- session's token is in a cookie. Tokens of links and sessions are long and random; the database has only their hashes. Users also choose
-- whether single keys work in the console.

-- up
alter table users add column shortcuts boolean not null default true;

create table sessions (
  id uuid constraint sessions_pk primary key,
  user_id uuid not null constraint sessions_user_fk references users (id),
  -- SHA-256
  token_hash bytea not null constraint sessions_hash_length check (octet_length(token_hash) = 32),
  opened_with text not null constraint sessions_opened_with_known check (opened_with in ('link', 'invitation', 'token')),
  created_at timestamptz not null,
  -- written at most every few minutes
  last_seen_at timestamptz not null,
  ended_at timestamptz null,
  -- of the browser, when the session began
  address text not null,
  user_agent text null constraint sessions_user_agent_short check (char_length(user_agent) <= 300),
  constraint sessions_hash_once unique (token_hash),
  constraint sessions_times_in_order check (created_at <= last_seen_at and created_at <= ended_at)
);
create index sessions_live on sessions (user_id, created_at) where ended_at is null;
-- housekeeping forgets the oldest
create index sessions_oldest on sessions (created_at);

create function keep_session() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null or new.last_seen_at < old.last_seen_at
     or (new.id, new.user_id, new.token_hash, new.opened_with, new.created_at, new.address, new.user_agent)
        is distinct from
        (old.id, old.user_id, old.token_hash, old.opened_with, old.created_at, old.address, old.user_agent) then
    raise exception 'a session belongs to one user and one token, and an ended session stays ended'
      using errcode = 'integrity_constraint_violation', constraint = 'sessions_stay_ended';
  end if;
  return new;
end $$;
create trigger sessions_stay_ended before update on sessions for each row execute function keep_session();

create table sign_in_links (
  id uuid constraint sign_in_links_pk primary key,
  user_id uuid not null constraint sign_in_links_user_fk references users (id),
  kind text not null constraint sign_in_links_kind_known check (kind in ('sign-in', 'invitation')),
  -- SHA-256
  token_hash bytea not null constraint sign_in_links_hash_length check (octet_length(token_hash) = 32),
  -- SHA-256 of the cookie of the browser that asked for the link; only an invitation opens in any browser
  browser_hash bytea null constraint sign_in_links_browser_length check (octet_length(browser_hash) = 32),
  -- the administrator who invited the user
  invited_by uuid null constraint sign_in_links_invited_by_fk references users (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz null,
  constraint sign_in_links_hash_once unique (token_hash),
  constraint sign_in_links_bound_to_a_browser check ((kind = 'invitation') = (browser_hash is null)),
  constraint sign_in_links_invited_by_a_user check ((kind = 'invitation') = (invited_by is not null)),
  constraint sign_in_links_used_in_time check (created_at < expires_at and created_at <= used_at and used_at < expires_at)
);
create index sign_in_links_newest on sign_in_links (user_id, created_at);
create index sign_in_links_oldest on sign_in_links (expires_at);

create function keep_sign_in_link() returns trigger language plpgsql as $$
begin
  if old.used_at is not null
     or (new.id, new.user_id, new.kind, new.token_hash, new.browser_hash, new.invited_by, new.created_at, new.expires_at)
        is distinct from
        (old.id, old.user_id, old.kind, old.token_hash, old.browser_hash, old.invited_by, old.created_at, old.expires_at) then
    raise exception 'a link signs in one user once'
      using errcode = 'integrity_constraint_violation', constraint = 'sign_in_links_used_once';
  end if;
  return new;
end $$;
create trigger sign_in_links_used_once before update on sign_in_links for each row execute function keep_sign_in_link();

-- down
drop table sign_in_links;
drop function keep_sign_in_link();
drop table sessions;
drop function keep_session();
alter table users drop column shortcuts;
