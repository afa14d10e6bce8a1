-- The months that finance has closed. A closed month takes no new time entry.

-- up
create table accounting_periods (
  month text constraint accounting_periods_pk primary key
    constraint accounting_periods_month_form check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  status text not null constraint accounting_periods_status_known check (status in ('open', 'closed')),
  closed_at timestamptz null,
  closed_by uuid null constraint accounting_periods_closed_by_fk references users (id),
  constraint accounting_periods_closed_when check ((status = 'closed') <= (closed_at is not null))
);

-- down
drop table accounting_periods;
