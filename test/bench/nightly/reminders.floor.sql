-- Writes the same rows as the job `renewal-reminders` on the night of the first reminder, in one statement: the same row locks, the
-- mails with their facts, and the time of the next reminder. bench_days has the instants.
with due as materialized (
  select t.id, t.subscription_id, t.number, t.starts_on, t.ends_on, t.notice_deadline_on, t.lock_at, t.renewal_state, t.package,
    s.anchor_on, s.customer_id, s.csm_id
  from terms t join subscriptions s on s.id = t.subscription_id
  where t.next_reminder_at <= $1
  order by t.next_reminder_at, t.id
  for no key update of s
), planned as (
  update terms t set next_reminder_at = d.second_reminder_at, deadline_announced = true
  from due
  join customers c on c.id = due.customer_id
  join bench_days d on d.term = 0 and d.time_zone = c.time_zone and d.starts_on = due.starts_on
  where t.id = due.id
), facts as materialized (
  select due.id as term_id, due.subscription_id, due.lock_at, c.locale, c.contacts, u.name as csm_name, u.email as csm_email,
    jsonb_build_object('term', jsonb_build_object(
      'number', due.number, 'anchorOn', due.anchor_on, 'startsOn', due.starts_on, 'endsOn', due.ends_on,
      'noticeDeadlineOn', due.notice_deadline_on, 'renewalState', due.renewal_state, 'package', due.package,
      'grantedMinutes', b.granted_minutes, 'usedMinutes', b.used_minutes,
      'remainingMinutes', b.granted_minutes - b.used_minutes - b.expired_minutes, 'lastSequence', b.last_sequence,
      'seatsInUse', b.seats_used, 'maxSeats', b.max_seats, 'customerName', c.name, 'timeZone', c.time_zone,
      'country', c.country, 'csmName', u.name, 'csmEmail', u.email,
      'renewsAs', jsonb_build_object('code', p.code, 'version', p.version))) as facts
  from due
  join customers c on c.id = due.customer_id
  join users u on u.id = due.csm_id
  join balances b on b.term_id = due.id
  join bench_packages p on p.code = due.package
), recipients as (
  select facts.*, 'customer' as role, contact->>'name' as name, contact->>'email' as address
  from facts cross join jsonb_array_elements(contacts) as contact where contact->'roles' ? 'renewal'
  union all
  select facts.*, 'csm', csm_name, csm_email from facts
)
insert into mails (id, kind, subscription_id, term_id, recipient_role, recipient_name, recipient_address, locale, message_id,
  facts, queued_at, valid_until, status, next_attempt_at)
select id, 'renewal-reminder-90', subscription_id, term_id, role, name, address, locale, id || '@localhost', facts, $1, lock_at,
  'queued', $1
from (select uuidv7() as id, recipients.* from recipients) mail
on conflict (term_id, kind, occasion, lower(recipient_address), recipient_role) do nothing;
