-- The product line of every standing entry is enrolled on its work day, and no day has more product lines than its package allows. A
-- change replaces several enrolments, so both are checked at the end of the transaction. Earlier days are not checked.

-- up
create function check_enrolled_work() returns trigger language plpgsql as $$
begin
  if exists (
    select from time_entries e
    where e.subscription_id = old.subscription_id and e.product_line_id = old.product_line_id
      and e.work_date >= old.from_on and (old.until_on is null or e.work_date < old.until_on)
      and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
      and not exists (select from enrolments n
        where n.subscription_id = e.subscription_id and n.product_line_id = e.product_line_id
          and n.from_on <= e.work_date and (n.until_on is null or e.work_date < n.until_on))
  ) then
    raise exception 'a product line stays enrolled on the days on which it was worked on'
      using errcode = 'integrity_constraint_violation', constraint = 'enrolments_keep_work';
  end if;
  return null;
end $$;
create constraint trigger enrolments_keep_work_delete after delete on enrolments deferrable initially deferred
  for each row execute function check_enrolled_work();
create constraint trigger enrolments_keep_work_update after update of until_on, from_on on enrolments deferrable initially deferred
  for each row when ((new.from_on, new.until_on) is distinct from (old.from_on, old.until_on))
  execute function check_enrolled_work();

create function check_enrolled_lines() returns trigger language plpgsql as $$
declare
  -- the first day with one product line more than before
  since date := case when tg_op = 'INSERT' then new.from_on else coalesce(old.until_on, new.from_on) end;
begin
  if exists (
    select from (
      select since as day union select from_on from enrolments where subscription_id = new.subscription_id and from_on > since
    ) days
    join terms t on t.subscription_id = new.subscription_id and days.day between t.starts_on and t.ends_on
    cross join lateral (
      select max_product_lines from term_packages where term_id = t.id and effective_on <= days.day order by sequence desc limit 1
    ) sold
    where sold.max_product_lines < (
      select count(*) from enrolments e
      where e.subscription_id = new.subscription_id and e.from_on <= days.day and (e.until_on is null or days.day < e.until_on))
  ) then
    raise exception 'more product lines are enrolled on a day than the package allows'
      using errcode = 'integrity_constraint_violation', constraint = 'enrolments_within_package';
  end if;
  return null;
end $$;
create constraint trigger enrolments_within_package_insert after insert on enrolments deferrable initially deferred
  for each row execute function check_enrolled_lines();
create constraint trigger enrolments_within_package_update after update of until_on on enrolments deferrable initially deferred
  for each row when (old.until_on is not null and (new.until_on is null or new.until_on > old.until_on))
  execute function check_enrolled_lines();

-- down
drop trigger enrolments_within_package_update on enrolments;
drop trigger enrolments_within_package_insert on enrolments;
drop function check_enrolled_lines();
drop trigger enrolments_keep_work_update on enrolments;
drop trigger enrolments_keep_work_delete on enrolments;
drop function check_enrolled_work();
