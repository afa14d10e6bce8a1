import type { Readable } from 'node:stream';
import { Refusal } from '../../../domain/refusal.js';
import { Patience, type LeastPace } from '../../../platform/load/patience.js';
import { Spool, type SpoolPlace } from '../../../platform/files/spool.js';
import { CsvReader } from './import-csv.js';
import { Faults } from './import-faults.js';
import { FormCheck, isRow, type ImportForm, type Reading } from './import-form.js';
import { TextReader } from './import-text.js';

/** A row as it stands in the file, with the line on which it begins. */
export interface RawRow {
  line: number;
  values: readonly string[];
}

/** A million rows with long summaries. */
export const mostFileBytes = 1024 ** 3;

/** A sender who takes longer for the whole makes room for others. */
const mostMinutes = 30;

/** Rows are read a block at a time without a pause, so it must not be long. */
const blockBytes = 64 * 1024;

export interface Limits {
  bytes: number;
  /** A sender who is slower makes room for others, too. */
  pace: LeastPace;
  wholeMs: number;
}

/** The limits of a file, but for the pace of its sender. */
export const usualLimits = { bytes: mostFileBytes, wholeMs: mostMinutes * 60_000 };

/** A file that was sent for import, spooled to the disk, its form checked on the way. */
export class ImportFile {
  private constructor(
    private readonly spool: Spool,
    private readonly reading: Reading,
    readonly form: ImportForm,
  ) {}

  /**
   * Takes a file in, as fast as it comes and no faster than it is checked. The stream is left as it is where it is not read to
   * its end.
   * @throws Refusal `malformed-csv`, `file-too-long`, `payload-too-large`, `upload-stalled`, `imports-busy`, `storage-full`;
   *   `malformed-request` where it breaks off
   */
  static async receive(body: Readable, place: SpoolPlace, reading: Reading, limits: Limits): Promise<ImportFile> {
    const spool = await Spool.open(place);
    try {
      const check = new FormCheck(reading);
      let size = 0;
      for await (const bytes of withinTime(body, limits)) {
        size += bytes.length;
        if (size > limits.bytes) throw new Refusal('payload-too-large');
        check.read(bytes);
        await spool.write(bytes);
      }
      return new ImportFile(spool, reading, check.end());
    } catch (error) {
      await spool.close();
      throw error;
    }
  }

  /** The rows from the first to the last, in lots; each call begins anew. */
  async *rows(): AsyncGenerator<RawRow[]> {
    const { layout, dialect } = this.form;
    const faults = new Faults();
    const text = new TextReader(this.reading.encoding, faults);
    let lot: RawRow[] = [];
    let recordsBefore = dialect.hasSeparatorLine ? 2 : 1;
    const csv = new CsvReader(
      (values, line) => {
        if (recordsBefore > 0) recordsBefore--;
        else if (isRow(values, layout)) lot.push({ line, values });
      },
      faults,
      dialect.delimiter,
    );
    const block = Buffer.allocUnsafe(blockBytes);
    for (let position = 0; ;) {
      const bytesRead = await this.spool.read(block, position);
      position += bytesRead;
      if (bytesRead > 0) csv.read(text.read(Buffer.from(block.subarray(0, bytesRead))));
      else csv.read(text.end());
      if (lot.length > 0) yield lot;
      if (bytesRead === 0) return;
      lot = [];
    }
  }

  async close(): Promise<void> {
    await this.spool.close();
  }
}

/**
 * The bytes of a stream, which is neither destroyed nor read on when reading ends early: whoever sent it must still be
 * answered.
 */
async function* withinTime(body: Readable, { pace, wholeMs }: Limits): AsyncGenerator<Buffer> {
  const pieces = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer, undefined>;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), wholeMs).unref();
  const patience = new Patience(pace, () => stalled.abort());
  try {
    for (;;) {
      patience.wait();
      const piece = await orStalled(pieces.next(), stalled.signal);
      patience.moved(piece.value?.length ?? 0);
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    clearTimeout(timer);
    patience.moved(0);
  }
}

/** A race with something that outlives it would keep every piece, and so the whole file, in memory. */
function orStalled<Piece>(next: Promise<Piece>, stalled: AbortSignal): Promise<Piece> {
  return new Promise((resolve, reject) => {
    const refuse = (): void => reject(new Refusal('upload-stalled'));
    stalled.addEventListener('abort', refuse);
    if (stalled.aborted) refuse();
    void next
      .then(resolve, () => reject(new Refusal('malformed-request')))
      .finally(() => stalled.removeEventListener('abort', refuse));
  });
}
