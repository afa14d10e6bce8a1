import { Injectable } from '@nestjs/common';
import type { Pair } from '../../domain/allocation.js';
import { Refusal, wordsOf, type Violation } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { ProductLineService } from '../customers/product-line.service.js';

/**
 * Adds the names of people and product lines to a refusal that lists who is assigned. The rules know only ids. Names are read
 * only after a single request was refused, so that accepted bookings need no further query.
 */
@Injectable()
export class AssignedNames {
  constructor(
    private readonly consultants: ConsultantService,
    private readonly productLines: ProductLineService,
  ) {}

  async named(tx: Transaction, refusal: Refusal): Promise<Refusal> {
    const { code, params, violations = [], maxAcceptableMinutes } = refusal;
    const named: Violation[] = [];
    for (const violation of violations) {
      named.push(isUnnamed(violation) ? await this.#named(tx, violation) : violation);
    }
    const words = named.length === 1 ? wordsOf(named[0]!) : params;
    return new Refusal(code, words, { violations: named, maxAcceptableMinutes });
  }

  /** The names of consultants and product lines, by id. */
  async names(
    tx: Transaction,
    consultantIds: readonly string[],
    productLineIds: readonly string[],
  ): Promise<Map<string, string>> {
    const consultants = await this.consultants.find(tx, consultantIds);
    const productLines = await this.productLines.find(tx, productLineIds);
    return new Map([...consultants, ...productLines].map(({ id, name }) => [id, name]));
  }

  async #named(tx: Transaction, violation: Violation): Promise<Violation> {
    const pairs = (violation.lists?.assigned ?? []) as readonly Pair[];
    if (pairs.length === 0) return { ...violation, params: { ...violation.params, assigned: 'nobody' } };
    const consultants = await this.consultants.find(tx, idsOf(pairs, 'consultantId'));
    const productLines = await this.productLines.find(tx, idsOf(pairs, 'productLineId'));
    const people = new Map(consultants.map(({ id, name }) => [id, name]));
    const lines = new Map(productLines.map(({ id, code }) => [id, code]));
    const assigned = pairs.map(({ consultantId, productLineId }) => ({
      consultantId,
      consultant: people.get(consultantId) ?? consultantId,
      productLineId,
      productLine: lines.get(productLineId) ?? productLineId,
    }));
    const text = assigned.map(({ consultant, productLine }) => `${consultant} (${productLine})`).join(', ');
    return { ...violation, params: { ...violation.params, assigned: text }, lists: { assigned } };
  }
}

/** Whether a refusal lists who is assigned, still without names. */
export const needsNames = ({ violations = [] }: Refusal): boolean => violations.some(isUnnamed);

const isUnnamed = ({ code }: Violation): boolean => code === 'consultant-not-assigned';

const idsOf = (pairs: readonly Pair[], of: keyof Pair): string[] => [...new Set(pairs.map((pair) => pair[of]))];
