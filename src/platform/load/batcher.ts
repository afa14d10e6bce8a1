import { Refusal } from '../../domain/refusal.js';
import { FairQueue } from './fair-queue.js';

interface Waiting<Order, Answer> {
  order: Order;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface BatcherOptions<Order> {
  /** What one order weighs, for instance its lines. */
  weightOf: (order: Order) => number;
  /** The user whose order it is: users are served in turn, by weight. */
  userOf: (order: Order) => string;
  /** A batch is full when it weighs so much; a single heavier order goes alone. */
  fullWeight: number;
  /** The weight that can wait. A user whose waiting orders weigh more than what is still free is refused further ones. */
  mostWaitingWeight: number;
  /** Whether a failed batch may be tried again order by order: not when the database is away, for then all would fail. */
  retryAlone: (error: unknown) => boolean;
}

/**
 * Gathers the orders that arrive while a batch is being worked on and hands them over together when it is done. There is
 * no timer: an order that finds nobody at work is begun at once, and under load the batches grow by themselves. Users
 * are served in turn, so that the many orders of one do not hold up the few of another.
 *
 * `work` answers each order of a batch in its place. When it fails, every order is worked on alone, so that what failed
 * the batch fails only the order that it came from.
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
