import type { Readable } from 'node:stream';
import { Refusal } from '../../../domain/refusal.js';
import { Patience, type LeastPace } from '../../../platform/load/patience.js';
import { Spool, type SpoolPlace } from '../../../platform/files/spool.js';
import { CsvReader } from './import-csv.js';
import { Faults } from './import-faults.js';
import { FormCheck, isRow, type ImportForm, type Reading } from './import-form.js';
import { TextReader } from './import-text.js';

/** A row as the file has it, with the line on which it begins. */
export interface RawRow {
  line: number;
  values: readonly string[];
}

/** Enough for a million rows with long summaries. */
export const mostFileBytes = 1024 ** 3;

/** If an upload takes longer in total, it is ended to make room for others. */
const mostMinutes = 30;

/** A block is read without a pause, so it must be short. */
const blockBytes = 64 * 1024;

export interface Limits {
  bytes: number;
  /** A sender below this rate is cut off, too. */
  pace: LeastPace;
  wholeMs: number;
}

/** The limits of a file, except for the rate of its sender. */
export const usualLimits = { bytes: mostFileBytes, wholeMs: mostMinutes * 60_000 };

/** A file that was sent for import. It is written to a temporary file, and its form is checked meanwhile. */
export class ImportFile {
  private constructor(
    private readonly spool: Spool,
    private readonly reading: Reading,
    readonly form: ImportForm,
  ) {}

  /**
   * Receives a file no faster than it is checked. If reading ends early, the rest of the stream is left unread.
   * @throws Refusal `malformed-csv`, `file-too-long`, `payload-too-large`, `upload-stalled`, `imports-busy`, `storage-full`;
   *   `malformed-request` if the upload breaks off
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

  /** The rows from first to last, in portions. Each call starts again from the first row. */
  async *rows(): AsyncGenerator<RawRow[]> {
    const { layout, dialect } = this.form;
    const faults = new Faults();
    const text = new TextReader(this.reading.encoding, faults);
    let portion: RawRow[] = [];
    let recordsBefore = dialect.hasSeparatorLine ? 2 : 1;
    const csv = new CsvReader(
      (values, line) => {
        if (recordsBefore > 0) recordsBefore--;
        else if (isRow(values, layout)) portion.push({ line, values });
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
      if (portion.length > 0) yield portion;
      if (bytesRead === 0) return;
      portion = [];
    }
  }

  async close(): Promise<void> {
    await this.spool.close();
  }
}

/**
 * The bytes of a stream. If reading ends early, the stream is neither destroyed nor read on, because its sender must still get
 * an answer.
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

/** `Promise.race` with a promise that outlives it would retain every piece, and so the whole file, in memory. */
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
