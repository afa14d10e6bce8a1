import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Config } from '../../platform/settings/config.js';
import type { CsvBody } from '../../platform/http/csv-body.js';
import type { Language } from '../../domain/language.js';
import { problemOf } from '../../platform/http/problems.js';
import { SharedRoom } from '../../platform/load/shared-room.js';
import { Shares } from '../../platform/load/shares.js';
import { ImportBooking } from './import-booking.js';
import type { ImportRow } from './import-row.js';
import type { ImportOutcome } from './import-tally.js';
import { ImportDirectory, LookupRows } from './files/import-directory.js';
import { defaultFields, type Defaults } from './files/import-fields.js';
import { ImportFile, usualLimits } from './files/import-file.js';
import type { Reading } from './files/import-form.js';
import type { MapName } from './files/import-maps.js';
import { ImportRowReader } from './files/import-rows.js';
import type { ImportQuery } from './import.dto.js';

/** The user who sends a file, their language, and the address for a problem document. */
export interface Sender {
  actor: Actor;
  language: Language;
  instance: string;
}

/** What became of a file. */
export interface TakenFile {
  /** The program that exported it; null for the headings of this service. */
  program: MapName | null;
  outcome: ImportOutcome;
}

/** Each import holds a file on the disk and, for a while, a processor. The service refuses further imports until one ends. */
const mostAtOnce = 4;
/** The limit of one user: a slow sender leaves the other half to others. */
const mostOfOne = 2;
const retryAfterSeconds = 10;

/** Imports files of hours that another program recorded, in our columns or in those of the other program. */
@Injectable()
export class ImportService {
  #running = 0;
  readonly #shares = new Shares(mostOfOne);
  readonly #room: SharedRoom;

  constructor(
    private readonly config: Config,
    private readonly importBooking: ImportBooking,
    private readonly lookupRows: LookupRows,
  ) {
    this.#room = new SharedRoom(config.httpLimits.spooledBytes);
  }

  /**
   * Receives a file, checks its form as a whole, and only then books its rows.
   * @throws Refusal `imports-busy`, `too-many-imports`, and all of `ImportFile.receive` and `ImportBooking.book`
   */
  async take(sender: Sender, query: ImportQuery, body: CsvBody): Promise<{ status: number; body: object }> {
    const { outcome } = await this.run(sender, query, body);
    if (!query.atomic || outcome.refused === 0) return { status: 200, body: outcome };
    const refusal = new Refusal('rules-violated', { count: outcome.refused });
    const problem = problemOf(refusal, sender.language, sender.instance);
    return { status: problem.status, body: { ...problem, ...outcome } };
  }

  /**
   * As `take`, and names the program that exported the file. An atomic import with a refused row has booked nothing.
   * @throws Refusal as `take`
   */
  async run(sender: Omit<Sender, 'instance'>, query: ImportQuery, body: CsvBody): Promise<TakenFile> {
    const reading = readingOf(query);
    if (this.#running >= mostAtOnce) throw new Refusal('imports-busy', {}, { retryAfterSeconds });
    const freePlace = this.#shares.take(sender.actor.userId);
    if (!freePlace) throw new Refusal('too-many-imports', { atOnce: mostOfOne }, { retryAfterSeconds });
    this.#running++;
    try {
      const limits = { ...usualLimits, pace: this.config.httpLimits };
      const place = { folder: this.config.dataDir, room: this.#room, person: sender.actor.userId };
      const file = await ImportFile.receive(body.stream, place, reading, limits);
      try {
        return await this.#book(sender, query, reading, file);
      } finally {
        await file.close();
      }
    } finally {
      this.#running--;
      freePlace();
    }
  }

  async #book(
    { actor, language }: Omit<Sender, 'instance'>,
    query: ImportQuery,
    reading: Reading,
    file: ImportFile,
  ): Promise<TakenFile> {
    const { dryRun = false, atomic = false } = query;
    const visibility = visibilityOf(actor, 'time-entries.log');
    const { form } = file;
    const rowReader = new ImportRowReader(form, reading);
    const { lookupRows } = this;
    async function* rows(): AsyncGenerator<ImportRow[]> {
      const directory = new ImportDirectory(visibility, lookupRows);
      for await (const raw of file.rows()) yield rowReader.read(raw, directory);
    }
    const outcome = await this.importBooking.book({
      actor,
      fileName: query.fileName ?? null,
      map: form.layout.map ?? null,
      rows: form.rowCount,
      read: rows,
      duplicates: query.duplicates ?? 'skip',
      atomic,
      dryRun,
      language,
    });
    return { program: form.layout.map ?? null, outcome };
  }
}

function readingOf({ encoding = 'utf-8', map, delimiter, durations, decimal, dates, ...query }: ImportQuery): Reading {
  const defaults = Object.fromEntries(
    defaultFields.flatMap((field) => (query[field] === undefined ? [] : [[field, query[field]]])),
  ) as Defaults;
  // A subscription is more specific than its customer.
  if (defaults.subscriptionId !== undefined) delete defaults.customer;
  return { encoding, map, delimiter, stated: { durations, decimal, dates }, defaults };
}
