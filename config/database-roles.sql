-- Creates the two roles of the service, or sets new passwords: trm_owner owns the tables and runs migrations, trm_service runs the
-- service. Objects in the schema public become the property of trm_owner. Run it as a superuser in the service's database; it can be
-- repeated. The settings trm.owner_password and trm.service_password contain the passwords.
do $$
declare
  part record;
begin
  if not exists (select from pg_roles where rolname = 'trm_owner') then
    create role trm_owner;
  end if;
  if not exists (select from pg_roles where rolname = 'trm_service') then
    create role trm_service;
  end if;
  execute format('alter role trm_owner login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password %L',
    current_setting('trm.owner_password'));
  execute format('alter role trm_service login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password %L',
    current_setting('trm.service_password'));
  execute format('alter database %I owner to trm_owner', current_database());
  execute format('grant connect, temporary on database %I to trm_owner, trm_service', current_database());
  grant usage, create on schema public to trm_owner;
  grant usage on schema public to trm_service;
  for part in
    select format('alter table %s owner to trm_owner', c.oid::regclass) as change, 1 as place
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and c.relowner <> 'trm_owner'::regrole
    union all
    select format('alter sequence %s owner to trm_owner', c.oid::regclass), 2
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' and c.relowner <> 'trm_owner'::regrole
      -- A sequence of a column changes its owner together with the table.
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i'))
    union all
    select format('alter routine %s owner to trm_owner', p.oid::regprocedure), 3
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proowner <> 'trm_owner'::regrole
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    order by place
  loop
    execute part.change;
  end loop;
end $$;
