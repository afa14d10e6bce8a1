-- The lean floor: the fewest tables, indexes and checks that keep what the service promises of a booking. An entry names what it is
-- for. The ledger is append-only, without gaps, and uses each entry once. A statement trigger keeps the balance and the days of a term,
-- checks limit it. The pair of consultant and product line and the consultant's day over all customers are kept beside it.
create schema lean;
create table lean.targets (
  number integer primary key,
  term_id uuid not null,
  consultant_ids uuid[] not null,
  product_line_id uuid not null
);
create table lean.consultants (id uuid primary key);
create table lean.product_lines (id uuid primary key);
create table lean.terms (id uuid primary key);
create table lean.balances (
  term_id uuid primary key references lean.terms,
  granted_minutes integer not null,
  used_minutes integer not null default 0,
  last_sequence integer not null default 0,
  check (used_minutes between 0 and granted_minutes)
) with (fillfactor = 70);
create table lean.term_days (
  term_id uuid not null,
  day date not null,
  used_minutes integer not null,
  primary key (term_id, day)
) with (fillfactor = 70);
create table lean.pairs (
  term_id uuid not null references lean.terms,
  consultant_id uuid not null references lean.consultants,
  product_line_id uuid not null references lean.product_lines,
  worked_minutes integer not null,
  primary key (term_id, consultant_id, product_line_id)
) with (fillfactor = 70);
create table lean.consultant_days (
  consultant_id uuid not null references lean.consultants,
  day date not null,
  minutes integer not null check (minutes between 0 and 1440),
  primary key (consultant_id, day)
) with (fillfactor = 70);
create table lean.entries (
  id uuid primary key,
  term_id uuid not null,
  work_date date not null,
  minutes integer not null check (minutes > 0),
  consultant_id uuid not null,
  product_line_id uuid not null,
  activity text not null,
  delivery text not null,
  summary text not null,
  recorded_at timestamptz not null,
  foreign key (term_id, consultant_id, product_line_id) references lean.pairs
);
create index on lean.entries (term_id, work_date);
create table lean.ledger (
  term_id uuid not null references lean.balances,
  sequence integer not null,
  minutes integer not null,
  effective_on date not null,
  entry_id uuid not null unique references lean.entries,
  balance_after_minutes integer not null,
  primary key (term_id, sequence)
);
create function lean.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only';
end $$;
create trigger ledger_append_only before update or delete on lean.ledger for each row execute function lean.refuse_change();
create function lean.post() returns trigger language plpgsql as $$
declare
  posted_terms integer;
begin
  update lean.balances b set used_minutes = b.used_minutes - p.minutes, last_sequence = p.last_sequence
  from (select term_id, sum(minutes) as minutes, max(sequence) as last_sequence, count(*) as entries,
      min(balance_after_minutes) as balance_after_minutes
    from posted group by term_id) p
  where b.term_id = p.term_id and b.last_sequence + p.entries = p.last_sequence
    and p.balance_after_minutes = b.granted_minutes - b.used_minutes + p.minutes;
  get diagnostics posted_terms = row_count;
  if posted_terms <> (select count(distinct term_id) from posted) then
    raise exception 'the ledger has a gap';
  end if;
  insert into lean.term_days as d (term_id, day, used_minutes)
  select term_id, effective_on, -sum(minutes) from posted group by term_id, effective_on
  on conflict (term_id, day) do update set used_minutes = d.used_minutes + excluded.used_minutes;
  return null;
end $$;
create trigger ledger_post after insert on lean.ledger referencing new table as posted
  for each statement execute function lean.post();

insert into lean.targets select number, term_id, consultant_ids, product_line_id from floor_targets;
insert into lean.consultants select distinct unnest(consultant_ids) from floor_targets;
insert into lean.product_lines select distinct product_line_id from floor_targets;
insert into lean.terms select term_id from floor_targets;
insert into lean.balances (term_id, granted_minutes) select id, 1000000000 from lean.terms;
