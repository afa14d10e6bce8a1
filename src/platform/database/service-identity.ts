/** The values by which the service recognises a copy of its database. */
export interface ServiceIdentity {
  /** Of the PostgreSQL cluster. A restore into another cluster changes it, a failover does not. Null if it cannot be read. */
  systemIdentifier: string | null;
  /** A restore into another database of the same cluster changes it. */
  databaseOid: number;
  /** From `publicAddressOf`. */
  publicAddress: string;
  /** The folder of the embedded database, because a copy of its files has the same ids; null for any other database. */
  dataFolder: string | null;
}

/** A difference between the present identity and the accepted one. */
export type IdentityChange = 'other-cluster' | 'other-database' | 'other-address' | 'other-folder';

/** Why the database says that mails are held: it looks like a copy, or an administrator asked for it. */
export type HoldReason = IdentityChange | 'administrator';

/**
 * The differences between the present identity and the accepted one; empty if they are the same. A value that is unknown on one side
 * is not compared: it may have become readable later.
 */
export function identityChanges(kept: ServiceIdentity, present: ServiceIdentity): IdentityChange[] {
  return [
    ...(areOther(kept.systemIdentifier, present.systemIdentifier) ? ['other-cluster' as const] : []),
    ...(kept.databaseOid !== present.databaseOid ? ['other-database' as const] : []),
    ...(kept.publicAddress !== present.publicAddress ? ['other-address' as const] : []),
    ...(areOther(kept.dataFolder, present.dataFolder) ? ['other-folder' as const] : []),
  ];
}

const areOther = (kept: string | null, present: string | null): boolean =>
  kept !== null && present !== null && kept !== present;

/** Addresses of the own machine count as equal whatever their port, because developers and tests restart on other ports. */
const ownMachine = 'localhost';

/** Host and path of a public URL. The scheme does not count: a service that moves to https is no copy. */
export function publicAddressOf(publicUrl: string): string {
  const { hostname, host, pathname } = new URL(publicUrl);
  if (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)) return ownMachine;
  return host + pathname.replace(/\/+$/, '');
}
