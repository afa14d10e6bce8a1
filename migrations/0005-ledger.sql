-- The ledger is append-only. Triggers maintain the balance of a term from it, so that both always agree.

-- up
create table balances (
  term_id uuid constraint balances_pk primary key constraint balances_term_fk references terms (id),
  granted_minutes integer not null default 0,
  used_minutes integer not null default 0,
  expired_minutes integer not null default 0,
  -- the sum over all pairs of consultant and product line of max(allocation, worked)
  committed_minutes integer not null default 0,
  onsite_cap_minutes integer not null,
  onsite_used_minutes integer not null default 0,
  -- null: any number
  max_visits integer null,
  visits_used integer not null default 0,
  max_seats integer not null,
  seats_used integer not null default 0,
  last_sequence integer not null default 0,
  closed boolean not null default false,
  constraint balances_never_overdrawn check (granted_minutes - used_minutes - expired_minutes >= 0),
  constraint balances_used_not_negative check (used_minutes >= 0 and expired_minutes >= 0),
  constraint balances_closed_has_nothing_left check (not closed or granted_minutes = used_minutes + expired_minutes),
  constraint balances_within_onsite_cap check (onsite_used_minutes between 0 and onsite_cap_minutes),
  constraint balances_onsite_within_used check (onsite_used_minutes <= used_minutes),
  constraint balances_within_visits check (visits_used >= 0 and (max_visits is null or visits_used <= max_visits)),
  constraint balances_within_seats check (seats_used between 0 and max_seats),
  constraint balances_commitments_within_grant check (committed_minutes between 0 and granted_minutes)
) with (fillfactor = 70);

create table ledger_entries (
  id uuid constraint ledger_entries_pk primary key,
  term_id uuid not null constraint ledger_entries_term_fk references balances (term_id),
  -- the order of entries: per term, without gaps
  sequence integer not null,
  kind text not null,
  minutes integer not null,
  onsite_minutes integer not null default 0,
  effective_on date not null,
  recorded_at timestamptz not null,
  time_entry_id uuid null,
  balance_after_minutes integer not null,
  constraint ledger_entries_sequence_once unique (term_id, sequence),
  constraint ledger_entries_sign_of_kind check (case kind
    when 'grant' then minutes > 0 and onsite_minutes = 0
    when 'upgrade' then minutes >= 0 and onsite_minutes = 0
    when 'use' then minutes < 0 and onsite_minutes in (0, minutes)
    when 'reversal' then minutes > 0 and onsite_minutes in (0, minutes)
    when 'expiry' then minutes < 0 and onsite_minutes = 0
    when 'expiry-reversal' then minutes > 0 and onsite_minutes = 0
    else false end),
  constraint ledger_entries_use_names_entry check (kind not in ('use', 'reversal') or time_entry_id is not null)
);
create unique index ledger_entries_one_use_per_entry on ledger_entries (time_entry_id) where kind = 'use';
create unique index ledger_entries_one_reversal_per_entry on ledger_entries (time_entry_id) where kind = 'reversal';

-- the minutes that became effective on each day of a term: at most a few hundred rows per term, so that pace, forecast and the balance
-- of any day can be read without scanning the ledger
create table term_days (
  term_id uuid not null constraint term_days_term_fk references balances (term_id),
  day date not null,
  granted_minutes integer not null default 0,
  used_minutes integer not null default 0,
  expired_minutes integer not null default 0,
  onsite_used_minutes integer not null default 0,
  constraint term_days_pk primary key (term_id, day)
) with (fillfactor = 70);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is not allowed', tg_table_name, lower(tg_op)
    using errcode = 'integrity_constraint_violation', constraint = tg_table_name || '_append_only';
end $$;

create trigger ledger_entries_append_only before update or delete on ledger_entries
  for each row execute function refuse_change();
create trigger ledger_entries_keep before truncate on ledger_entries
  for each statement execute function refuse_change();

create function post_to_balances() returns trigger language plpgsql as $$
declare
  terms_posted integer;
  terms_in_order integer;
begin
  select count(distinct term_id) into terms_posted from posted;
  update balances b set
    granted_minutes = b.granted_minutes + p.granted,
    used_minutes = b.used_minutes + p.used,
    expired_minutes = b.expired_minutes + p.expired,
    onsite_used_minutes = b.onsite_used_minutes + p.onsite_used,
    last_sequence = p.last_sequence
  from (
    select term_id,
      coalesce(sum(minutes) filter (where kind in ('grant', 'upgrade')), 0) as granted,
      coalesce(-sum(minutes) filter (where kind in ('use', 'reversal')), 0) as used,
      coalesce(-sum(minutes) filter (where kind in ('expiry', 'expiry-reversal')), 0) as expired,
      -sum(onsite_minutes) as onsite_used,
      max(sequence) as last_sequence,
      (array_agg(balance_after_minutes order by sequence desc))[1] as balance_after_minutes,
      count(*) as entries
    from posted group by term_id
  ) p
  where b.term_id = p.term_id
    and b.last_sequence + p.entries = p.last_sequence
    and p.balance_after_minutes = b.granted_minutes - b.used_minutes - b.expired_minutes + p.granted - p.used - p.expired;
  get diagnostics terms_in_order = row_count;
  if terms_in_order <> terms_posted then
    raise exception 'a ledger entry is out of sequence or does not name the balance after it'
      using errcode = 'integrity_constraint_violation', constraint = 'ledger_entries_in_sequence';
  end if;
  insert into term_days as d (term_id, day, granted_minutes, used_minutes, expired_minutes, onsite_used_minutes)
  select term_id, effective_on,
    coalesce(sum(minutes) filter (where kind in ('grant', 'upgrade')), 0),
    coalesce(-sum(minutes) filter (where kind in ('use', 'reversal')), 0),
    coalesce(-sum(minutes) filter (where kind in ('expiry', 'expiry-reversal')), 0),
    -sum(onsite_minutes)
  from posted group by term_id, effective_on
  on conflict (term_id, day) do update set
    granted_minutes = d.granted_minutes + excluded.granted_minutes,
    used_minutes = d.used_minutes + excluded.used_minutes,
    expired_minutes = d.expired_minutes + excluded.expired_minutes,
    onsite_used_minutes = d.onsite_used_minutes + excluded.onsite_used_minutes;
  return null;
end $$;

create trigger ledger_entries_post after insert on ledger_entries
  referencing new table as posted for each statement execute function post_to_balances();

-- down
drop table term_days;
drop table ledger_entries;
drop table balances;
drop function post_to_balances();
drop function refuse_change();
