-- Creates the portfolio of a vendor. bench_size has its size. bench_packages and bench_days have the values that SQL must not compute:
-- the numbers of the packages, and the instants of terms in their zones. The triggers write the balances.

create table bench_subscriptions as
select number, uuidv7() as id, uuidv7() as term_id, uuidv7() as set_id, (number + 1) / 2 as customer,
  1 + number % csms as csm, z.time_zone, d.starts_on, p.code as package
from bench_size cross join generate_series(1, subscriptions) as number
join bench_zones z on z.place = (number + 1) / 2 % zones
join bench_days d on d.term = 0 and d.time_zone = z.time_zone and d.place = number % spread
join bench_packages p on number / spread % 10 between p.first_place and p.last_place;

insert into users (id, name, email, role, created_at)
select uuidv7(), 'CSM ' || number, 'csm-' || number || '@vendor.example', 'csm', '2026-01-01Z'
from bench_size cross join generate_series(1, bench_size.csms) as number;
create table bench_csms as
select substring(name from 5)::integer as number, id from users where role = 'csm';

insert into consultants (id, name, email, created_at)
select uuidv7(), 'Consultant ' || number, 'consultant-' || number || '@vendor.example', '2026-01-01Z'
from generate_series(1, 500) as number;
create table bench_consultants as
select substring(name from 12)::integer - 1 as number, id from consultants;

insert into product_lines (id, code, name, created_at)
select uuidv7(), 'L' || number, 'Product line ' || number, '2026-01-01Z' from generate_series(0, 9) as number;
create table bench_product_lines as
select substring(code from 2)::integer as number, id from product_lines;

insert into customers (id, name, locale, time_zone, country, contacts, created_at)
select uuidv7(), 'Customer ' || customer, case country when 'JP' then 'ja' else 'en' end, z.time_zone, z.country,
  jsonb_build_array(
    jsonb_build_object('name', 'Renewal ' || customer, 'email', 'renewal-' || customer || '@customer.example', 'roles', '["renewal"]'::jsonb),
    jsonb_build_object('name', 'Usage ' || customer, 'email', 'usage-' || customer || '@customer.example', 'roles', '["usage"]'::jsonb)),
  '2026-01-01Z'
from bench_size cross join generate_series(1, (bench_size.subscriptions + 1) / 2) as customer
join bench_zones z on z.place = customer % (select zones from bench_size);
create table bench_customers as
select substring(name from 10)::integer as number, id from customers;
analyze bench_subscriptions, bench_csms, bench_consultants, bench_product_lines, bench_customers, bench_days, bench_packages;

insert into subscriptions (id, customer_id, csm_id, anchor_on, purchased_at, entered_at, entered_on, entered_by, status,
  pace_policy, current_term_id)
select s.id, c.id, u.id, s.starts_on, '2026-03-01Z', '2026-03-01Z', '2026-03-01', u.id, 'active', 'advise', s.term_id
from bench_subscriptions s join bench_customers c on c.number = s.customer join bench_csms u on u.number = s.csm
order by s.number;

insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_days, notice_deadline_on, lock_at,
  next_reminder_at, next_alert_at, next_statement_at, deadline_zone, package, package_version, status, renewal_state)
select s.term_id, s.id, 0, d.starts_on, d.ends_on, d.starts_at, d.ends_at, d.notice_days, d.notice_deadline_on, d.lock_at,
  d.next_reminder_at, d.next_alert_at, d.next_statement_at, d.time_zone, p.code, p.version, 'open', 'open'
from bench_subscriptions s
join bench_days d on d.term = 0 and d.time_zone = s.time_zone and d.starts_on = s.starts_on
join bench_packages p on p.code = s.package
order by s.number;

insert into term_packages (term_id, sequence, package, package_version, effective_on, granted_minutes, onsite_cap_percent,
  max_visits, learning_seats, max_consultants, max_product_lines)
