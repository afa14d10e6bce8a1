-- Late work in a closed term may use all that expired of it. Nobody can change the allocations of a closed term any more, so the sum
-- over its pairs of max(allocation, worked) may pass what was granted; what was worked never does, by balances_never_overdrawn.

-- up
alter table balances
  drop constraint balances_commitments_within_grant,
  add constraint balances_commitments_within_grant
    check (committed_minutes >= 0 and (closed or committed_minutes <= granted_minutes));

-- down
-- the version before holds closed terms to the same sum: where late work has passed it, their allocations give way
update pair_balances p set allocated_minutes = least(p.allocated_minutes, p.worked_minutes)
from balances b where b.term_id = p.term_id and b.committed_minutes > b.granted_minutes;
alter table balances
  drop constraint balances_commitments_within_grant,
  add constraint balances_commitments_within_grant check (committed_minutes between 0 and granted_minutes);
