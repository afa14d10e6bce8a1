-- Adds the work of the subscriptions numbered :from to :to of the portfolio, with the triggers of the service, so that each balance follows
-- from its ledger. :today is the day of the bench, and :daily the number of entries that a subscription has on each day of its term.

-- A term with more granted minutes has longer entries. Some terms are ahead of their plan and some behind it.
create temporary table work on commit drop as
select uuidv7() as id, s.id as subscription_id, s.term_id, p.consultant_id, p.product_line_id, p.line,
  s.starts_on + ((n - 1) / :daily)::integer as work_date, n,
  greatest(1, round(k.granted_minutes_sold / 365.0 / :daily * (0.3 + s.number % 7 * 0.1))::integer) as minutes,
  s.package, u.id as csm_id, s.number
from bench_subscriptions s
join bench_packages k on k.code = s.package
join bench_csms u on u.number = s.csm
cross join lateral generate_series(1, floor((date ':today' - s.starts_on) * :daily)::integer) as n
join bench_pairs p on p.number = s.number and p.line = 1 + n % k.max_product_lines
where s.number between :from and :to and s.starts_on < date ':today';

insert into pair_balances as b (term_id, consultant_id, product_line_id, worked_minutes)
select term_id, consultant_id, product_line_id, sum(minutes) from work group by 1, 2, 3
on conflict (term_id, consultant_id, product_line_id) do update set worked_minutes = b.worked_minutes + excluded.worked_minutes;

insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery,
  summary, reference, package, accounting_month, recorded_at, recorded_by)
select id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id,
  (array['technical-advice', 'best-practice', 'health-check', 'gap-analysis', 'upgrade', 'feature-adoption', 'enablement'])[1 + n % 7],
  'remote',
  (array['Reviewed the execution plans of the nightly batch', 'バージョンアップ計画のレビューと課題の整理',
    'Health check of the production cluster', 'インデックス設計の助言（受注テーブル）'])[1 + n % 4] || ' #' || n,
  case n % 3 when 0 then 'CS-' || number * 1000 + n / 6 end, package, to_char(work_date, 'YYYY-MM'),
  work_date + time '09:00' + interval '1 day', csm_id
from work order by number, n;

insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, time_entry_id, balance_after_minutes)
select uuidv7(), w.term_id, b.last_sequence + n, 'use', -w.minutes, w.work_date, w.work_date + time '09:00' + interval '1 day', w.id,
  b.granted_minutes - b.used_minutes - sum(w.minutes) over (partition by w.term_id order by n)
from work w join balances b on b.term_id = w.term_id
order by w.number, w.n;

insert into consultant_days as d (consultant_id, day, minutes)
select consultant_id, work_date, sum(minutes) from work group by 1, 2
on conflict (consultant_id, day) do update set minutes = d.minutes + excluded.minutes;
