import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { LedgerEntryAnswer, LedgerList, LedgerQuery } from './ledger.dto.js';
import type { LedgerRow } from '../ledger/ledger-row.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { termNamed } from '../subscriptions/term-answer.js';

/** Lists the ledger of a term, oldest entry first. */
@Injectable()
export class LedgerListService {
  constructor(
    private readonly contracts: ContractService,
    private readonly ledger: LedgerService,
  ) {}

  /** @throws Refusal `not-found`, also for a term of another subscription */
  async list(tx: Transaction, actor: Actor, id: string, { termId, limit, cursor }: LedgerQuery): Promise<LedgerList> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'ledger.read'), id);
    const term = termNamed(contract, termId);
    const [after = '0'] = readCursor(cursor, ['integer']) ?? [];
    const rows = await this.ledger.page(tx, term.id, Number(after), rowsToFetch(limit));
    return page(rows, limit, ({ sequence }) => [sequence], show);
  }
}

function show({ sequence: _sequence, timeEntryId, ...entry }: LedgerRow): LedgerEntryAnswer {
  return timeEntryId === null ? entry : { ...entry, timeEntryId };
}
