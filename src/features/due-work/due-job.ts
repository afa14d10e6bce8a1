import type { Transaction } from '../../platform/database/transaction.js';
import type { DueTerm, DueTerms } from './due-terms.js';

/** What happened to a term, or would happen. */
export interface TermEvent {
  subscriptionId: string;
  termId: string;
  /** For instance `renewed`; `set-aside` if the term was put into quarantine. */
  what: string;
  /** Why the term was put into quarantine. */
  error?: string;
}

export type DueCounts = Record<string, number>;

/** What a job did for a chunk. */
export interface ChunkResult<C extends DueCounts> {
  counts: C;
  happened: readonly TermEvent[];
}

/** The jobs that work on subscriptions in chunks, in the order of the job schedule. */
export const dueJobNames = [
  'renewal-lock',
  'term-roll-over',
  'renewal-reminders',
  'pace-alerts',
  'usage-statements',
] as const;

/** The declaration of a job that finds the subscriptions with something due and works on them in chunks. */
export interface DueJob<C extends DueCounts = DueCounts> {
  /** The name in the job schedule, under which the quarantine stores failures. */
  readonly name: (typeof dueJobNames)[number];
  /** How many subscriptions share a transaction. */
  readonly chunkSize: number;
  /** The counts of a run that finds nothing to do. */
  readonly nothing: C;
  /** Which terms are due, and when. */
  readonly due: DueTerms;
  /**
   * Does the work for a chunk. The subscriptions are locked. Their terms were found due before that and may be done by
   * now, so `work` checks each one again.
   */
  work(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<ChunkResult<C>>;
}

/**
 * `setAside` counts subscriptions that failed and went into quarantine. `busy` counts subscriptions that another
 * transaction kept locked: the next run takes them.
 */
export type DueWorkCounts = Readonly<Record<'setAside' | 'busy', number>>;

export interface DueWorkOptions {
  /** Whether a subscription in quarantine is retried when its pause is over, or at once because a person asked. */
  retry?: 'when-due' | 'at-once';
  chunkSize?: number;
}

/** What a run would do. */
export interface DryRun {
  counts: Readonly<DueCounts>;
  /** The first events, in order. */
  wouldHappen: TermEvent[];
}
