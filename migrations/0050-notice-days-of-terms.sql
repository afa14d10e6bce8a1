-- The setting noticeDays may change. So each term stores the number of days by which its last day for a notice was computed, and each
-- notice stores the deadline by which it was judged.

-- up
alter table terms
  -- the days between the last day for a notice and the last day of the term
  add column notice_days integer null;
update terms set notice_days = ends_on - notice_deadline_on;
alter table terms
  alter column notice_days set not null,
  add constraint terms_notice_days_lead_to_deadline check (notice_deadline_on = ends_on - notice_days);

alter table non_renewal_notices
  -- the deadline when the notice was recorded; a notice received at or after this instant is late
  add column deadline_at timestamptz null;
alter table non_renewal_notices disable trigger non_renewal_notices_record;
update non_renewal_notices n set deadline_at = coalesce(
  (select m.lock_at_before from deadline_moves m where m.term_id = n.term_id and m.moved_at > n.recorded_at order by m.id limit 1),
  t.lock_at)
from terms t where t.id = n.term_id;
alter table non_renewal_notices enable trigger non_renewal_notices_record;
alter table non_renewal_notices alter column deadline_at set not null;

-- down
alter table non_renewal_notices drop column deadline_at;
alter table terms
  drop constraint terms_notice_days_lead_to_deadline,
  drop column notice_days;
