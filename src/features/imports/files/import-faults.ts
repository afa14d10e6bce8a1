import type { CsvFault } from '../../../domain/csv-faults.js';
import { Refusal } from '../../../domain/refusal.js';

/** More would not help the reader: a file in the wrong encoding is wrong in every line. */
export const mostFaults = 100;

/** Thrown to stop reading a file. Its faults say why. */
export class UnreadableFile extends Error {}

/** The faults in the form of one file, in the order in which they were found. */
export class Faults {
  readonly #found: CsvFault[] = [];

  /** @throws UnreadableFile if the limit of faults is reached */
  add(fault: CsvFault): void {
    this.#found.push(fault);
    if (this.#found.length >= mostFaults) throw new UnreadableFile();
  }

  /** Adds a fault that makes the rest of the file unreadable. */
  stop(fault: CsvFault): never {
    this.#found.push(fault);
    throw new UnreadableFile();
  }

  /** @throws Refusal `malformed-csv` if there is any fault */
  refuse(): void {
    if (this.#found.length === 0) return;
    throw new Refusal('malformed-csv', { count: this.#found.length }, { faults: this.#found });
  }
}
