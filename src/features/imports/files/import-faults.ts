import type { CsvFault } from '../../../domain/csv-faults.js';
import { Refusal } from '../../../domain/refusal.js';

/** More would not help the reader: a file in the wrong encoding is wrong in every line. */
export const mostFaults = 100;

/** Thrown to stop reading a file: all that is to be said about it stands in its faults. */
export class UnreadableFile extends Error {}

/** The faults in the form of one file, in the order in which they were found. */
export class Faults {
  readonly #found: CsvFault[] = [];

  /** @throws UnreadableFile where that is enough of them */
  add(fault: CsvFault): void {
    this.#found.push(fault);
    if (this.#found.length >= mostFaults) throw new UnreadableFile();
  }

  /** For what makes all that follows unreadable. */
  stop(fault: CsvFault): never {
    this.#found.push(fault);
    throw new UnreadableFile();
  }

  /** @throws Refusal `malformed-csv` where anything was found */
  refuse(): void {
    if (this.#found.length === 0) return;
    throw new Refusal('malformed-csv', { count: this.#found.length }, { faults: this.#found });
  }
}
