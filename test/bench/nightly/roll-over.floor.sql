-- Writes the same rows as the job `term-roll-over`, in one statement. The triggers write the balances. bench_days has the instants,
-- which SQL must not compute.
with due as materialized (
  select t.id as closed_id, t.subscription_id, t.number, t.starts_on, t.ends_on, t.ends_at, t.notice_deadline_on, t.package,
    t.package_version, t.renewal_state = 'declined' as ends, s.anchor_on, s.csm_id, c.name as customer_name, c.time_zone,
    c.country, c.locale, c.contacts, b.granted_minutes, b.used_minutes, b.expired_minutes,
    b.granted_minutes - b.used_minutes - b.expired_minutes as remaining_minutes, b.last_sequence, b.max_seats,
    case when t.renewal_state <> 'declined' then uuidv7() end as next_id
  from terms t
  join subscriptions s on s.id = t.subscription_id
  join customers c on c.id = s.customer_id
  join balances b on b.term_id = t.id
  where t.status = 'open' and t.ends_at <= $1
  order by t.ends_at, t.id
), next_terms as materialized (
  select due.*, d.starts_on as next_starts_on, d.ends_on as next_ends_on, d.starts_at as next_starts_at, d.ends_at as next_ends_at,
    d.notice_days as next_notice_days, d.notice_deadline_on as next_notice_deadline_on, d.lock_at as next_lock_at, d.next_reminder_at, d.next_alert_at, d.next_statement_at, p.*
  from due
  join bench_days d on d.term = 1 and d.time_zone = due.time_zone and d.starts_on = due.ends_on + 1
  join bench_packages p on p.code = due.package
  where due.next_id is not null
), closed as (
  update terms t set status = 'closed', renewal_state = case when due.ends then 'ended' else 'renewed' end, closed_at = $1,
    next_reminder_at = null, next_alert_at = null
  from due where t.id = due.closed_id
  returning t.id
), opened as (
  insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_days, notice_deadline_on, lock_at,
    next_reminder_at, next_alert_at, next_statement_at, deadline_zone, package, package_version, status, renewal_state)
  select next_id, subscription_id, number + 1, next_starts_on, next_ends_on, next_starts_at, next_ends_at, next_notice_days,
    next_notice_deadline_on, next_lock_at, next_reminder_at, next_alert_at, next_statement_at, time_zone, code, version, 'open', 'open'
  -- A subscription has only one open term, so the old term must close before the new one opens.
  from closed join next_terms on next_terms.closed_id = closed.id
), packaged as (
  insert into term_packages (term_id, sequence, package, package_version, effective_on, granted_minutes, onsite_cap_percent,
    max_visits, learning_seats, max_consultants, max_product_lines)
  select next_id, 0, code, version, next_starts_on, granted_minutes_sold, onsite_cap_percent, max_visits,
    learning_seats, max_consultants, max_product_lines
  from next_terms
), balanced as (
  insert into balances (term_id, onsite_cap_minutes, max_visits, max_seats, alert_from_minutes)
  select next_id, onsite_cap_minutes, max_visits, learning_seats, alert_from_minutes from next_terms
), turned as (
  update subscriptions s set status = case when due.ends then 'ended' else 'active' end,
    current_term_id = coalesce(due.next_id, due.closed_id), next_package = null, version = version + 1, revision = revision + 1
  from due where s.id = due.subscription_id
), sets as materialized (
  select next_id, next_starts_on, uuidv7() as id, old.id as old_id, old.sequence, next_terms.granted_minutes, granted_minutes_sold
  from next_terms
  join lateral (
    select id, sequence from allocation_sets where term_id = closed_id order by sequence desc limit 1
  ) old on true
), carried_sets as (
  insert into allocation_sets (id, term_id, sequence, from_on, set_at)
  select id, next_id, sequence + 1, next_starts_on, $1 from sets
), lines as materialized (
  select sets.id, next_id, a.consultant_id, a.product_line_id, a.position, a.is_primary,
    a.minutes::bigint * granted_minutes_sold / sets.granted_minutes as minutes
  from sets join allocations a on a.set_id = sets.old_id
), carried_lines as (
  insert into allocations (set_id, consultant_id, product_line_id, position, minutes, is_primary)
  select id, consultant_id, product_line_id, position, minutes, is_primary from lines
), carried_pairs as (
  insert into pair_balances (term_id, consultant_id, product_line_id, allocated_minutes)
  select next_id, consultant_id, product_line_id, minutes from lines
  on conflict (term_id, consultant_id, product_line_id) do update set allocated_minutes = excluded.allocated_minutes
), expired_seats as (
  update seats s set ended_at = due.ends_at, ended_because = 'expired'
  from due where s.term_id = due.closed_id and s.ended_at is null
), carried_seats as (
  insert into seats (id, subscription_id, term_id, sequence, learner_name, learner_email, assigned_at)
  select uuidv7(), subscription_id, next_id, place, learner_name, learner_email, next_starts_at
  from (
    select n.subscription_id, n.next_id, n.next_starts_at, n.learning_seats, s.learner_name, s.learner_email,
      row_number() over (partition by s.term_id order by s.sequence) as place
    from next_terms n join seats s on s.term_id = n.closed_id and s.ended_at is null
  ) held
  where place <= learning_seats
), held_seats as (
  select s.term_id, count(*) as held from due join seats s on s.term_id = due.closed_id and s.ended_at is null group by 1
), facts as materialized (
  select closed_id as term_id, subscription_id, ends, locale, contacts, u.name as csm_name, u.email as csm_email,
    jsonb_build_object('term', jsonb_build_object(
      'number', number, 'anchorOn', anchor_on, 'startsOn', due.starts_on, 'endsOn', due.ends_on,
      'noticeDeadlineOn', due.notice_deadline_on, 'renewalState', case when ends then 'ended' else 'renewed' end,
      'package', due.package, 'grantedMinutes', due.granted_minutes, 'usedMinutes', used_minutes, 'remainingMinutes', 0,
      'lastSequence', last_sequence + 1, 'seatsInUse', 0, 'maxSeats', max_seats, 'customerName', customer_name,
      'timeZone', due.time_zone, 'country', country, 'csmName', u.name, 'csmEmail', u.email,
      'renewsAs', jsonb_build_object('code', p.code, 'version', p.version)),
      'turn', jsonb_build_object(
        'packageBefore', jsonb_build_object('code', package, 'version', package_version),
        'packageAfter', case when not ends then jsonb_build_object('code', p.code, 'version', p.version) end,
        'next', case when not ends then jsonb_build_object('termId', next_id, 'number', number + 1, 'startsOn', d.starts_on,
          'endsOn', d.ends_on, 'noticeDeadlineOn', d.notice_deadline_on) end,
        'expiredMinutes', remaining_minutes, 'seatsDropped', case when ends then coalesce(held, 0) else 0 end,
        'consultantsDropped', '[]'::jsonb, 'productLinesDropped', '[]'::jsonb)) as facts
  from due
  join users u on u.id = due.csm_id
  join bench_packages p on p.code = due.package
  join bench_days d on d.term = 1 and d.time_zone = due.time_zone and d.starts_on = due.ends_on + 1
  left join held_seats h on h.term_id = due.closed_id
), recipients as (
  select facts.*, 'customer' as role, contact->>'name' as name, contact->>'email' as address
  from facts cross join jsonb_array_elements(contacts) as contact where contact->'roles' ? 'renewal'
  union all
  select facts.*, 'csm', csm_name, csm_email from facts
), mailed as (
  insert into mails (id, kind, subscription_id, term_id, recipient_role, recipient_name, recipient_address, locale, message_id,
    facts, queued_at, status, next_attempt_at)
  select id, case when ends then 'term-ended' else 'term-renewed' end, subscription_id, term_id, role, name, address, locale,
    id || '@localhost', facts, $1, 'queued', $1
  from (select uuidv7() as id, recipients.* from recipients) mail
  on conflict (term_id, kind, occasion, lower(recipient_address), recipient_role) do nothing
)
-- This insert comes last in the text, but runs before those above: minutes must be granted before they are allocated.
insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, balance_after_minutes)
select uuidv7(), closed_id, last_sequence + 1, 'expiry', -remaining_minutes, ends_on, $1::timestamptz, 0 from due
where remaining_minutes > 0
union all
select uuidv7(), next_id, 1, 'grant', granted_minutes_sold, next_starts_on, $1, granted_minutes_sold from next_terms;
