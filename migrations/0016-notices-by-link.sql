-- A notice given or withdrawn by a personal link stores whose link it was and from which address it was used, because no user is
-- behind it.

-- up
alter table non_renewal_notices
  add column link_contact_name text null,
  add column link_contact_email text null,
  -- the SHA-256 of the token in the link; the sent mail contains the link itself
  add column link_sha256 text null,
  add column link_address text null,
  add column link_user_agent text null,
  add column withdrawal_link_contact_name text null,
  add column withdrawal_link_contact_email text null,
  add column withdrawal_link_sha256 text null,
  add column withdrawal_link_address text null,
  add column withdrawal_link_user_agent text null,
  add constraint non_renewal_notices_link_is_whole check (
    num_nulls(link_contact_name, link_contact_email, link_sha256, link_address) in (0, 4)
    and (link_user_agent is null or link_sha256 is not null)),
  add constraint non_renewal_notices_recorded_by_user_or_link check ((recorded_by is null) = (link_sha256 is not null)),
  add constraint non_renewal_notices_link_is_of_the_customer check (
    num_nonnulls(link_sha256, withdrawal_link_sha256) = 0 or party = 'customer'),
  add constraint non_renewal_notices_withdrawal_link_is_whole check (
    num_nulls(withdrawal_link_contact_name, withdrawal_link_contact_email, withdrawal_link_sha256,
      withdrawal_link_address) in (0, 4)
    and (withdrawal_link_user_agent is null or withdrawal_link_sha256 is not null)),
  add constraint non_renewal_notices_withdrawn_by_user_or_link check (
    num_nonnulls(withdrawn_by, withdrawal_link_sha256) = case when withdrawn_at is null then 0 else 1 end);

create or replace function keep_notice() returns trigger language plpgsql as $$
declare
  additions constant text[] := array['effective', 'withdrawn_at', 'withdrawn_by', 'withdrawal_signed_by',
    'withdrawal_other_party_signed_by', 'withdrawal_reason', 'withdrawal_link_contact_name',
    'withdrawal_link_contact_email', 'withdrawal_link_sha256', 'withdrawal_link_address', 'withdrawal_link_user_agent',
    'waived_at', 'waived_by', 'waiver_customer_signed_by', 'waiver_provider_signed_by', 'waiver_reason'];
begin
  if (to_jsonb(new) - additions) <> (to_jsonb(old) - additions)
     or (old.withdrawn_at is not null and new is distinct from old)
     or (old.waived_at is not null and new.waived_at is distinct from old.waived_at) then
    raise exception 'a notice is a record: only a withdrawal or a waiver may be added, once'
      using errcode = 'integrity_constraint_violation', constraint = 'non_renewal_notices_append_only';
  end if;
  return new;
end $$;

-- down
create or replace function keep_notice() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['effective', 'withdrawn_at', 'withdrawn_by', 'withdrawal_signed_by',
        'withdrawal_other_party_signed_by', 'withdrawal_reason', 'waived_at', 'waived_by',
        'waiver_customer_signed_by', 'waiver_provider_signed_by', 'waiver_reason'])
     <> (to_jsonb(old) - array['effective', 'withdrawn_at', 'withdrawn_by', 'withdrawal_signed_by',
        'withdrawal_other_party_signed_by', 'withdrawal_reason', 'waived_at', 'waived_by',
        'waiver_customer_signed_by', 'waiver_provider_signed_by', 'waiver_reason'])
     or (old.withdrawn_at is not null and new is distinct from old)
     or (old.waived_at is not null and new.waived_at is distinct from old.waived_at) then
    raise exception 'a notice is a record: only a withdrawal or a waiver may be added, once'
      using errcode = 'integrity_constraint_violation', constraint = 'non_renewal_notices_append_only';
  end if;
  return new;
end $$;
alter table non_renewal_notices
  drop constraint non_renewal_notices_withdrawn_by_user_or_link,
  drop constraint non_renewal_notices_withdrawal_link_is_whole,
  drop constraint non_renewal_notices_link_is_of_the_customer,
  drop constraint non_renewal_notices_recorded_by_user_or_link,
  drop constraint non_renewal_notices_link_is_whole,
  drop column withdrawal_link_user_agent,
  drop column withdrawal_link_address,
  drop column withdrawal_link_sha256,
  drop column withdrawal_link_contact_email,
  drop column withdrawal_link_contact_name,
  drop column link_user_agent,
  drop column link_address,
  drop column link_sha256,
  drop column link_contact_email,
  drop column link_contact_name;
