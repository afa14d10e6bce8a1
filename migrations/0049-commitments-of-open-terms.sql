-- Late work in a closed term may use all minutes that expired. Allocations of a closed term can no longer change, so the sum over its
-- pairs of max(allocation, worked) may exceed the granted minutes. The worked minutes never do (balances_never_overdrawn).

-- up
alter table balances
  drop constraint balances_commitments_within_grant,
  add constraint balances_commitments_within_grant
    check (committed_minutes >= 0 and (closed or committed_minutes <= granted_minutes));

-- down
-- the older version applies the limit to closed terms too: where late work exceeds it, the allocations are reduced
update pair_balances p set allocated_minutes = least(p.allocated_minutes, p.worked_minutes)
from balances b where b.term_id = p.term_id and b.committed_minutes > b.granted_minutes;
alter table balances
  drop constraint balances_commitments_within_grant,
  add constraint balances_commitments_within_grant check (committed_minutes between 0 and granted_minutes);
