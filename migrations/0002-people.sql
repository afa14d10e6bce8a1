-- Users in one of four roles, their tokens (only hashes), and the user who entered a customer.

-- up
create table users (
  id uuid constraint users_pk primary key,
  name text not null,
  email text not null,
  role text not null constraint users_role_known check (role in ('admin', 'csm', 'finance', 'customer')),
  customer_id uuid null constraint users_customer_fk references customers (id),
  version integer not null default 1,
  created_at timestamptz not null,
  constraint users_customer_of_role check ((role = 'customer') = (customer_id is not null))
);
create unique index users_email_once on users (lower(email));

create table api_tokens (
  id uuid constraint api_tokens_pk primary key,
  user_id uuid not null constraint api_tokens_user_fk references users (id),
  name text not null,
  token_hash bytea not null constraint api_tokens_hash_once unique,
  expires_on date null,
  created_at timestamptz not null,
  revoked_at timestamptz null
);
create index api_tokens_user on api_tokens (user_id);

alter table customers add column entered_by uuid null constraint customers_entered_by_fk references users (id);
create index customers_entered_by on customers (entered_by);

-- down
alter table customers drop column entered_by;
drop table api_tokens;
drop table users;
