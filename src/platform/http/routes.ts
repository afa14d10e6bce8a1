/** The routes of the service, to distinguish a wrong method (405) from an unknown address (404). */
export class Routes {
  readonly #byPattern = new Map<string, { path: RegExp; methods: Set<string> }>();

  add(url: string, methods: string | string[]): void {
    // Nest's own catch-all for unknown addresses is not a route.
    if (url.includes('*')) return;
    const pattern = `^${url.replace(/[.$()]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}/?$`;
    const known = this.#byPattern.get(pattern) ?? { path: new RegExp(pattern), methods: new Set() };
    for (const method of [methods].flat()) known.methods.add(method);
    this.#byPattern.set(pattern, known);
  }

  methodsOf(path: string): string[] {
    const matching = [...this.#byPattern.values()].filter((route) => route.path.test(path));
    return [...new Set(matching.flatMap((route) => [...route.methods]))].sort();
  }
}
