-- A report schedule may name roles of its customer's contacts instead of addresses, because the addresses of contacts change.

-- up
alter table report_schedules
  -- roles of the customer's contacts at the time of sending
  add column recipient_roles text[] not null default '{}',
  add constraint report_schedules_roles_known check (recipient_roles <@ array['renewal', 'usage', 'billing']),
  add constraint report_schedules_roles_of_a_customer check (recipient_roles = '{}' or customer_id is not null),
  add constraint report_schedules_have_recipients
    check (jsonb_array_length(recipients) > 0 or cardinality(recipient_roles) > 0);

-- one reason sends one mail; a role without a contact is a separate reason, also for a recipient of the report
drop index mails_one_per_report;
create unique index mails_one_per_report on mails (report_schedule_id, kind, occasion, lower(recipient_address))
  where report_schedule_id is not null;

-- down
-- the older table cannot hold a schedule with only roles, so it is not sent any more
update report_schedules set deleted_at = coalesce(deleted_at, now()), next_at = null
  where jsonb_array_length(recipients) = 0;
alter table mail_attempts disable trigger user;
delete from mail_attempts where mail_id in (select id from mails where kind = 'report-contact-missing');
alter table mail_attempts enable trigger user;
alter table mails disable trigger user;
delete from mails where kind = 'report-contact-missing';
alter table mails enable trigger user;
drop index mails_one_per_report;
create unique index mails_one_per_report on mails (report_schedule_id, occasion, lower(recipient_address))
  where report_schedule_id is not null;
alter table report_schedules
  drop constraint report_schedules_have_recipients,
  drop constraint report_schedules_roles_of_a_customer,
  drop constraint report_schedules_roles_known,
  drop column recipient_roles;
