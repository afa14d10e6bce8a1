import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { CopyIn } from './copy-in.js';
import type { PipelinedTransaction } from './transaction.js';

const logger = new Logger('Database');

/** A transaction on a connection of `pg`, from its BEGIN to its COMMIT. `Database` opens and ends it. */
export class OpenTransaction implements PipelinedTransaction {
  /** The transaction id, after `identify`. */
  xid: string | undefined;
  readonly #effects: (() => void)[] = [];
  readonly #last: (() => Promise<unknown>)[] = [];
  #manager?: EntityManager;
  #ended = false;
  #rollsBack = false;

  constructor(
    private readonly client: PoolClient,
    private readonly dataSource: DataSource,
  ) {}

  get manager(): EntityManager {
    this.#mustBeOpen();
    if (!this.#manager) {
      // TypeORM's own BEGIN takes several statements and has no READ ONLY. So TypeORM gets a connection with an open transaction.
      const runner = this.dataSource.createQueryRunner();
      Object.assign(runner, { databaseConnection: this.client, isTransactionActive: true, transactionDepth: 1 });
      this.#manager = runner.manager;
    }
    return this.#manager;
  }

  async query<Row>(sql: string, values?: unknown[]): Promise<Row[]> {
    this.#mustBeOpen();
    return (await this.client.query(sql, values)).rows as Row[];
  }

  async prepared<Row>(name: string, sql: string, values: unknown[]): Promise<Row[]> {
    this.#mustBeOpen();
    return (await this.client.query({ name, text: sql, values })).rows as Row[];
  }

  afterCommit(effect: () => void): void {
    this.#mustBeOpen();
    this.#effects.push(effect);
  }

  async withSavepoint<T>(work: () => Promise<T>): Promise<T> {
    const effectsBefore = this.#effects.length;
    // Parts end in the reverse order of their start, and SQL takes the newest savepoint of a name. So one name is enough.
    await this.query('savepoint part');
    try {
      const result = await work();
      await this.query('release savepoint part');
      return result;
    } catch (error) {
      this.#effects.length = effectsBefore;
      await this.query('rollback to savepoint part; release savepoint part');
      throw error;
    }
  }

  rollBackAtEnd(): void {
    this.#rollsBack = true;
  }

  get rollsBack(): boolean {
    return this.#rollsBack;
  }

  async together<T extends readonly unknown[]>(
    statements: () => T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
    return Promise.all(this.#inOnePiece(statements));
  }

  copyIn(into: string, rows: string): Promise<void> {
    this.#mustBeOpen();
    return new Promise((resolve, reject) => {
      this.client.query(new CopyIn(into, rows, (error) => (error ? reject(error) : resolve())));
    });
  }

  async identify(): Promise<void> {
    const sql = 'SELECT pg_current_xact_id_if_assigned()::text AS xid';
    const [row] = await this.prepared<{ xid: string | null }>('transaction-id', sql, []);
    this.xid = row?.xid ?? undefined;
  }

  /** Without this, each statement is a write to the socket of its own, and each wakes the server. */
  #inOnePiece<T>(send: () => T): T {
    const { stream } = (this.client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    try {
      return send();
    } finally {
      stream.uncork();
    }
  }

  last(statement: () => Promise<unknown>): void {
    this.#last.push(statement);
  }

  async commit(): Promise<void> {
    const [{ command }] = await this.together(() => {
      const last = this.#last.map((send) => send());
      return [this.client.query('COMMIT'), ...last] as const;
    });
    if (command !== 'COMMIT') throw new Error('A statement failed without being awaited. Nothing was committed.');
  }

  end(): void {
    this.#ended = true;
  }

  runEffects(): void {
    for (const effect of this.#effects) {
      try {
        effect();
      } catch (error) {
        logger.error('An effect after a commit failed', error instanceof Error ? error.stack : String(error));
      }
    }
  }

  /** Without this check, a forgotten `await` would write into the next transaction on the same connection. */
  #mustBeOpen(): void {
    if (this.#ended) throw new Error('This transaction has ended. An await is missing.');
  }
}
