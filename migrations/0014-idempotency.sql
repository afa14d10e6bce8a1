-- A request that is sent twice with one key is carried out once. The first answer is stored for thirty days.

-- up
create table idempotency_keys (
  -- sha-256 over user, method, path and key
  scope bytea constraint idempotency_keys_pk primary key,
  body_hash bytea not null,
  status smallint not null,
  answer json null,
  created_at timestamptz not null
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- down
drop table idempotency_keys;
