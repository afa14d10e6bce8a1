-- Creates five years of a vendor's work, without triggers. It omits the ledger, as no report of hours reads it. Each run creates the
-- same entries.

begin;
set local session_replication_role = replica;
select setseed(0.5);

create table bench_words as
select row_number() over () - 1 as place, text from unnest(array[
  'パフォーマンス改善の提案、',
  'Reviewed the execution plans of the nightly batch, ',
  'バージョンアップ計画のレビューと課題の整理。',
  '月次レポートの設定変更についてのご相談',
  'Health check of the production cluster; ',
  'インデックス設計の助言 (受注テーブル) ',
  'walked the team through the new features',
  '障害調査の結果報告および再発防止策のご説明',
  'gap analysis, first part: "as is" and to be, ',
  'バックアップ手順の確認',
  'training material prepared for operators ',
  '運用チーム向け勉強会（第2回）の準備と実施'
]) as text;

insert into users (id, name, email, role, created_at)
select uuidv7(), '担当 ' || number, 'csm-' || number || '@vendor.example', 'csm', '2021-01-01Z' from generate_series(1, 20) as number;
create table bench_csms as select row_number() over (order by id) - 1 as place, id from users where role = 'csm';

insert into consultants (id, name, email, created_at)
select uuidv7(), (array['佐藤', 'Smith', '鈴木', '高橋'])[1 + number % 4] || ' ' || number, 'consultant-' || number || '@vendor.example',
  '2021-01-01Z'
from generate_series(1, 400) as number;
create table bench_consultants as select row_number() over (order by id) - 1 as place, id from consultants;

insert into product_lines (id, code, name, created_at)
select uuidv7(), 'L' || number, 'Product line ' || number, '2021-01-01Z' from generate_series(0, 9) as number;
create table bench_product_lines as select row_number() over (order by id) - 1 as place, id from product_lines;

insert into customers (id, name, locale, time_zone, country, contacts, created_at)
select uuidv7(), case number % 3 when 0 then 'Customer, Inc. ' else '株式会社サンプル' end || number, 'ja', 'Asia/Tokyo', 'JP', '[]',
  '2021-01-01Z'
from generate_series(1, 500) as number;
create table bench_customers as select row_number() over (order by id) - 1 as place, id from customers;

-- 800 subscriptions have five terms each, of which the last is open. Their first terms start in the twelve months from April 2021.
create table bench_subscriptions as
select number, uuidv7() as id, customers.id as customer_id, csms.id as csm_id,
  (date '2021-04-01' + make_interval(months => number % 12))::date as anchor_on,
  (array['basic', 'premier', 'enterprise', 'dedicated'])[1 + number % 4] as package
from generate_series(0, 799) as number
join bench_customers customers on customers.place = number % 500
join bench_csms csms on csms.place = number % 20;

create table bench_terms as
select s.number as subscription, s.id as subscription_id, term as number, uuidv7() as id, uuidv7() as visit_id, s.package,
  (anchor_on + make_interval(years => term))::date as starts_on,
  (anchor_on + make_interval(years => term + 1))::date - 1 as ends_on
from bench_subscriptions s cross join generate_series(0, 4) as term;

insert into subscriptions (id, customer_id, csm_id, anchor_on, purchased_at, entered_at, entered_on, entered_by, status,
  pace_policy, current_term_id)
select s.id, s.customer_id, s.csm_id, s.anchor_on, '2021-03-01Z', '2021-03-01Z', '2021-03-01', s.csm_id, 'active', 'advise', t.id
from bench_subscriptions s join bench_terms t on t.subscription = s.number and t.number = 4;

insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_days, notice_deadline_on, lock_at,
  deadline_zone, package, package_version, status, renewal_state, closed_at)
select id, subscription_id, number, starts_on, ends_on, starts_on::timestamp at time zone 'Asia/Tokyo',
  (ends_on + 1)::timestamp at time zone 'Asia/Tokyo', 60, ends_on - 60, (ends_on - 59)::timestamp at time zone 'Asia/Tokyo',
  'Asia/Tokyo', package, '1',
  case number when 4 then 'open' else 'closed' end,
  case number when 4 then 'open' else 'renewed' end,
  case when number < 4 then (ends_on + 1)::timestamp at time zone 'Asia/Tokyo' end
from bench_terms;

