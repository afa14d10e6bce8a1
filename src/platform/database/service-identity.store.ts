import type { Transaction } from './transaction.js';
import type { HoldReason, ServiceIdentity } from './service-identity.js';

/** The accepted identity, and since when and why mails are held. */
export interface KeptIdentity extends ServiceIdentity {
  heldSince: Date | null;
  heldBecause: HoldReason[];
}

/** The part of the identity that the database itself knows. */
export async function identityOfDatabase(
  tx: Transaction,
): Promise<Pick<ServiceIdentity, 'systemIdentifier' | 'databaseOid'>> {
  const [row] = await tx.query<{ databaseOid: number; isReadable: boolean }>(
    `select oid::bigint as "databaseOid", has_function_privilege('pg_control_system()', 'execute') as "isReadable"
     from pg_database where datname = current_database()`,
  );
  const { databaseOid, isReadable } = row!;
  if (!isReadable) return { databaseOid, systemIdentifier: null };
  const [cluster] = await tx.query<{ id: string }>('select system_identifier::text as id from pg_control_system()');
  return { databaseOid, systemIdentifier: cluster!.id };
}

/** Locks and returns the accepted identity. At the first start, accepts `present`. */
export async function lockIdentity(tx: Transaction, present: ServiceIdentity, now: Date): Promise<KeptIdentity> {
  await tx.query(
    `insert into service_identity (system_identifier, database_oid, public_address, data_folder, accepted_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [...valuesOf(present), now],
  );
  const [kept] = await tx.query<KeptIdentity>(`select ${identityColumns} from service_identity for update`);
  return kept!;
}

/** Undefined before the first start. */
export async function findIdentity(tx: Transaction): Promise<KeptIdentity | undefined> {
  const [kept] = await tx.query<KeptIdentity>(`select ${identityColumns} from service_identity`);
  return kept;
}

export async function holdMails(tx: Transaction, because: readonly HoldReason[], since: Date): Promise<void> {
  await tx.query('update service_identity set mails_held_since = $1, mails_held_because = $2', [since, because]);
}

/** Adds the cluster's identifier, which could not be read before. */
export async function completeIdentity(tx: Transaction, { systemIdentifier }: ServiceIdentity): Promise<void> {
  await tx.query('update service_identity set system_identifier = coalesce(system_identifier, $1)', [systemIdentifier]);
}

/** Accepts an identity, and releases the mails. */
export async function acceptIdentity(
  tx: Transaction,
  identity: ServiceIdentity,
  by: { userId: string; at: Date },
): Promise<void> {
  await tx.query(
    `update service_identity set system_identifier = $1, database_oid = $2, public_address = $3, data_folder = $4,
       accepted_at = $5, accepted_by = $6, mails_held_since = null, mails_held_because = '{}'`,
    [...valuesOf(identity), by.at, by.userId],
  );
}

const valuesOf = ({ systemIdentifier, databaseOid, publicAddress, dataFolder }: ServiceIdentity) => [
  systemIdentifier,
  databaseOid,
  publicAddress,
  dataFolder,
];

const identityColumns = `system_identifier as "systemIdentifier", database_oid as "databaseOid",
  public_address as "publicAddress", data_folder as "dataFolder", mails_held_since as "heldSince",
  mails_held_because as "heldBecause"`;
