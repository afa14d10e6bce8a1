import { Client } from 'pg';
import { withMigrationLock } from './migrations.js';
import { misconfigured } from '../settings/start-error.js';

/**
 * Grants the user of `serviceUrl` the rights that the service needs on the tables of the user of `ownerUrl`: to read and insert rows,
 * and to update or delete rows of tables that are not append-only. It cannot truncate, alter or drop a table, nor disable a
 * trigger. Call it after the migrations, at every start.
 * @throws StartError with exit code 78 if the two addresses name different databases
 */
export async function grantToService(ownerUrl: string, serviceUrl: string): Promise<void> {
  const service = await roleAt(serviceUrl);
  await withMigrationLock(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ here: boolean }>(
      `select oid = $1 and exists (select from pg_roles where rolname = $2) as here
       from pg_database where datname = current_database()`,
      [service.database, service.name],
    );
    if (!rows[0]!.here)
      throw misconfigured('DATABASE_OWNER_URL and DATABASE_URL name different databases. Both must name the same one.');
    await owner.query('begin');
    await owner.query(`select set_config('trm.service_role', $1, true)`, [service.name]);
    await owner.query(grants);
    await owner.query('commit');
  });
}

/** Whether the user of an address could disable the triggers that keep the ledger append-only, as a superuser or as the owner can. */
export async function ownsTables(url: string): Promise<boolean> {
  return connectedTo(url, async (client) => {
    const { rows } = await client.query<{ owns: boolean }>(
      `select exists (select from pg_class where oid = to_regclass('ledger_entries')
         and pg_has_role(current_user, relowner, 'member')) as owns`,
    );
    return rows[0]!.owns;
  });
}

function roleAt(url: string): Promise<{ name: string; database: number }> {
  return connectedTo(url, async (client) => {
    const { rows } = await client.query<{ name: string; database: number }>(
      'select current_user::text as name, oid as database from pg_database where datname = current_database()',
    );
    return rows[0]!;
  });
}

async function connectedTo<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'trm-service start' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * The triggers decide which tables are append-only: a table with a `refuse_change` trigger gets no right to update or delete. Tables
 * that triggers maintain (balances, days of terms, months) get no right to write, except for a few columns of the balances.
 */
const grants = `
do $$
declare
  service text := quote_ident(current_setting('trm.service_role'));
  place text := quote_ident(current_schema());
  owned record;
begin
  execute format('grant usage on schema %s to %s', place, service);
  execute format('alter default privileges in schema %s grant select, insert on tables to %s', place, service);
  for owned in
    select c.oid::regclass as name, c.relkind,
      exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
        where t.tgrelid = c.oid and p.proname = 'refuse_change' and t.tgtype & 19 = 19 and t.tgattr = '' and t.tgqual is null)
        as refuses_update,
      exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
        where t.tgrelid = c.oid and p.proname = 'refuse_change' and t.tgtype & 11 = 11 and t.tgqual is null) as refuses_delete
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
      -- What somebody else has put there is not the service's.
      and pg_has_role(c.relowner, 'usage')
  loop
    if owned.relkind = 'S' then
      execute format('grant usage, select on sequence %s to %s', owned.name, service);
    else
      execute format('revoke all on %s from %s', owned.name, service);
      execute format('grant select, insert%s%s on %s to %s', case when not owned.refuses_update then ', update' end,
        case when not owned.refuses_delete then ', delete' end, owned.name, service);
    end if;
  end loop;
  execute format('revoke insert, update, delete on migrations, term_days, balances from %s', service);
  execute format('grant insert (term_id, onsite_cap_minutes, max_visits, max_seats, alert_from_minutes) on balances to %s', service);
  execute format('grant update (onsite_cap_minutes, max_visits, max_seats, alert_from_minutes, closed) on balances to %s', service);
  execute format('revoke update, delete on accounting_periods from %s', service);
end $$`;
