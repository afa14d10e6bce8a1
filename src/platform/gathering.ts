import { Refusal } from '../domain/refusals.js';

interface Waiting<Order, Answer> {
  order: Order;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface GatheringOptions<Order> {
  /** What one order weighs, for instance its lines. */
  weightOf: (order: Order) => number;
  /** A batch is full when it weighs so much; a single heavier order goes alone. */
  fullWeight: number;
  /** Beyond so much waiting weight an order is refused instead of growing the memory. */
  mostWaitingWeight: number;
  /** Whether a failed batch may be tried again order by order: not when the database is away, for then all would fail. */
  retryAlone: (error: unknown) => boolean;
}

/**
 * Gathers the orders that arrive while a batch is being worked on and hands them over together when it is done. There is
 * no timer: an order that finds nobody at work is begun at once, and under load the batches grow by themselves.
 *
 * `work` answers each order of a batch in its place. When it fails, every order is worked on alone, so that what failed
 * the batch fails only the order that it came from.
 */
export class Gathering<Order, Answer> {
  readonly #waiting: Waiting<Order, Answer>[] = [];
  #waitingWeight = 0;
  #atWork: Promise<void> | undefined;

  constructor(
    private readonly work: (orders: Order[]) => Promise<Answer[]>,
    private readonly options: GatheringOptions<Order>,
  ) {}

  /** @throws Refusal `overloaded` when too much is waiting already; else whatever `work` throws for this order alone */
  submit(order: Order): Promise<Answer> {
    const weight = this.options.weightOf(order);
    if (this.#waitingWeight > 0 && this.#waitingWeight + weight > this.options.mostWaitingWeight) {
      return Promise.reject(new Refusal('overloaded', {}, { retryAfterSeconds: 1 }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      this.#waitingWeight += weight;
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
      const settle = await this.#workOn(this.#nextBatch());
      // Answering takes the processor for a while: the next batch is sent on its way first.
      setImmediate(settle);
    }
    this.#atWork = undefined;
  }

  #nextBatch(): Waiting<Order, Answer>[] {
    let weight = 0;
    let count = 0;
    for (const { order } of this.#waiting) {
      weight += this.options.weightOf(order);
      if (count > 0 && weight > this.options.fullWeight) break;
      count++;
    }
    const batch = this.#waiting.splice(0, count);
    for (const { order } of batch) this.#waitingWeight -= this.options.weightOf(order);
    return batch;
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
