import { Refusal } from '../../domain/refusal.js';
import { FairQueue } from './fair-queue.js';

interface Waiting<Order, Answer> {
  order: Order;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface BatcherOptions<Order> {
  /** The weight of an order, for instance the number of its items. */
  weightOf: (order: Order) => number;
  /** The user who sent the order. Users are served in turn, by weight. */
  userOf: (order: Order) => string;
  /** The weight of a full batch. A heavier order goes alone. */
  fullWeight: number;
  /** The weight that can wait. If the waiting orders of a user weigh more than the room that is left, further ones are refused. */
  mostWaitingWeight: number;
  /** Whether to retry a failed batch order by order. Not if the database is away, because then all would fail. */
  retryAlone: (error: unknown) => boolean;
}

/**
 * Collects the orders that arrive during a batch, and runs them together as the next batch. There is no timer: if no batch is
 * running, an order starts at once, and under load the batches grow by themselves. Users are served in turn, so the many orders
 * of one user do not hold up the few of another.
 *
 * `work` returns one answer for each order of a batch. If it fails, every order is run alone, so that only the faulty order fails.
 *
 * dataloader, which gathers too, starts a batch at each turn of the event loop, not when the batch before it has ended, and takes
 * the orders of all users as they come.
 */
export class Batcher<Order, Answer> {
  readonly #waiting: FairQueue<Waiting<Order, Answer>>;
  #atWork: Promise<void> | undefined;

  constructor(
    private readonly work: (orders: Order[]) => Promise<Answer[]>,
    private readonly options: BatcherOptions<Order>,
  ) {
    this.#waiting = new FairQueue(options.mostWaitingWeight);
  }

  /** @throws Refusal `overloaded` when too much of its user is waiting already; else whatever `work` throws for this order alone */
  submit(order: Order): Promise<Answer> {
    const { userOf, weightOf } = this.options;
    return new Promise((resolve, reject) => {
      if (!this.#waiting.add({ order, resolve, reject }, userOf(order), weightOf(order))) {
        reject(new Refusal('overloaded', {}, { retryAfterSeconds: 1 }));
        return;
      }
      this.#atWork ??= this.#workThrough();
    });
  }

  /** Ends when nothing is waiting or being worked on, and everybody has an answer. */
  async idle(): Promise<void> {
    await this.#atWork;
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #workThrough(): Promise<void> {
    // What was submitted in the same turn of the event loop belongs into the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const settle = await this.#workOn(this.#waiting.take(this.options.fullWeight));
      // Answering takes the processor for a while: the next batch is sent on its way first.
      setImmediate(settle);
    }
    this.#atWork = undefined;
  }

  /** Works on a batch, and returns what tells its submitters the outcome. */
  async #workOn(batch: Waiting<Order, Answer>[]): Promise<() => void> {
    try {
      const answers = await this.work(batch.map(({ order }) => order));
      return () => batch.forEach(({ resolve }, index) => resolve(answers[index]!));
    } catch (error) {
      if (batch.length === 1 || !this.options.retryAlone(error)) {
        return () => batch.forEach(({ reject }) => reject(error));
      }
      const settled: (() => void)[] = [];
      for (const waiting of batch) settled.push(await this.#workOn([waiting]));
      return () => settled.forEach((settle) => settle());
    }
  }
}