insert into visits (id, subscription_id, term_id, starts_on, ends_on, place, status, created_at, created_by)
select t.visit_id, t.subscription_id, t.id, t.starts_on, t.ends_on, '大阪', 'done', '2021-03-01Z', s.csm_id
from bench_terms t join bench_subscriptions s on s.number = t.subscription;

analyze bench_subscriptions, bench_terms;

-- Entries have the order of their recording, some days after the work. Each subscription has two consultants with one product line each.
create table bench_entries as
select n, floor(random() * 800)::integer as subscription, floor(random() * 2)::integer as pair, random() < 0.05 as onsite,
  date '2022-04-01' + (n * 1459::bigint / :entries)::integer - floor(random() * 8)::integer as work_date,
  5 * (1 + floor(random() * 24)::integer) as minutes, floor(random() * 12)::integer as one, floor(random() * 12)::integer as two,
  random() as chance
from generate_series(1, :entries) as n;

insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery,
  visit_id, summary, reference, severity, package, accounting_month, recorded_at, recorded_by)
select uuidv7(), s.id, t.id, e.work_date, e.minutes, c.id, l.id,
  (array['technical-advice', 'best-practice', 'health-check', 'gap-analysis', 'upgrade', 'feature-adoption', 'enablement'])[1 + e.n % 7],
  case when e.onsite then 'onsite' else 'remote' end, case when e.onsite then t.visit_id end,
  one.text || ' ' || two.text || ' #' || e.n, case when e.chance < 0.3 then 'CS-' || e.n end,
  case when e.chance < 0.3 then 1 + e.n % 4 end, t.package, to_char(e.work_date, 'YYYY-MM'),
  timestamp '2022-04-01 09:00' + make_interval(secs => e.n * (1459.0 * 86400 / :entries)), s.csm_id
from bench_entries e
join bench_subscriptions s on s.number = e.subscription
join bench_terms t on t.subscription = e.subscription and e.work_date between t.starts_on and t.ends_on
join bench_consultants c on c.place = (e.subscription * 7 + e.pair * 211) % 400
join bench_product_lines l on l.place = (e.subscription + e.pair) % 10
join bench_words one on one.place = e.one
join bench_words two on two.place = e.two
order by e.n;

insert into time_entry_reversals (id, time_entry_id, reason, accounting_month, recorded_at, recorded_by)
select uuidv7(), id, '登録誤り', accounting_month, recorded_at + interval '2 days', recorded_by
from time_entries where hashtext(id::text) % 100 = 0;

create table bench_worked as
select e.term_id, e.consultant_id, e.product_line_id, e.work_date, sum(e.minutes) as minutes,
  coalesce(sum(e.minutes) filter (where e.delivery = 'onsite'), 0) as onsite_minutes
from time_entries e left join time_entry_reversals r on r.time_entry_id = e.id where r.id is null
group by e.term_id, e.consultant_id, e.product_line_id, e.work_date;

insert into pair_balances (term_id, consultant_id, product_line_id, worked_minutes)
select t.id, c.id, l.id, coalesce(w.minutes, 0)
from bench_terms t cross join generate_series(0, 1) as pair
join bench_consultants c on c.place = (t.subscription * 7 + pair * 211) % 400
join bench_product_lines l on l.place = (t.subscription + pair) % 10
left join (select term_id, consultant_id, product_line_id, sum(minutes) as minutes from bench_worked group by 1, 2, 3) w
  on (w.term_id, w.consultant_id, w.product_line_id) = (t.id, c.id, l.id);

-- The balances leave enough minutes for further bookings.
insert into balances (term_id, granted_minutes, used_minutes, committed_minutes, onsite_cap_minutes, onsite_used_minutes, max_seats)
select t.id, 200000000, coalesce(w.minutes, 0), coalesce(w.minutes, 0), 50000000, coalesce(w.onsite_minutes, 0), 1
from bench_terms t
left join (select term_id, sum(minutes) as minutes, sum(onsite_minutes) as onsite_minutes from bench_worked group by 1) w
  on w.term_id = t.id;

insert into consultant_days (consultant_id, day, minutes)
select consultant_id, work_date, least(sum(minutes), 1440) from bench_worked group by 1, 2;

drop table bench_words, bench_csms, bench_consultants, bench_product_lines, bench_customers, bench_subscriptions, bench_terms,
  bench_entries, bench_worked;
commit;
