/** What tells a database from its copies. */
export interface ServiceIdentity {
  /** Of the PostgreSQL cluster: a restore into another cluster changes it, a failover does not. Null where it is not readable. */
  systemIdentifier: string | null;
  /** A restore into another database of the same cluster changes it. */
  databaseOid: number;
  /** From `publicAddressOf`. */
  publicAddress: string;
  /** Where the embedded database lies, as a copy of its files has the same ids; null for another database. */
  dataFolder: string | null;
}

/** How a database differs from the one that it was. */
export type IdentityChange = 'other-cluster' | 'other-database' | 'other-address' | 'other-folder';

/**
 * How the present identity differs from the kept one; empty where it is the same. What is not known on one side is not
 * compared: it may have become readable since.
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

/** The address of the own machine, whatever its port: developers and tests start again on other ports. */
const ownMachine = 'localhost';

/** Host and path of a public URL. The scheme does not count: a service that gets a certificate is no copy. */
export function publicAddressOf(publicUrl: string): string {
  const { hostname, host, pathname } = new URL(publicUrl);
  if (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)) return ownMachine;
  return host + pathname.replace(/\/+$/, '');
}
