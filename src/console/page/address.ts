/** A path with a query. Values that are undefined or empty are left out. */
export function addressOf(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => {
    return value === undefined || value === '' ? [] : [[name, String(value)]];
  });
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
