import type { ChunkResult, DueCounts, DueJob, DueWorkCounts, TermEvent } from './due-job.js';

/** The events that a dry run lists at most. */
const mostEvents = 200;

/** The result of one transaction. */
export interface ChunkDone<C extends DueCounts> extends ChunkResult<C> {
  busy: number;
}

/** One run of a job, with its counts so far. */
export class DueRun<C extends DueCounts> {
  quarantined = 0;
  busy = 0;
  /** Events, collected in a dry run only. */
  readonly happened: TermEvent[] = [];
  readonly #counts: DueCounts;

  constructor(
    readonly job: DueJob<C>,
    readonly now: Date,
    readonly isDry: boolean,
  ) {
    this.#counts = { ...job.nothing };
  }

  add({ counts, happened, busy }: ChunkDone<C>): void {
    for (const [name, count] of Object.entries(counts)) this.#counts[name] = (this.#counts[name] ?? 0) + count;
    this.busy += busy;
    this.#collect(happened);
  }

  fail(failed: TermEvent): void {
    this.quarantined += 1;
    this.#collect([failed]);
  }

  allCounts(): C & DueWorkCounts {
    return { ...(this.#counts as C), setAside: this.quarantined, busy: this.busy };
  }

  #collect(events: readonly TermEvent[]): void {
    if (this.isDry) this.happened.push(...events.slice(0, mostEvents - this.happened.length));
  }
}
