/** What a run has seen, counted by name. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.counts.set(name, this.of(name) + by);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Those whose name begins so, without that beginning, the most frequent first. */
  under(prefix: string): [name: string, count: number][] {
    return [...this.counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
      .sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
  }
}
