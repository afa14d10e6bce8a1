/** Limits of time and memory for connections. `HTTP_LIMITS` changes single values. */
export interface HttpLimits {
  /** From opening the connection, or from the first byte of a request, to the end of the headers. */
  readonly headersMs: number;
  /** From authentication to the end of the body. Streamed files have no such limit. */
  readonly bodyMs: number;
  /** Between two requests on a connection. */
  readonly idleMs: number;
  /** From SIGTERM to the end of the process. */
  readonly stopMs: number;
  /** Open connections, at most half of them from one address. Further connections are closed at once. */
  readonly connections: number;
  /** Bytes of bodies that are still arriving on all connections. One sender may use half of it. */
  readonly bufferedBytes: number;
  /** The minimum rate of a streamed file: a report, an archive or an import. */
  readonly leastBytesPerSecond: number;
  /** How long a streamed file may be stalled. */
  readonly patienceMs: number;
  /** Bytes on disk of files that are being imported. One user may use half of it. */
  readonly spooledBytes: number;
}

/** The name of each setting, the value that it changes, and its unit in milliseconds or bytes. */
const settings: Readonly<Record<string, { field: keyof HttpLimits; unit: number; byDefault: number }>> = {
  // Even a slow client sends its headers in one packet.
  headers: { field: 'headersMs', unit: 1_000, byDefault: 20 },
  // A batch of 2 MiB needs 35 KB a second.
  body: { field: 'bodyMs', unit: 1_000, byDefault: 60 },
  // Longer than the 60 seconds of common load balancers, so that they close idle connections first.
  idle: { field: 'idleMs', unit: 1_000, byDefault: 72 },
  // Kubernetes kills after 30 seconds.
  stop: { field: 'stopMs', unit: 1_000, byDefault: 25 },
  connections: { field: 'connections', unit: 1, byDefault: 4_000 },
  buffer: { field: 'bufferedBytes', unit: 1024 * 1024, byDefault: 64 },
  // Half a megabit a second: less than any DSL, 3G or hotel network. A slower reader still gets files of up to four megabytes
  // within `patience`, and can request fewer months. A million short rows take half an hour.
  rate: { field: 'leastBytesPerSecond', unit: 1024, byDefault: 64 },
  // A phone that changes cells and a proxy that reconnects are back within a minute.
  patience: { field: 'patienceMs', unit: 1_000, byDefault: 60 },
  // Half of it is the largest file that can be imported.
  spool: { field: 'spooledBytes', unit: 1024 * 1024, byDefault: 2_048 },
};

export const defaultHttpLimits = limitsWith({});

/**
 * Reads settings separated by commas, such as `body=120,stop=25`. Units are seconds, connections, MiB and KiB per second.
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
