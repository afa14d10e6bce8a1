import { Injectable } from '@nestjs/common';
import { Refusal, wordsOf, type Violation } from '../../domain/refusal.js';
import { Database } from '../../platform/database/database.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { ProductLineService } from '../customers/product-line.service.js';

interface Pair {
  consultantId: string;
  productLineId: string;
}

/**
 * Adds the names of people and product lines to a refusal that lists who is assigned. The rules know only ids. Names are read
 * only after a single request was refused, so that accepted bookings need no further query.
 */
@Injectable()
export class AssignedNames {
  constructor(
    private readonly database: Database,
    private readonly consultants: ConsultantService,
    private readonly productLines: ProductLineService,
  ) {}

  async named(refusal: Refusal): Promise<Refusal> {
    const { code, params, violations, maxAcceptableMinutes } = refusal;
    if (!violations?.some(isUnnamed)) return refusal;
    const named: Violation[] = [];
    for (const violation of violations) named.push(isUnnamed(violation) ? await this.#named(violation) : violation);
    const words = named.length === 1 ? wordsOf(named[0]!) : params;
    return new Refusal(code, words, { violations: named, maxAcceptableMinutes });
  }

  async #named(violation: Violation): Promise<Violation> {
    const pairs = (violation.lists?.assigned ?? []) as readonly Pair[];
    if (pairs.length === 0) return { ...violation, params: { ...violation.params, assigned: 'nobody' } };
    const [people, lines] = await this.database.read(async (tx) => [
      new Map((await this.consultants.find(tx, idsOf(pairs, 'consultantId'))).map(({ id, name }) => [id, name])),
      new Map((await this.productLines.find(tx, idsOf(pairs, 'productLineId'))).map(({ id, code }) => [id, code])),
    ]);
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

const isUnnamed = ({ code }: Violation): boolean => code === 'consultant-not-assigned';

const idsOf = (pairs: readonly Pair[], of: keyof Pair): string[] => [...new Set(pairs.map((pair) => pair[of]))];
