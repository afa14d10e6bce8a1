-- Notices of non-renewal are legal records: they are kept for ever. A withdrawal or a waiver is added to the row; nothing is erased.

-- up
create table non_renewal_notices (
  id uuid constraint non_renewal_notices_pk primary key,
  subscription_id uuid not null,
  term_id uuid not null,
  party text not null constraint non_renewal_notices_party_known check (party in ('customer', 'provider')),
  signed_by text not null,
  channel text not null constraint non_renewal_notices_channel_known check (channel in ('email', 'letter', 'portal', 'other')),
  sent_at timestamptz null,
  received_at timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by uuid null constraint non_renewal_notices_recorded_by_fk references users (id),
  note text null,
  document_sha256 text null,
  effective boolean not null,
  reason text null,
  withdrawn_at timestamptz null,
  withdrawn_by uuid null constraint non_renewal_notices_withdrawn_by_fk references users (id),
  withdrawal_signed_by text null,
  withdrawal_other_party_signed_by text null,
  withdrawal_reason text null,
  waived_at timestamptz null,
  waived_by uuid null constraint non_renewal_notices_waived_by_fk references users (id),
  waiver_customer_signed_by text null,
  waiver_provider_signed_by text null,
  waiver_reason text null,
  constraint non_renewal_notices_term_fk foreign key (term_id, subscription_id) references terms (id, subscription_id),
  constraint non_renewal_notices_received_before_recorded check (received_at <= recorded_at),
  constraint non_renewal_notices_reason_when_without_effect check (effective or reason is not null)
);
create index non_renewal_notices_subscription on non_renewal_notices (subscription_id, id);
create index non_renewal_notices_term on non_renewal_notices (term_id);
create unique index non_renewal_notices_one_standing_per_party on non_renewal_notices (term_id, party)
  where effective and withdrawn_at is null;

create function keep_notice() returns trigger language plpgsql as $$
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

create trigger non_renewal_notices_record before update on non_renewal_notices
  for each row execute function keep_notice();
create trigger non_renewal_notices_keep before delete on non_renewal_notices
  for each row execute function refuse_change();
create trigger non_renewal_notices_keep_all before truncate on non_renewal_notices
  for each statement execute function refuse_change();

-- down
drop table non_renewal_notices;
drop function keep_notice();
