-- After a restart, a simulated clock continues from the stored moment.

-- up
create table simulated_clock (
  id boolean constraint simulated_clock_pk primary key default true constraint simulated_clock_one_row check (id),
  now_at timestamptz not null
);

-- down
drop table simulated_clock;
