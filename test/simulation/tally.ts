/** Counts the events of a run by name. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.counts.set(name, this.of(name) + by);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** The counts whose names start with a prefix, without the prefix, in descending order. */
  under(prefix: string): [name: string, count: number][] {
    return [...this.counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
      .sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
  }
}
