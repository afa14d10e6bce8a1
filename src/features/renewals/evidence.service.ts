import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Injectable, StreamableFile } from '@nestjs/common';
import { sightOf, type Actor } from '../../domain/access.js';
import { dayAt } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusals.js';
import { renewalDecision } from '../../domain/renewal-decision.js';
import { Archive } from '../../platform/archive.js';
import type { ArchiveFile } from '../../platform/zip.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Transaction } from '../../platform/database.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { projectPath } from '../../platform/project-root.js';
import { CustomerService } from '../customers/customer.service.js';
import { ProductLineService } from '../customers/product-line.service.js';
import { UserService } from '../people/user.service.js';
import { AccountService } from '../subscriptions/account.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { LedgerService } from '../subscriptions/ledger.service.js';
import { TimeZoneService } from '../subscriptions/time-zone.service.js';
import { checksums, evidenceFiles, manifest, type TermEvidence } from './evidence-files.js';
import { EvidenceStore } from './evidence.store.js';

/** What goes along as it is: how to read the files, and a script that checks them without this service. */
const guides: readonly ArchiveFile[] = ['README.txt', 'check.mjs'].map((path) => ({
  path,
  pieces: () => [readFileSync(projectPath('config', 'evidence', path))],
}));

/** Puts together what proves a term years later (§11): as sold, booked, told, declined and decided. */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly store: EvidenceStore,
    private readonly contracts: ContractService,
    private readonly accounts: AccountService,
    private readonly ledger: LedgerService,
    private readonly timeZones: TimeZoneService,
    private readonly customers: CustomerService,
    private readonly productLines: ProductLineService,
    private readonly users: UserService,
    private readonly mails: MailQueue,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * A zip of one snapshot, made while it is read.
   * @throws Refusal `forbidden`, `not-found`, `database-unavailable`
   */
  zip(actor: Actor, termId: string): Promise<StreamableFile> {
    return new Promise((resolve, reject) => {
      const work = async (tx: Transaction): Promise<void> => {
        const evidence = await this.#read(tx, actor, termId);
        const { startsOn, endsOn } = evidence.term;
        const body = this.#archived(tx, evidence, actor);
        const fileName = `trm-evidence_${startsOn}_to_${endsOn}_${termId}.zip`;
        resolve(
          new StreamableFile(body, { type: 'application/zip', disposition: `attachment; filename="${fileName}"` }),
        );
        // The snapshot is kept until the reader has all of it, or has gone.
        await finished(body);
      };
      this.database.read(work, 'reports').catch(reject);
    });
  }

  #archived(tx: Transaction, evidence: TermEvidence, actor: Actor): Readable {
    const archive = new Archive();
    const sums = () => archive.sums;
    const ledger = () => this.ledger.ofTerm(tx, evidence.term.id);
    return archive
      .add(...guides, ...evidenceFiles(evidence, ledger))
      .add(manifest(evidence, actor, this.clock.now(), sums), checksums(sums))
      .body();
  }

  async #read(tx: Transaction, actor: Actor, termId: string): Promise<TermEvidence> {
    const now = this.clock.now();
    const sight = sightOf(actor, 'evidence.read');
    const found = await this.store.term(tx, sight, termId);
    if (!found) throw new Refusal('not-found');
    const { subscriptionId, closedAt } = found;
    const contract = await this.contracts.see(tx, sight, subscriptionId);
    const at = contract.terms.findIndex(({ id }) => id === termId);
    const term = contract.terms[at]!;
    const next = contract.terms[at + 1];
    const { timeZone } = contract;
    const account = (await this.accounts.accounts(tx, new Map([[termId, dayAt(now, timeZone)]]))).get(termId)!;
    const lines = await this.productLines.find(
      tx,
      contract.enrolments.map(({ productLineId }) => productLineId),
    );
    const { id, name, email } = (await this.users.find(tx, contract.csmId))!;
    const notices = await this.store.notices(tx, termId);
    const mails = await this.mails.evidenceOf(tx, termId);
    return {
      contract,
      term,
      closedAt,
      next,
      customer: await this.customers.read(tx, actor, contract.customerId),
      csm: { id, name, email },
      productLines: new Map(lines.map((line) => [line.id, line])),
      kept: account.balance,
      notices,
      mails,
      // The lock and its mails are written in one transaction.
      lockRanAt: mails.find(({ kind }) => kind === 'renewal-locked')?.queuedAt ?? null,
      decision: renewalDecision({
        term: {
          ...term,
          closedAt,
          hasNextTerm: next !== undefined,
          deadlineMoves: await this.timeZones.deadlineMoves(tx, termId),
        },
        notices,
        now,
      }),
    };
  }
}
