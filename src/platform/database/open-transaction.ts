import { Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { CopyIn } from './copy-in.js';
import { StatementGroup, type GroupedStatement, type StatementResult } from './statement-group.js';
import type { PipelinedTransaction } from './transaction.js';

const logger = new Logger('Database');

type NewStatement = { name?: string; text: string; values?: unknown[] };

/** A transaction on a connection of `pg`, from its BEGIN to its COMMIT. `Database` opens and ends it. */
export class OpenTransaction implements PipelinedTransaction {
  /** The transaction id, after `identify`. */
  xid: string | undefined;
  readonly #effects: (() => void)[] = [];
  readonly #last: (() => Promise<unknown>)[] = [];
  #manager?: EntityManager;
  #ended = false;
  #rollsBack = false;
  /** Statements of a pipelined transaction that wait for others, to be sent with them. */
  #gathered: GroupedStatement[] = [];
  #isGathering = false;

  /** `pipelined`: the transaction sends statements in groups (`StatementGroup`). */
  constructor(
    private readonly client: PoolClient,
    private readonly dataSource: DataSource,
    private readonly pipelined: boolean,
  ) {}

  /** Begins the transaction. If it is pipelined, BEGIN goes out together with the first statements of the work. */
  async begin(sql: string): Promise<void> {
    if (!this.pipelined) await this.client.query(sql);
    // If BEGIN fails, the statements after it fail with the same error.
    else this.#gather({ text: sql, values: [] }).catch(() => undefined);
  }

  get manager(): EntityManager {
    this.#mustBeOpen();
    this.#sendGathered();
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
    return (await this.#run({ text: sql, values })).rows as Row[];
  }

  async prepared<Row>(name: string, sql: string, values: unknown[]): Promise<Row[]> {
    this.#mustBeOpen();
    return (await this.#run({ name, text: sql, values })).rows as Row[];
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
      await this.query('rollback to savepoint part');
      await this.query('release savepoint part');
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
    this.#isGathering = true;
    let sent: T;
    try {
      sent = statements();
    } finally {
      this.#isGathering = false;
      this.#sendGathered();
    }
    return Promise.all(sent);
  }

  copyIn(into: string, rows: string): Promise<void> {
    this.#mustBeOpen();
    this.#sendGathered();
    return new Promise((resolve, reject) => {
      this.client.query(new CopyIn(into, rows, (error) => (error ? reject(error) : resolve())));
    });
  }

  async identify(): Promise<void> {
    const sql = 'SELECT pg_current_xact_id_if_assigned()::text AS xid';
    const [row] = await this.prepared<{ xid: string | null }>('transaction-id', sql, []);
    this.xid = row?.xid ?? undefined;
  }

  last(statement: () => Promise<unknown>): void {
    this.#last.push(statement);
  }

  async commit(): Promise<void> {
    const results = await this.together(() => [...this.#last.map((send) => send()), this.#commit()]);
    if (results.at(-1) !== 'COMMIT')
      throw new Error('A statement failed without being awaited. Nothing was committed.');
  }

  /** Returns the command tag: `ROLLBACK` if the server could not commit. */
  async #commit(): Promise<string> {
    if (!this.pipelined) return (await this.client.query('COMMIT')).command;
    return (await this.#gather({ text: 'COMMIT', values: [] })).tag;
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

  #run(statement: NewStatement): Promise<Pick<StatementResult, 'rows'>> {
    if (!this.pipelined) return this.client.query<Record<string, unknown>>(statement);
    const result = this.#gather(statement);
    if (!this.#isGathering) this.#sendGathered();
    return result;
  }

  #gather({ values = [], ...statement }: NewStatement): Promise<StatementResult> {
    return new Promise((resolve, reject) => this.#gathered.push({ ...statement, values, resolve, reject }));
  }

  #sendGathered(): void {
    if (this.#gathered.length === 0) return;
    this.client.query(new StatementGroup(this.#gathered));
    this.#gathered = [];
  }

  /** Without this check, a forgotten `await` would write into the next transaction on the same connection. */
  #mustBeOpen(): void {
    if (this.#ended) throw new Error('This transaction has ended. An await is missing.');
  }
}
