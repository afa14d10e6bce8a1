-- A top-up adds minutes to one open term: a supplement that the customer bought, or a goodwill that the vendor gives. Its minutes are
-- entries of the ledger; its row names the order or the reason, and who cancelled it.

-- up
alter table ledger_entries
  drop constraint ledger_entries_sign_of_kind,
  add constraint ledger_entries_sign_of_kind check (case kind
    when 'grant' then minutes > 0 and onsite_minutes = 0
    when 'upgrade' then minutes >= 0 and onsite_minutes = 0
    when 'supplement' then minutes > 0 and onsite_minutes = 0
    when 'goodwill' then minutes > 0 and onsite_minutes = 0
    when 'top-up-cancelled' then minutes < 0 and onsite_minutes = 0
    when 'use' then minutes < 0 and onsite_minutes in (0, minutes)
    when 'reversal' then minutes > 0 and onsite_minutes in (0, minutes)
    when 'expiry' then minutes < 0 and onsite_minutes = 0
    when 'expiry-reversal' then minutes > 0 and onsite_minutes = 0
    else false end);

create or replace function post_to_balances() returns trigger language plpgsql as $$
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
      coalesce(sum(minutes) filter (where kind in ('grant', 'upgrade', 'supplement', 'goodwill', 'top-up-cancelled')), 0) as granted,
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
    coalesce(sum(minutes) filter (where kind in ('grant', 'upgrade', 'supplement', 'goodwill', 'top-up-cancelled')), 0),
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
do $$
begin
  -- Replacing a function forgets both.
  execute format('alter function post_to_balances() security definer set search_path = %I, pg_temp', current_schema());
end $$;

create table top_ups (
  id uuid constraint top_ups_pk primary key,
  term_id uuid not null,
  -- the number of its entry in the ledger of the term
  sequence integer not null,
  kind text not null,
  minutes integer not null constraint top_ups_minutes_positive check (minutes > 0),
  effective_on date not null,
  -- the customer's order of a supplement
  order_number text null,
  -- why the vendor gives a goodwill
  reason text null,
  entered_at timestamptz not null,
  entered_by uuid not null constraint top_ups_entered_by_fk references users (id),
  -- the entry that takes minutes back
  cancelled_sequence integer null,
  cancelled_minutes integer null,
  cancelled_at timestamptz null,
  cancelled_by uuid null constraint top_ups_cancelled_by_fk references users (id),
  cancellation_reason text null,
  -- the indexes also find the top-ups of a term
  constraint top_ups_entry_once unique (term_id, sequence),
  constraint top_ups_entry_fk foreign key (term_id, sequence) references ledger_entries (term_id, sequence),
  constraint top_ups_cancelling_entry_once unique (term_id, cancelled_sequence),
  constraint top_ups_cancelling_entry_fk foreign key (term_id, cancelled_sequence) references ledger_entries (term_id, sequence),
  constraint top_ups_order_or_reason check (case kind
    when 'supplement' then order_number is not null and reason is null
    when 'goodwill' then order_number is null and reason is not null
    else false end),
  constraint top_ups_cancelled_as_a_whole
    check (num_nulls(cancelled_sequence, cancelled_minutes, cancelled_at, cancelled_by, cancellation_reason) in (0, 5)),
  constraint top_ups_cancelled_within_minutes check (cancelled_minutes between 1 and minutes)
);

create function match_top_up() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (old.cancelled_sequence is not null
    or (new.id, new.term_id, new.sequence, new.kind, new.minutes, new.effective_on, new.order_number, new.reason, new.entered_at, new.entered_by)
      is distinct from
      (old.id, old.term_id, old.sequence, old.kind, old.minutes, old.effective_on, old.order_number, old.reason, old.entered_at, old.entered_by)) then
    raise exception 'a top-up stays as it was entered, and it is cancelled once'
      using errcode = 'integrity_constraint_violation', constraint = 'top_ups_stay';
  end if;
  if not exists (select from ledger_entries l where l.term_id = new.term_id and l.sequence = new.sequence
      and (l.kind, l.minutes, l.effective_on) = (new.kind, new.minutes, new.effective_on))
    or (new.cancelled_sequence is not null and not exists (
      select from ledger_entries l where l.term_id = new.term_id and l.sequence = new.cancelled_sequence
        and (l.kind, l.minutes, l.effective_on) = ('top-up-cancelled', -new.cancelled_minutes, new.effective_on))) then
    raise exception 'a top-up and its cancellation equal their entries in the ledger'
      using errcode = 'integrity_constraint_violation', constraint = 'top_ups_match_ledger';
  end if;
  return new;
end $$;
create trigger top_ups_match_ledger before insert or update on top_ups
  for each row execute function match_top_up();
create trigger top_ups_record before delete on top_ups
  for each row execute function refuse_change();
create trigger top_ups_keep before truncate on top_ups
  for each statement execute function refuse_change();

-- down
-- The older version knows no kind of entry for these minutes, and its balances would be wrong without them.
do $$
begin
  if exists (select from ledger_entries where kind in ('supplement', 'goodwill', 'top-up-cancelled')) then
    raise exception 'terms have top-ups, which the older version cannot count';
  end if;
end $$;
drop table top_ups;
drop function match_top_up();
create or replace function post_to_balances() returns trigger language plpgsql as $$
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
do $$
begin
  -- Replacing a function forgets both.
  execute format('alter function post_to_balances() security definer set search_path = %I, pg_temp', current_schema());
end $$;
alter table ledger_entries
  drop constraint ledger_entries_sign_of_kind,
  add constraint ledger_entries_sign_of_kind check (case kind
    when 'grant' then minutes > 0 and onsite_minutes = 0
    when 'upgrade' then minutes >= 0 and onsite_minutes = 0
    when 'use' then minutes < 0 and onsite_minutes in (0, minutes)
    when 'reversal' then minutes > 0 and onsite_minutes in (0, minutes)
    when 'expiry' then minutes < 0 and onsite_minutes = 0
    when 'expiry-reversal' then minutes > 0 and onsite_minutes = 0
    else false end);
