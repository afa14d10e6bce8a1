import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { ProductLineService } from '../customers/product-line.service.js';
import { RollOverSteps, type RolledTerm } from '../subscriptions/roll-over-steps.js';
import { RenewalMails, type DroppedNames } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';

/**
 * Mails both parties that a term has rolled over, and what expired (§11). No mail is sent about terms before the
 * contract was entered.
 */
@Injectable()
export class RollOverMails implements OnModuleInit {
  constructor(
    private readonly rollOverSteps: RollOverSteps,
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly consultants: ConsultantService,
    private readonly productLines: ProductLineService,
  ) {}

  onModuleInit(): void {
    this.rollOverSteps.register('mail-roll-overs', (tx, rolledTerms, now) => this.#apply(tx, rolledTerms, now));
  }

  async #apply(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const announced = rolledTerms.filter(({ silent }) => !silent);
    if (announced.length === 0) return;
    const facts = await this.store.facts(
      tx,
      announced.map(({ closed }) => closed.id),
    );
    const droppedBy = await this.#droppedNames(tx, announced);
    const letters = announced.flatMap((rolled) =>
      this.renewalMails.rolledOver(facts.get(rolled.closed.id)!, rolled, droppedBy(rolled)),
    );
    await this.mails.queue(tx, letters, now);
  }

  /** The names of what the next packages have no room for. One query serves all rolled terms, as most drop nothing. */
  async #droppedNames(
    tx: Transaction,
    rolledTerms: readonly RolledTerm[],
  ): Promise<(rolled: RolledTerm) => DroppedNames> {
    const consultantIds = rolledTerms.flatMap(({ dropped }) => dropped.consultantIds);
    const productLineIds = rolledTerms.flatMap(({ dropped }) => dropped.productLineIds);
    const found = [
      ...(consultantIds.length > 0 ? await this.consultants.find(tx, consultantIds) : []),
      ...(productLineIds.length > 0 ? await this.productLines.find(tx, productLineIds) : []),
    ];
    const names = new Map(found.map(({ id, name }) => [id, name]));
    const named = (ids: readonly string[]) => ids.map((id) => names.get(id)!);
    return ({ dropped }) => ({
      consultants: named(dropped.consultantIds),
      productLines: named(dropped.productLineIds),
    });
  }
}
