import type { EntityManager } from 'typeorm';

/** A database transaction. The entry point opens it and passes it as the first argument to every service and store. */
export interface Transaction {
  /** TypeORM in this transaction, for simple entities. */
  readonly manager: EntityManager;
  /** Runs plain SQL, one statement at a time: a transaction has one connection. */
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Runs a prepared statement: each connection parses it once. A name must always have the same SQL. */
  prepared<Row>(name: string, sql: string, values: unknown[]): Promise<Row[]>;
  /** Runs `effect` after the commit, e.g. to wake up the mail queue. An effect that fails is logged. */
  afterCommit(effect: () => void): void;
  /**
   * Runs `work` as a part of this transaction. If it throws, only what it wrote is rolled back, its effects after the commit are
   * dropped, and the transaction can go on. Parts may be nested, but not run at the same time.
   */
  withSavepoint<T>(work: () => Promise<T>): Promise<T>;
  /** Ends this transaction with a rollback instead of a commit, for instance for a dry run. The work still returns its result. */
  rollBackAtEnd(): void;
}

/** A transaction that sends statements without waiting for the results of earlier ones. */
export interface PipelinedTransaction extends Transaction {
  /**
   * Sends the statements that `statements` starts before it returns together (`StatementGroup`), and waits for all results. If one
   * fails, all fail.
   */
  together<T extends readonly unknown[]>(statements: () => T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
  /** Reads the transaction id, so that the outcome of a commit can be looked up if the connection breaks. Call it after the first lock. */
  identify(): Promise<void>;
  /** Sends a statement together with the commit. `statement` must start it at once. If it fails, the transaction fails. */
  last(statement: () => Promise<unknown>): void;
  /** Writes many rows (`copyRows`) by COPY. `into` names the table and its columns. */
  copyIn(into: string, rows: string): Promise<void>;
}
