-- The subscriptions on which the floor books: pgbench chooses them by number.
create table floor_targets (
  number integer primary key,
  subscription_id uuid not null,
  term_id uuid not null,
  consultant_ids uuid[] not null,
  product_line_id uuid not null,
  user_id uuid not null
);