select s.term_id, 0, p.code, p.version, s.starts_on, p.granted_minutes_sold, p.onsite_cap_percent, p.max_visits, p.learning_seats,
  p.max_consultants, p.max_product_lines
from bench_subscriptions s join bench_packages p on p.code = s.package
order by s.number;

insert into balances (term_id, onsite_cap_minutes, max_visits, max_seats, alert_from_minutes)
select s.term_id, p.onsite_cap_minutes, p.max_visits, p.learning_seats, p.alert_from_minutes
from bench_subscriptions s join bench_packages p on p.code = s.package
order by s.number;

insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, balance_after_minutes)
select uuidv7(), s.term_id, 1, 'grant', p.granted_minutes_sold, s.starts_on, '2026-03-01Z', p.granted_minutes_sold
from bench_subscriptions s join bench_packages p on p.code = s.package
order by s.number;

insert into enrolments (id, subscription_id, product_line_id, position, from_on)
select uuidv7(), s.id, l.id, line, s.starts_on
from bench_subscriptions s join bench_packages p on p.code = s.package cross join generate_series(1, p.max_product_lines) as line
join bench_product_lines l on true
where l.number = (s.number + line) % 10
order by s.number, line;

insert into allocation_sets (id, term_id, sequence, from_on, set_at)
select set_id, term_id, 1, starts_on, '2026-03-01Z' from bench_subscriptions order by number;

-- Each product line has a consultant. The allocations cover four fifths of the hours.
create table bench_pairs as
select s.number, s.term_id, s.set_id, line, c.id as consultant_id, l.id as product_line_id,
  p.granted_minutes_sold * 4 / 5 / p.max_product_lines as minutes
from bench_subscriptions s join bench_packages p on p.code = s.package cross join generate_series(1, p.max_product_lines) as line
join bench_product_lines l on true join bench_consultants c on true
where l.number = (s.number + line) % 10 and c.number = (s.number * 3 + line) % 500;

insert into allocations (set_id, consultant_id, product_line_id, position, minutes, is_primary)
select set_id, consultant_id, product_line_id, line, minutes, line = 1 from bench_pairs order by number, line;

insert into pair_balances (term_id, consultant_id, product_line_id, allocated_minutes, worked_minutes)
select term_id, consultant_id, product_line_id, minutes, case line when 1 then 30 else 0 end from bench_pairs order by number, line;

-- The primary consultant has worked half an hour.
create table bench_entries as select s.number, uuidv7() as id from bench_subscriptions s;

insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery,
  summary, package, accounting_month, recorded_at, recorded_by)
select e.id, s.id, s.term_id, s.starts_on + s.number % 28, 30, p.consultant_id, p.product_line_id, 'technical-advice', 'remote',
  'Advice on indexes', s.package, to_char(s.starts_on + s.number % 28, 'YYYY-MM'), '2026-05-01Z', u.id
from bench_subscriptions s
join bench_entries e on e.number = s.number
join bench_pairs p on p.number = s.number and p.line = 1
join bench_csms u on u.number = s.csm
order by s.number;

insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, time_entry_id, balance_after_minutes)
select uuidv7(), s.term_id, 2, 'use', -30, s.starts_on + s.number % 28, '2026-05-01Z', e.id, p.granted_minutes_sold - 30
from bench_subscriptions s
join bench_entries e on e.number = s.number
join bench_packages p on p.code = s.package
order by s.number;

-- Half of the seats are in use.
insert into seats (id, subscription_id, term_id, sequence, learner_name, learner_email, assigned_at, assigned_by)
select uuidv7(), s.id, s.term_id, seat, 'Learner ' || seat, 'learner-' || s.number || '-' || seat || '@customer.example',
  '2026-04-02Z', u.id
from bench_subscriptions s
join bench_packages p on p.code = s.package
join bench_csms u on u.number = s.csm cross join generate_series(1, (p.learning_seats + 1) / 2) as seat
order by s.number, seat;
