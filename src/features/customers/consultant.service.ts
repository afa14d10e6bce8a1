import { Injectable } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { refuseBroken } from '../../platform/database/constraint-refusals.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { page, PageQuery, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import type { ConsultantChange, ConsultantAnswer, ConsultantList, NewConsultant } from './consultant.dto.js';
import {
  consultantsAfter,
  consultantsMatching,
  consultantsNamed,
  findConsultant,
  findConsultants,
  insertConsultant,
  lockConsultant,
  updateConsultant,
  type MatchedConsultant,
} from './consultant.store.js';
import type { NamedRow } from './name-lookup.js';

const constraints = { consultants_email_once: 'email-already-used' } as const;

/** Consultants, who work for customers and whose hours are logged. E-mail addresses are unique, ignoring case. */
@Injectable()
export class ConsultantService {
  constructor(private readonly clock: Clock) {}

  async enter(tx: Transaction, { email, name }: NewConsultant): Promise<ConsultantAnswer> {
    const consultant = { id: newId(), email, name, version: 1, createdAt: this.clock.now() };
    await refuseBroken(insertConsultant(tx, consultant), constraints, { email });
    return consultant;
  }

  async list(tx: Transaction, { limit, cursor }: PageQuery): Promise<ConsultantList> {
    const [afterId] = readCursor(cursor, ['id']) ?? [];
    return page(await consultantsAfter(tx, afterId, rowsToFetch(limit)), limit, ({ id }) => [id]);
  }

  async read(tx: Transaction, id: string): Promise<ConsultantAnswer> {
    const consultant = await findConsultant(tx, id);
    if (!consultant) throw new Refusal('not-found');
    return consultant;
  }

  /** The ids that exist, in no particular order. */
  find(tx: Transaction, ids: readonly string[]): Promise<ConsultantAnswer[]> {
    return findConsultants(tx, ids);
  }

  /** Finds consultants by e-mail address or name, ignoring case, width and spaces. Names without a match are left out. */
  named(tx: Transaction, names: readonly string[]): Promise<NamedRow[]> {
    return consultantsNamed(tx, names);
  }

  /** Consultants whose name or e-mail address contains a text, best match first. Width, case, spaces and kind of kana are ignored. */
  matching(tx: Transaction, text: string, limit: number): Promise<MatchedConsultant[]> {
    return consultantsMatching(tx, text, limit);
  }

  async change(tx: Transaction, id: string, version: number, change: ConsultantChange): Promise<ConsultantAnswer> {
    const consultant = await lockConsultant(tx, id);
    if (!consultant) throw new Refusal('not-found');
    refuseStale(consultant.version, version);
    const changed = { ...consultant, ...change, version: consultant.version + 1 };
    if (changesNothing(consultant, changed)) return consultant;
    await refuseBroken(updateConsultant(tx, changed), constraints, { email: changed.email });
    return changed;
  }
}
