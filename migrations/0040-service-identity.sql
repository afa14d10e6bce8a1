-- A restored dump would mail real customers. So the database stores its identity, and the service notices that it runs on a copy.

-- up
create table service_identity (
  -- one row, written at the first start
  id boolean constraint service_identity_pk primary key default true constraint service_identity_once check (id),
  -- of the PostgreSQL cluster; null if the service may not read it
  system_identifier text null,
  database_oid bigint not null,
  -- host and path of the public address; all addresses of the own machine count as one
  public_address text not null,
  -- the folder of the embedded database; null for any other database
  data_folder text null,
  accepted_at timestamptz not null,
  -- the administrator who released the mails; null for the first start
  accepted_by uuid null constraint service_identity_accepted_by_fk references users (id),
  mails_held_since timestamptz null,
  mails_held_because text[] not null default '{}',
  constraint service_identity_held_for_a_reason
    check ((mails_held_since is null) = (cardinality(mails_held_because) = 0)),
  constraint service_identity_reasons_known check (
    mails_held_because <@ array['other-cluster', 'other-database', 'other-address', 'other-folder'])
);

-- down
drop table service_identity;
