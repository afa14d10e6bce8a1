import type { Job, JobName } from './job.js';

/** The jobs that are due at a moment, and when each is due next. */
export class DueTimes {
  readonly #overdue = new Set<JobName>();
  readonly #upcoming = new Map<JobName, Date>();
  readonly #timed = new Set<JobName>();

  note({ name, due }: Job, { isOverdue, next }: { isOverdue: boolean; next: Date | undefined }): void {
    if (isOverdue) this.#overdue.add(name);
    if (next) this.#upcoming.set(name, next);
    if (due === 'timed') this.#timed.add(name);
  }

  /** The next moment at which something falls due; undefined if nothing is planned. */
  next(): Date | undefined {
    return earliest([...this.#upcoming.values()]);
  }

  /** As `next`, without the `timed` jobs, which run each night. */
  nextBacklog(): Date | undefined {
    return earliest([...this.#upcoming].filter(([name]) => !this.#timed.has(name)).map(([, moment]) => moment));
  }

  /** The jobs that are due by a moment, including overdue ones. */
  dueBy(moment: Date): ReadonlySet<JobName> {
    const due = new Set(this.#overdue);
    for (const [name, at] of this.#upcoming) if (at <= moment) due.add(name);
    return due;
  }

  /** Whether all of the given jobs are `timed`. */
  areTimed(names: ReadonlySet<JobName>): boolean {
    return [...names].every((name) => this.#timed.has(name));
  }
}

function earliest(moments: readonly Date[]): Date | undefined {
  return moments.length === 0 ? undefined : new Date(Math.min(...moments.map((moment) => moment.getTime())));
}
