import type { Job, JobName } from './job.js';

/** What is due at a moment, and what falls due after it. */
export class DueTimes {
  readonly #overdue = new Set<JobName>();
  readonly #upcoming = new Map<JobName, Date>();
  readonly #timed = new Set<JobName>();

  note({ name, due }: Job, { isOverdue, next }: { isOverdue: boolean; next: Date | undefined }): void {
    if (isOverdue) this.#overdue.add(name);
    if (next) this.#upcoming.set(name, next);
    if (due === 'timed') this.#timed.add(name);
  }

  /** The next moment at which something falls due; undefined where nothing will as things stand. */
  next(): Date | undefined {
    return earliest([...this.#upcoming.values()]);
  }

  /** The next moment at which something falls due that is not only due because time has passed. */
  nextOwed(): Date | undefined {
    return earliest([...this.#upcoming].filter(([name]) => !this.#timed.has(name)).map(([, moment]) => moment));
  }

  /** Which jobs are due by a moment, what is overdue included. */
  dueBy(moment: Date): ReadonlySet<JobName> {
    const due = new Set(this.#overdue);
    for (const [name, at] of this.#upcoming) if (at <= moment) due.add(name);
    return due;
  }

  /** Whether of these jobs all are only due because time has passed. */
  areTimed(names: ReadonlySet<JobName>): boolean {
    return [...names].every((name) => this.#timed.has(name));
  }
}

function earliest(moments: readonly Date[]): Date | undefined {
  return moments.length === 0 ? undefined : new Date(Math.min(...moments.map((moment) => moment.getTime())));
}
