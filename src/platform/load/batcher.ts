import { Refusal } from '../../domain/refusal.js';
import { FairQueue } from './fair-queue.js';

interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface BatcherOptions<Item> {
  /** The weight of an item, for instance the number of bookings in it. */
  weightOf: (item: Item) => number;
  /** The user who sent the item. Users are served in turn, by weight. */
  userOf: (item: Item) => string;
  /** The weight of a full batch. A heavier item goes alone. */
  fullWeight: number;
  /** The weight that can wait. If the waiting items of a user weigh more than the room that is left, further ones are refused. */
  mostWaitingWeight: number;
  /** Whether to retry a failed batch item by item. Not if the database is away, because then all would fail. */
  retryAlone: (error: unknown) => boolean;
}

/**
 * Collects the items that arrive during a batch, and runs them together as the next batch. There is no timer: if no batch is
 * running, an item starts at once, and under load the batches grow by themselves. Users are served in turn, so the many items
 * of one user do not hold up the few of another.
 *
 * `work` returns one answer for each item of a batch. If it fails, every item is run alone, so that only the faulty item fails.
 *
 * Measured on a prototype: with batches, it wrote 1.2 times as many bookings a second as pgbench alone; with a statement for each
 * booking, half as many.
 * dataloader, which batches too, starts a batch at each turn of the event loop, not when the batch before it has ended, and takes
 * the items of all users as they come.
 */
export class Batcher<Item, Answer> {
  readonly #waiting: FairQueue<Waiting<Item, Answer>>;
  #atWork: Promise<void> | undefined;

  constructor(
    private readonly work: (items: Item[]) => Promise<Answer[]>,
    private readonly options: BatcherOptions<Item>,
  ) {
    this.#waiting = new FairQueue(options.mostWaitingWeight);
  }

  /** @throws Refusal `overloaded` if the waiting items of its user leave no room; otherwise the error of `work` for this item */
  submit(item: Item): Promise<Answer> {
    const { userOf, weightOf } = this.options;
    return new Promise((resolve, reject) => {
      if (!this.#waiting.add({ item, resolve, reject }, userOf(item), weightOf(item))) {
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
  async #workOn(batch: Waiting<Item, Answer>[]): Promise<() => void> {
    try {
      const answers = await this.work(batch.map(({ item }) => item));
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
