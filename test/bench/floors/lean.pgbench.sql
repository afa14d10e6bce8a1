\set number random(1, :targets)
\set consultant random(1, 3)
\set ago random(0, 13)
with target as (
  select term_id, consultant_ids[:consultant] as consultant_id, product_line_id, date '2026-07-10' - cast(:ago as integer) as day
  from lean.targets where number = :number
), balance as materialized (
  select b.term_id, b.last_sequence + 1 as sequence, b.granted_minutes - b.used_minutes - 1 as balance_after_minutes
  from lean.balances b where b.term_id = (select term_id from target) and b.granted_minutes - b.used_minutes >= 1
  for update
), pair as (
  insert into lean.pairs as p (term_id, consultant_id, product_line_id, worked_minutes)
  select term_id, consultant_id, product_line_id, 1 from target join balance using (term_id)
  on conflict (term_id, consultant_id, product_line_id) do update set worked_minutes = p.worked_minutes + 1
), day as (
  insert into lean.consultant_days as d (consultant_id, day, minutes)
  select consultant_id, day, 1 from target join balance using (term_id)
  on conflict (consultant_id, day) do update set minutes = (d.minutes + 1) % 1440
), entry as (
  insert into lean.entries (id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery, summary, recorded_at)
  select gen_random_uuid(), term_id, day, 1, consultant_id, product_line_id, 'technical-advice', 'remote', 'Advice on indexes', now()
  from target join balance using (term_id)
  returning id, term_id, work_date
)
insert into lean.ledger (term_id, sequence, minutes, effective_on, entry_id, balance_after_minutes)
select term_id, sequence, -1, work_date, entry.id, balance_after_minutes
from entry join balance using (term_id);
