-- Each term stores when its pace is checked next, when its use is stated next, and which alerts it has given.

-- up
alter table terms
  add column next_alert_at timestamptz null,
  add column next_statement_at timestamptz null;
create index terms_alert_due on terms (next_alert_at, id) where next_alert_at is not null;
create index terms_statement_due on terms (next_statement_at, id) where next_statement_at is not null;

-- the used minutes from which a check of the alerts is worthwhile; not indexed, because bookings change the row, and an index would
-- cost each of them
alter table balances add column alert_from_minutes integer null;

-- open terms are checked as soon as the jobs run; their statements start with the next month, which the first run finds
update terms set next_alert_at = starts_at, next_statement_at = starts_at where status = 'open';

create table usage_alerts (
  term_id uuid not null constraint usage_alerts_term_fk references terms (id),
  alert text not null constraint usage_alerts_alert_known check (alert ~ '^(used-[1-9][0-9]{0,2}|ahead|behind|expiring)$'),
  given_at timestamptz not null,
  -- false: a higher threshold was reached at the same time and its mail was sent instead
  mailed boolean not null,
  -- the facts when the alert was given
  granted_minutes integer not null,
  used_minutes integer not null,
  planned_minutes integer not null,
  expiring_minutes integer not null,
  -- once each per term
  constraint usage_alerts_pk primary key (term_id, alert)
);
create trigger usage_alerts_append_only before update or delete on usage_alerts
  for each row execute function refuse_change();
create trigger usage_alerts_keep before truncate on usage_alerts
  for each statement execute function refuse_change();

-- The moment is that of the ledger entry, because contracts follow the service's clock, not the database's.
create function call_for_alerts() returns trigger language plpgsql as $$
begin
  update terms t set next_alert_at = l.recorded_at
  from ledger_entries l
  where t.id = new.term_id and l.term_id = new.term_id and l.sequence = new.last_sequence
    and (t.next_alert_at is null or t.next_alert_at > l.recorded_at);
  return null;
end $$;

-- Only if an alert can be due: a booking reaches the stored minutes, time is reversed, or an upgrade adds minutes. The first grant of
-- a term does not count.
create trigger balances_call_for_alerts after update of granted_minutes, used_minutes on balances
  for each row when (not new.closed and (
    (new.used_minutes >= new.alert_from_minutes and old.used_minutes < old.alert_from_minutes)
    or new.used_minutes < old.used_minutes
    or (new.granted_minutes <> old.granted_minutes and old.granted_minutes > 0)))
  execute function call_for_alerts();

-- down
drop trigger balances_call_for_alerts on balances;
drop function call_for_alerts();
drop table usage_alerts;
alter table balances drop column alert_from_minutes;
alter table terms drop column next_statement_at, drop column next_alert_at;
