-- Writes the same rows as the job `renewal-lock`, in one statement: locked renewals, higher revisions, and mails with their facts.
with locked as materialized (
  update terms t set renewal_state = 'locked', next_reminder_at = null
  where t.renewal_state = 'open' and t.lock_at <= $1
  returning t.id, t.subscription_id, t.number, t.starts_on, t.ends_on, t.notice_deadline_on, t.renewal_state, t.package
), raised as (
  update subscriptions s set revision = revision + 1 from locked where s.id = locked.subscription_id
), facts as materialized (
  select t.id as term_id, t.subscription_id, c.locale, c.contacts, u.name as csm_name, u.email as csm_email,
    jsonb_build_object('term', jsonb_build_object(
      'number', t.number, 'anchorOn', s.anchor_on, 'startsOn', t.starts_on, 'endsOn', t.ends_on,
      'noticeDeadlineOn', t.notice_deadline_on, 'renewalState', t.renewal_state, 'package', t.package,
      'grantedMinutes', b.granted_minutes, 'usedMinutes', b.used_minutes,
      'remainingMinutes', b.granted_minutes - b.used_minutes - b.expired_minutes, 'lastSequence', b.last_sequence,
      'seatsInUse', b.seats_used, 'maxSeats', b.max_seats, 'customerName', c.name, 'timeZone', c.time_zone,
      'country', c.country, 'csmName', u.name, 'csmEmail', u.email,
      'renewsAs', jsonb_build_object('code', p.code, 'version', p.version))) as facts
  from locked t
  join subscriptions s on s.id = t.subscription_id
  join customers c on c.id = s.customer_id
  join users u on u.id = s.csm_id
  join balances b on b.term_id = t.id
  join bench_packages p on p.code = t.package
), recipients as (
  select facts.*, 'customer' as role, contact->>'name' as name, contact->>'email' as address
  from facts cross join jsonb_array_elements(contacts) as contact where contact->'roles' ? 'renewal'
  union all
  select facts.*, 'csm', csm_name, csm_email from facts
)
insert into mails (id, kind, subscription_id, term_id, recipient_role, recipient_name, recipient_address, locale, message_id,
  facts, queued_at, status, next_attempt_at)
select id, 'renewal-locked', subscription_id, term_id, role, name, address, locale, id || '@localhost', facts, $1, 'queued', $1
from (select uuidv7() as id, recipients.* from recipients) mail
on conflict (term_id, kind, occasion, lower(recipient_address), recipient_role) do nothing;
