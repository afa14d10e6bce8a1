import { Injectable } from '@nestjs/common';
import { pairKey } from '../../domain/allocation.js';
import { enrolledOn } from '../../domain/contract.js';
import { entitlementOf } from '../../domain/entitlement.js';
import type { AllocationAnswer, AllocationsAnswer } from '../../features/allocations/allocation.dto.js';
import { AllocationService } from '../../features/allocations/allocation.service.js';
import { ConsultantService } from '../../features/customers/consultant.service.js';
import { TermBalanceService } from '../../features/ledger/term-balance.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { PageReader } from '../page/console-page.js';
import { may } from './subscription.frame.js';
import { SubscriptionHeads, type SubscriptionHead, type WorkNames } from './subscription.head.js';

/** The allocations of the current term with what has been worked. */
export interface Allocations {
  head: SubscriptionHead;
  allocations: AllocationsAnswer;
  rows: (AllocationAnswer & { workedMinutes: number })[];
  /** The minutes worked by pairs that the set does not contain. */
  workedElsewhere: number;
  names: WorkNames;
  /** The product lines that are enrolled now. */
  productLineIds: string[];
  /** The consultants who can be added. Empty if the reader may not allocate. */
  consultants: { id: string; name: string }[];
  limits: { consultants: number; lines: number };
}

const mostConsultants = 200;

/** Reads what the page of allocations shows. */
@Injectable()
export class AllocationsPageService {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly allocations: AllocationService,
    private readonly balances: TermBalanceService,
    private readonly consultants: ConsultantService,
  ) {}

  async read(tx: Transaction, reader: PageReader, id: string): Promise<Allocations> {
    const head = await this.heads.read(tx, reader, id);
    const { contract, term, today } = head;
    const allocations = await this.allocations.read(tx, reader.actor, id, {});
    const pairs = await this.balances.pairs(tx, [term.id]);
    const worked = new Map(pairs.map((pair) => [pairKey(pair), pair.workedMinutes]));
    const rows = allocations.allocations.map((row) => ({ ...row, workedMinutes: worked.get(pairKey(row)) ?? 0 }));
    const all = pairs.reduce((sum, { workedMinutes }) => sum + workedMinutes, 0);
    const ofRows = rows.reduce((sum, { workedMinutes }) => sum + workedMinutes, 0);
    const { maxConsultants, maxProductLines } = entitlementOf(term.periods, term, term.topUps);
    const known = may(reader, 'allocations.write')
      ? (await this.consultants.list(tx, { limit: mostConsultants })).data
      : [];
    const consultantIds = rows.map(({ consultantId }) => consultantId);
    const productLineIds = rows.map(({ productLineId }) => productLineId);
    return {
      head,
      allocations,
      rows,
      workedElsewhere: all - ofRows,
      names: await this.heads.names(tx, head, { consultantIds, productLineIds }),
      productLineIds: enrolledOn(contract.enrolments, today > term.startsOn ? today : term.startsOn),
      consultants: known.toSorted((one, other) => one.name.localeCompare(other.name)),
      limits: { consultants: maxConsultants, lines: maxProductLines },
    };
  }
}
