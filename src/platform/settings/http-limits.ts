/** How long connections may take, and how much they may hold. `HTTP_LIMITS` changes single values. */
export interface HttpLimits {
  /** From the first byte of a request, or the opening of the connection, to the end of its headers. */
  readonly headersMs: number;
  /** To the end of the body, from the moment at which the sender is known. Streamed files have no such limit. */
  readonly bodyMs: number;
  /** Between two requests on one connection. */
  readonly idleMs: number;
  /** From SIGTERM to the end of the process. */
  readonly stopMs: number;
  /** Open connections, at most half from one address; one more is closed at once. */
  readonly connections: number;
  /** Bytes of bodies that are still arriving, over all connections; one sender may hold half of it. */
  readonly bufferedBytes: number;
  /** The least rate at which a streamed file is read or sent: a report, an archive, an import. */
  readonly leastBytesPerSecond: number;
  /** How long a streamed file may stand still. */
  readonly patienceMs: number;
  /** Bytes of files that lie on the disk until they are imported; one user may hold half of it. */
  readonly spooledBytes: number;
}

/** What a setting is called, which value it changes, and how many milliseconds or bytes its unit has. */
const settings: Readonly<Record<string, { field: keyof HttpLimits; unit: number; byDefault: number }>> = {
  // A client on the slowest line sends its headers in one piece.
  headers: { field: 'headersMs', unit: 1_000, byDefault: 20 },
  // A batch of 2 MiB needs 35 KB a second.
  body: { field: 'bodyMs', unit: 1_000, byDefault: 60 },
  // Longer than the 60 seconds of common load balancers, which then close idle connections first.
  idle: { field: 'idleMs', unit: 1_000, byDefault: 72 },
  // Kubernetes kills after 30 seconds.
  stop: { field: 'stopMs', unit: 1_000, byDefault: 25 },
  connections: { field: 'connections', unit: 1, byDefault: 4_000 },
  buffer: { field: 'bufferedBytes', unit: 1024 * 1024, byDefault: 64 },
  // Half a megabit a second: less than any DSL, 3G or hotel network that is in use. A slower reader still gets files up to the
  // four megabytes that fit into the patience, and can ask for fewer months. A million short rows are sent within half an hour.
  rate: { field: 'leastBytesPerSecond', unit: 1024, byDefault: 64 },
  // A phone that changes cells, or a proxy that reconnects, is back within a minute.
  patience: { field: 'patienceMs', unit: 1_000, byDefault: 60 },
  // Half of it is the largest file that is taken.
  spool: { field: 'spooledBytes', unit: 1024 * 1024, byDefault: 2_048 },
};

export const defaultHttpLimits = limitsWith({});

/**
 * Reads settings separated by commas, such as `body=120,stop=25`: seconds, a number of connections, MiB, KiB a second.
 * @throws Error with a sentence for the operator
 */
export function readHttpLimits(text: string): HttpLimits {
  const given: Record<string, number> = {};
  for (const entry of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([a-z]+)=(\d{1,6}(?:\.\d{1,3})?)\s*$/.exec(entry) ?? [];
    if (!Object.hasOwn(settings, name) || Number(value) === 0) {
      const names = Object.keys(settings).join(', ');
      throw new Error(
        `must be numbers above 0 for some of ${names}, such as body=120,stop=25, not ${JSON.stringify(entry.slice(0, 80))}`,
      );
    }
    given[name] = Number(value);
  }
  return limitsWith(given);
}

function limitsWith(given: Readonly<Record<string, number>>): HttpLimits {
  const values = Object.entries(settings).map(([name, { field, unit, byDefault }]) => [
    field,
    Math.ceil((given[name] ?? byDefault) * unit),
  ]);
  return Object.fromEntries(values) as Record<keyof HttpLimits, number>;
}
