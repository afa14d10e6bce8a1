-- The parties: customers who buy, consultants who work, and product lines that are supported.

-- up
create table customers (
  id uuid constraint customers_pk primary key,
  name text not null,
  locale text not null constraint customers_locale_known check (locale in ('ja', 'en')),
  time_zone text not null,
  country text null,
  contacts jsonb not null default '[]',
  version integer not null default 1,
  created_at timestamptz not null
);

create table consultants (
  id uuid constraint consultants_pk primary key,
  name text not null,
  email text not null,
  version integer not null default 1,
  created_at timestamptz not null
);
create unique index consultants_email_once on consultants (lower(email));

create table product_lines (
  id uuid constraint product_lines_pk primary key,
  code text not null constraint product_lines_code_once unique,
  name text not null,
  version integer not null default 1,
  created_at timestamptz not null
);

-- down
drop table product_lines;
drop table consultants;
drop table customers;
