import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database.js';
import { MailQueue } from '../../platform/mail-queue.js';
import { RollOverService, type RollOverCarrier, type TermTurn } from '../subscriptions/roll-over.service.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';

/** Tells both parties that a term has rolled over, and what expired (§11); nothing of terms from before the contract was entered. */
@Injectable()
export class RollOverMails implements RollOverCarrier, OnModuleInit {
  /** After all that a roll-over writes. */
  readonly order = 900;

  constructor(
    private readonly rollOvers: RollOverService,
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
  ) {}

  onModuleInit(): void {
    this.rollOvers.carry(this);
  }

  async carry(tx: Transaction, turns: readonly TermTurn[], now: Date): Promise<void> {
    const told = turns.filter(({ silent }) => !silent);
    if (told.length === 0) return;
    const facts = await this.store.facts(
      tx,
      told.map(({ closed }) => closed.id),
    );
    const letters = told.flatMap((turn) => this.renewalMails.rolledOver(facts.get(turn.closed.id)!, turn));
    await this.mails.queue(tx, letters, now);
  }
}
