-- A subscription that a job cannot handle is quarantined: it delays no others, is retried after growing pauses, and is listed until it
-- succeeds.

-- up
create table set_asides (
  job text not null,
  subscription_id uuid not null,
  -- the term that was due
  term_id uuid not null,
  error text not null,
  since timestamptz not null,
  last_tried_at timestamptz not null,
  tries integer not null constraint set_asides_tried check (tries > 0),
  try_again_at timestamptz not null,
  constraint set_asides_pk primary key (job, subscription_id),
  constraint set_asides_term_fk foreign key (term_id, subscription_id) references terms (id, subscription_id),
  constraint set_asides_pause check (try_again_at > last_tried_at)
);
create index set_asides_due on set_asides (job, try_again_at);

-- down
drop table set_asides;
