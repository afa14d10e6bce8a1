-- Creates Dedicated subscriptions without bookings. Each has three pairs of consultant and product line. The table import_bench has a
-- row for each pair, from which the bench writes its file.

begin;
insert into users (id, name, email, role, created_at) values (uuidv7(), 'Import CSM', 'import-csm@vendor.example', 'csm', '2025-01-01Z');

insert into consultants (id, name, email, created_at)
select uuidv7(), 'Import consultant ' || number, 'import-consultant-' || number || '@vendor.example', '2025-01-01Z'
from generate_series(0, :consultants - 1) as number;

insert into product_lines (id, code, name, created_at) values (uuidv7(), 'IMPORT', 'Import line', '2025-01-01Z');

insert into customers (id, name, locale, time_zone, country, contacts, created_at)
values (uuidv7(), 'Import customer', 'ja', 'Asia/Tokyo', 'JP', '[]', '2025-01-01Z');

create table import_subscriptions as
select number, uuidv7() as id, uuidv7() as term_id, uuidv7() as set_id from generate_series(0, :subscriptions - 1) as number;

insert into subscriptions (id, customer_id, csm_id, anchor_on, purchased_at, entered_at, entered_on, entered_by, status,
  pace_policy, current_term_id)
select s.id, c.id, u.id, '2025-04-01', '2025-03-01Z', '2025-03-01Z', '2025-03-01', u.id, 'active', 'advise', s.term_id
from import_subscriptions s, customers c, users u
where c.name = 'Import customer' and u.email = 'import-csm@vendor.example';

insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_days, notice_deadline_on, lock_at, deadline_zone,
  package, package_version, status, renewal_state)
select term_id, id, 0, '2025-04-01', '2026-03-31', '2025-03-31T15:00Z', '2026-03-31T15:00Z', 60, '2026-01-30', '2026-01-30T15:00Z',
  'Asia/Tokyo', 'dedicated', '1', 'open', 'locked'
from import_subscriptions;

insert into term_packages (term_id, sequence, package, package_version, effective_on, granted_minutes, onsite_cap_percent,
  max_visits, learning_seats, max_consultants, max_product_lines)
select term_id, 0, 'dedicated', '1', '2025-04-01', 96000, 25, null, 6, 3, 3 from import_subscriptions;

insert into balances (term_id, onsite_cap_minutes, max_visits, max_seats) select term_id, 24000, null, 6 from import_subscriptions;

insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, balance_after_minutes)
select uuidv7(), term_id, 1, 'grant', 96000, '2025-04-01', '2025-03-01Z', 96000 from import_subscriptions;

insert into enrolments (id, subscription_id, product_line_id, position, from_on)
select uuidv7(), s.id, l.id, 1, '2025-04-01' from import_subscriptions s, product_lines l where l.code = 'IMPORT';

insert into allocation_sets (id, term_id, sequence, from_on, set_at)
select set_id, term_id, 1, '2025-04-01', '2025-03-01Z' from import_subscriptions;

create table import_bench as
select s.number * 3 + pair as number, s.id as subscription_id, s.term_id, s.set_id, pair, c.id as consultant_id, c.email as consultant,
  l.id as product_line_id
from import_subscriptions s cross join generate_series(0, 2) as pair
join consultants c on c.email = 'import-consultant-' || (s.number * 3 + pair) % :consultants || '@vendor.example'
join product_lines l on l.code = 'IMPORT';

insert into allocations (set_id, consultant_id, product_line_id, position, minutes, is_primary)
select set_id, consultant_id, product_line_id, pair, 30000, pair = 0 from import_bench;

insert into pair_balances (term_id, consultant_id, product_line_id, allocated_minutes)
select term_id, consultant_id, product_line_id, 30000 from import_bench;
commit;
