-- A mail server that does not answer cost every mail a time-out and a retry. Now all instances share the state of the server. While it
-- does not answer, one mail at a time tries again.

-- up
create table mail_server (
  -- one row
  id boolean constraint mail_server_pk primary key default true constraint mail_server_once check (id),
  -- connections that failed since the server's last answer
  failures integer not null default 0,
  failing_since timestamptz null,
  last_error text null,
  -- set after too many failed connections: no mail is sent before this moment, and then only one
  probe_at timestamptz null,
  constraint mail_server_failing_since check ((failures = 0) = (failing_since is null) and (failures = 0) = (last_error is null)),
  constraint mail_server_probed_while_failing check (failures > 0 or probe_at is null)
);
insert into mail_server default values;

-- attempts that use up no retry: those before a user had the mail sent again, and those that never reached the mail server
alter table mails rename column attempts_before_resend to attempts_uncounted;

-- down
alter table mails rename column attempts_uncounted to attempts_before_resend;
drop table mail_server;
