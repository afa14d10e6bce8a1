import { readFileSync } from 'node:fs';
import { Injectable, StreamableFile } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import { renewalDecision } from '../../domain/renewal-decision.js';
import { Archive } from '../../platform/files/archive.js';
import type { ArchiveFile } from '../../platform/files/zip.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/settings/config.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { projectPath } from '../../platform/project-root.js';
import { snapshotBody } from '../../platform/database/snapshot-body.js';
import { Snapshot } from '../../platform/database/snapshot.js';
import { CustomerService } from '../customers/customer.service.js';
import { ProductLineService } from '../customers/product-line.service.js';
import { NoticeService } from '../notices/notice.service.js';
import { UserService } from '../people/user.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { TimeZoneService } from '../subscriptions/time-zone.service.js';
import { TopUpService } from '../top-ups/top-up.service.js';
import { checksums, evidenceFiles, manifest, type TermEvidence } from './evidence-files.js';
import { EvidenceStore } from './evidence.store.js';
import { lockKind } from '../renewals/mail-kinds.js';

/**
 * Files that every archive contains unchanged: the explanation, and the script that checks the archive without this
 * service.
 */
const guides: readonly ArchiveFile[] = ['README.txt', 'check.mjs'].map((path) => ({
  path,
  pieces: () => [readFileSync(projectPath('config', 'evidence', path))],
}));

/** Makes the evidence of a term (§11): what was sold, used, announced, declined and decided. */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly store: EvidenceStore,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly ledger: LedgerService,
    private readonly timeZones: TimeZoneService,
    private readonly customers: CustomerService,
    private readonly productLines: ProductLineService,
    private readonly topUps: TopUpService,
    private readonly users: UserService,
    private readonly notices: NoticeService,
    private readonly mails: MailQueue,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * A zip from one snapshot, written while the data is read. Memory holds one mail at a time, for any number of
   * mails.
   * @throws Refusal `forbidden`, `not-found`, `too-many-reports`, `reports-busy`, `database-unavailable`
   */
  async zip(actor: Actor, termId: string): Promise<StreamableFile> {
    const snapshot = await Snapshot.take(this.database, actor.userId);
    try {
      const archive = await snapshot.read(async (tx) => this.#archived(tx, await this.#read(tx, actor, termId), actor));
      return new StreamableFile(snapshotBody(snapshot, archive.pieces(), this.config.httpLimits), {
        type: 'application/zip',
        disposition: `attachment; filename="${archive.name}"`,
      });
    } catch (error) {
      await snapshot.endRefused(error);
      throw error;
    }
  }

  /** The archive. It reads in the open transaction while the client takes its pieces. */
  #archived(
    tx: Transaction,
    evidence: TermEvidence,
    actor: Actor,
  ): { name: string; pieces: () => AsyncGenerator<Buffer> } {
    const { id, startsOn, endsOn } = evidence.term;
    const archive = new Archive();
    const sums = () => archive.sums;
    const files = evidenceFiles(evidence, {
      ledger: () => this.ledger.ofTerm(tx, id),
      mails: () => this.mails.evidenceOf(tx, id),
      message: (mailId) => this.mails.messageOf(tx, mailId),
    });
    archive
      .add(guides)
      .add(files)
      .add([manifest(evidence, actor, this.clock.now(), sums), checksums(sums)]);
    return { name: `trm-evidence_${startsOn}_to_${endsOn}_${id}.zip`, pieces: () => archive.pieces() };
  }

  async #read(tx: Transaction, actor: Actor, termId: string): Promise<TermEvidence> {
    const now = this.clock.now();
    const visibility = visibilityOf(actor, 'evidence.read');
    const found = await this.store.term(tx, visibility, termId);
    if (!found) throw new Refusal('not-found');
    const { subscriptionId, closedAt } = found;
    const contract = await this.contracts.see(tx, visibility, subscriptionId);
    const at = contract.terms.findIndex(({ id }) => id === termId);
    const term = contract.terms[at]!;
    const next = contract.terms[at + 1];
    const { timeZone } = contract;
    const termBalance = (await this.balances.balances(tx, new Map([[termId, dayAt(now, timeZone)]]))).get(termId)!;
    const lines = await this.productLines.find(
      tx,
      contract.enrolments.map(({ productLineId }) => productLineId),
    );
    const { id, name, email } = (await this.users.find(tx, contract.csmId))!;
    const notices = await this.notices.ofTerm(tx, termId);
    const { count: mailCount, queuedAt: lockRanAt } = await this.mails.summaryOf(tx, termId, lockKind);
    return {
      contract,
      term,
      closedAt,
      next,
      customer: await this.customers.read(tx, actor, contract.customerId),
      csm: { id, name, email },
      productLines: new Map(lines.map((line) => [line.id, line])),
      topUps: await this.topUps.ofTerm(tx, termId),
      kept: termBalance.balance,
      notices,
      mailCount,
      // The lock and its mails are written in one transaction, so the mails show the time of the lock.
      lockRanAt,
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
