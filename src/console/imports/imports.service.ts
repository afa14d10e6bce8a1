import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { CsvBody } from '../../platform/http/csv-body.js';
import type { Page } from '../../platform/http/paging.js';
import type { MapName } from '../../features/imports/files/import-maps.js';
import { ImportRecords } from '../../features/imports/import-records.js';
import type { KeptImport } from '../../features/imports/import-status.js';
import type { ImportOutcome } from '../../features/imports/import-tally.js';
import { ImportService } from '../../features/imports/import.service.js';
import { UserService } from '../../features/people/user.service.js';
import type { PageReader } from '../page/console-page.js';
import type { ImportOptions } from './import.form.js';

/** What became of a file or of pasted rows: an outcome, or a refusal of the whole. */
export interface ImportTry {
  outcome?: ImportOutcome;
  program?: MapName | null;
  refusal?: Refusal;
  /** What the reader stated, to state it again with the next request. */
  options: Readonly<Partial<Record<keyof ImportOptions, string>>>;
}

/** An import, with the name of the user who undid it. */
export interface OneImport {
  kept: KeptImport;
  undoneBy: string | null;
}

/** Imports that run longer are old ones which broke off; the list shows them. */
const mostRunning = 5;

/** Puts together what the pages about imports show. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly imports: ImportService,
    private readonly records: ImportRecords,
    private readonly users: UserService,
    private readonly database: Database,
  ) {}

  /** Tries or books the rows. A refusal is an outcome too, so that the page can say how to go on. */
  async run({ actor, language }: PageReader, options: ImportOptions, body: CsvBody): Promise<ImportTry> {
    const { step = 'try', ...query } = options;
    try {
      const asked = { ...query, dryRun: step === 'try' };
      return { ...(await this.imports.run({ actor, language }, asked, body)), options: query };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { refusal: error, options: query };
    }
  }

  list(actor: Actor): Promise<Page<KeptImport>> {
    return this.database.read((tx) => this.records.list(tx, actor, {}));
  }

  /** The running imports of the user, newest first. */
  async running(tx: Transaction, actor: Actor): Promise<KeptImport[]> {
    const { data } = await this.records.list(tx, actor, { limit: mostRunning });
    return data.filter(({ status, startedBy }) => status === 'running' && startedBy === actor.userId);
  }

  /** @throws Refusal `not-found` */
  async one(tx: Transaction, actor: Actor, id: string): Promise<OneImport> {
    const kept = await this.records.read(tx, actor, id);
    const user = kept.undo ? await this.users.find(tx, kept.undo.undoneBy) : undefined;
    return { kept, undoneBy: user?.name ?? null };
  }
}
