import type { Day } from './calendar.js';
import { floorDivide } from './minutes.js';
import type { Violation } from './refusal.js';

/** One consultant on one product line. Minutes are allocated to a pair, and work is booked on a pair. */
export interface Pair {
  consultantId: string;
  productLineId: string;
}

/** Minutes of the term set aside for a pair (§7). With 0 minutes the consultant is assigned and draws from the unallocated minutes. */
export interface Allocation extends Pair {
  minutes: number;
  /** Whether this consultant is the primary one of the set. */
  primary: boolean;
}

/** All allocations of a term in the order given by the request; a new set replaces the whole old one (§7). */
export type AllocationSet = readonly Allocation[];

/** An allocation as a request states it. */
export type ProposedAllocation = Pair & { minutes: number; primary?: boolean };

/** The allocated and worked minutes of a pair in a term. A pair outside the present set has 0 allocated minutes. */
export interface PairBalance {
  allocatedMinutes: number;
  workedMinutes: number;
}

/** Minutes worked in the term, net of reversals, by `pairKey`. */
export type WorkedByPair = ReadonlyMap<string, number>;

export function pairKey({ consultantId, productLineId }: Pair): string {
  return `${consultantId} ${productLineId}`;
}

/** The used part of a pair's allocation (§7): 60 of 100 allocated minutes after 60 worked, 100 after 130. */
export function usedOfAllocation({ allocatedMinutes, workedMinutes }: PairBalance): number {
  return Math.min(workedMinutes, allocatedMinutes);
}

/** The minutes that a pair drew from the unallocated minutes (§7): 30 if 130 were worked on an allocation of 100. */
export function drawnFromUnallocated({ allocatedMinutes, workedMinutes }: PairBalance): number {
  return Math.max(0, workedMinutes - allocatedMinutes);
}

/** The committed minutes of a term: the larger of allocated and worked, summed over all pairs (§4). */
export function committedMinutes(pairs: Iterable<PairBalance>): number {
  let committed = 0;
  for (const { allocatedMinutes, workedMinutes } of pairs) committed += Math.max(allocatedMinutes, workedMinutes);
  return committed;
}

/** §7: granted − Σ max(allocation, worked); never negative in a term that keeps the promises of §4. */
export function unallocatedMinutes(grantedMinutes: number, pairs: Iterable<PairBalance>): number {
  return grantedMinutes - committedMinutes(pairs);
}

/** All pairs of a term by `pairKey`: the pairs in the set, and other pairs with worked minutes. */
export function pairsOf(set: readonly ProposedAllocation[], worked: WorkedByPair): Map<string, PairBalance> {
  const pairs = new Map([...worked].map(([key, workedMinutes]) => [key, { allocatedMinutes: 0, workedMinutes }]));
  for (const line of set) {
    const { allocatedMinutes = 0, workedMinutes = 0 } = pairs.get(pairKey(line)) ?? {};
    pairs.set(pairKey(line), { allocatedMinutes: allocatedMinutes + line.minutes, workedMinutes });
  }
  return pairs;
}

/**
 * The requested set with its primary consultant (§7): the consultant who is marked, or else the first one.
 * All allocations of that consultant are marked as primary.
 */
export function settleAllocations(asked: readonly ProposedAllocation[]): AllocationSet {
  const primary = asked.find((line) => line.primary) ?? asked[0];
  return asked.map(({ consultantId, productLineId, minutes }) => ({
    consultantId,
    productLineId,
    minutes,
    primary: consultantId === primary?.consultantId,
  }));
}

/** The pairs that a new set leaves out (§7). Their worked minutes stay used; the rest becomes unallocated again. */
export function closedPairs(current: AllocationSet, next: readonly ProposedAllocation[]): Pair[] {
  const kept = new Set(next.map(pairKey));
  return current
    .filter((line) => !kept.has(pairKey(line)))
    .map(({ consultantId, productLineId }) => ({ consultantId, productLineId }));
}

export interface AllocationContext {
  grantedMinutes: number;
  maxConsultants: number;
  worked: WorkedByPair;
  /** The set that the new one replaces. */
  currentSet: AllocationSet;
  enrolledProductLineIds: ReadonlySet<string>;
  /** The enrolled product lines whose removal is planned, each with its first day without enrolment. */
  leavingOn: ReadonlyMap<string, Day>;
  /** The day of the change. */
  on: Day;
}

/**
 * All rules that a new set breaks (§7). Two examples: with 100 allocated and 60 worked, 59 is refused and 60 accepted;
 * with 100 allocated and 130 worked, 99 is refused because all 100 are used.
 */
export function judgeAllocations(asked: readonly ProposedAllocation[], context: AllocationContext): Violation[] {
  return [
    ...duplicates(asked),
    ...severalPrimaries(asked),
    ...tooManyConsultants(asked, context),
    ...linesNotEnrolled(asked, context),
    ...minutesOnLeavingLines(asked, context),
    ...allocationsBelowUsed(asked, context),
    ...allocationsAboveGrant(asked, context),
  ];
}

function duplicates(asked: readonly ProposedAllocation[]): Violation[] {
  const repeated = asked.filter((line, index) => asked.findIndex((other) => pairKey(other) === pairKey(line)) < index);
  return [...new Map(repeated.map((line) => [pairKey(line), line])).values()].map(
    ({ consultantId, productLineId }) => ({ code: 'duplicate-allocation', params: { consultantId, productLineId } }),
  );
}

function severalPrimaries(asked: readonly ProposedAllocation[]): Violation[] {
  const count = consultantsOf(asked.filter((line) => line.primary)).length;
  return count > 1 ? [{ code: 'several-primaries', params: { count } }] : [];
}

function tooManyConsultants(asked: readonly ProposedAllocation[], { maxConsultants }: AllocationContext): Violation[] {
  const count = consultantsOf(asked).length;
  return count > maxConsultants ? [{ code: 'too-many-consultants', params: { count, limit: maxConsultants } }] : [];
}

function linesNotEnrolled(
  asked: readonly ProposedAllocation[],
  { enrolledProductLineIds, on }: AllocationContext,
): Violation[] {
  return productLinesOf(asked)
    .filter((productLineId) => !enrolledProductLineIds.has(productLineId))
    .map((productLineId) => ({ code: 'product-line-not-enrolled', params: { productLineId, on } }));
}

/** A product line is removed without unused allocated minutes (§7), so no allocation on it exceeds the worked minutes. */
function minutesOnLeavingLines(
  asked: readonly ProposedAllocation[],
  { leavingOn, worked }: AllocationContext,
): Violation[] {
  return [...leavingOn].flatMap(([productLineId, untilOn]): Violation[] => {
    const remainingMinutes = minutesLeftOn(productLineId, asked, worked);
    return remainingMinutes > 0
      ? [{ code: 'product-line-leaving', params: { productLineId, untilOn }, remainingMinutes }]
      : [];
  });
}

/** The unused minutes of the allocations on a product line. */
function minutesLeftOn(productLineId: string, set: readonly ProposedAllocation[], worked: WorkedByPair): number {
  return set
    .filter((line) => line.productLineId === productLineId)
    .reduce((sum, line) => sum + Math.max(0, line.minutes - (worked.get(pairKey(line)) ?? 0)), 0);
}

function allocationsBelowUsed(
  asked: readonly ProposedAllocation[],
  { currentSet, worked }: AllocationContext,
): Violation[] {
  const allocated = new Map(currentSet.map((line) => [pairKey(line), line.minutes]));
  return asked.flatMap((line): Violation[] => {
    const { consultantId, productLineId, minutes } = line;
    const usedMinutes = usedOfAllocation({
      allocatedMinutes: allocated.get(pairKey(line)) ?? 0,
      workedMinutes: worked.get(pairKey(line)) ?? 0,
    });
    if (minutes >= usedMinutes) return [];
    return [{ code: 'allocation-below-used', params: { consultantId, productLineId, minutes }, usedMinutes }];
  });
}

function allocationsAboveGrant(
  asked: readonly ProposedAllocation[],
  { grantedMinutes, worked }: AllocationContext,
): Violation[] {
  const pairs = [...pairsOf(asked, worked).values()];
  const minutes = committedMinutes(pairs);
  if (minutes <= grantedMinutes) return [];
  const usedMinutes = pairs.reduce((sum, pair) => sum + pair.workedMinutes, 0);
  return [{ code: 'allocations-exceed-grant', params: { minutes }, limitMinutes: grantedMinutes, usedMinutes }];
}

export interface ProductLineContext {
  maxProductLines: number;
  /** Enrolled on the day of the change or on any day after it. */
  enrolledProductLineIds: readonly string[];
  currentSet: AllocationSet;
  worked: WorkedByPair;
}

/**
 * All rules that a new set of product lines breaks (§7): more lines than the package allows, or the removal of a line with
 * unused allocated minutes.
 */
export function judgeProductLines(productLineIds: readonly string[], context: ProductLineContext): Violation[] {
  const { maxProductLines, enrolledProductLineIds, currentSet, worked } = context;
  const wanted = new Set(productLineIds);
  const violations: Violation[] = [];
  if (wanted.size > maxProductLines) {
    violations.push({ code: 'too-many-product-lines', params: { count: wanted.size, limit: maxProductLines } });
  }
  for (const productLineId of enrolledProductLineIds.filter((id) => !wanted.has(id))) {
    const remainingMinutes = minutesLeftOn(productLineId, currentSet, worked);
    if (remainingMinutes > 0) {
      violations.push({ code: 'product-line-in-use', params: { productLineId }, remainingMinutes });
    }
  }
  return violations;
}

export interface CarryContext {
  fromGrantedMinutes: number;
  toGrantedMinutes: number;
  maxConsultants: number;
  maxProductLines: number;
  /** The product lines enrolled at the end of the old term, in the order of the request that set them. */
  enrolledProductLineIds: readonly string[];
}

export interface CarriedAllocations {
  set: AllocationSet;
  /** The product lines that stay enrolled. */
  productLineIds: string[];
  dropped: { consultantIds: string[]; productLineIds: string[] };
}

/**
 * The set of the next term (§11): each allocation is scaled to the new total and rounded down; the rest is unallocated.
 * From 11,520 to 5,760 minutes, an allocation of 1,001 becomes 500. If the next package allows fewer lines, the first ones
 * stay, always with one of the primary consultant. If it allows fewer consultants, the primary and then the first ones stay.
 */
export function carryAllocations(set: AllocationSet, context: CarryContext): CarriedAllocations {
  const { fromGrantedMinutes, toGrantedMinutes, maxConsultants, enrolledProductLineIds } = context;
  const productLineIds = productLinesKept(set, context);
  const onKeptLines = set.filter((line) => productLineIds.includes(line.productLineId));
  const consultantIds = consultantsOf([...onKeptLines.filter((line) => line.primary), ...onKeptLines]);
  const kept = consultantIds.slice(0, maxConsultants);
  return {
    set: settleAllocations(
      onKeptLines
        .filter((line) => kept.includes(line.consultantId))
        .map((line) => ({ ...line, minutes: floorDivide(line.minutes * toGrantedMinutes, fromGrantedMinutes) })),
    ),
    productLineIds,
    dropped: {
      consultantIds: consultantsOf(set).filter((id) => !kept.includes(id)),
      productLineIds: enrolledProductLineIds.filter((id) => !productLineIds.includes(id)),
    },
  };
}

function productLinesKept(set: AllocationSet, { enrolledProductLineIds, maxProductLines }: CarryContext): string[] {
  const kept = enrolledProductLineIds.slice(0, maxProductLines);
  const ofPrimary = productLinesOf(set.filter((line) => line.primary)).filter((id) =>
    enrolledProductLineIds.includes(id),
  );
  const [first] = ofPrimary;
  if (first !== undefined && !ofPrimary.some((id) => kept.includes(id))) kept[kept.length - 1] = first;
  return kept;
}

function consultantsOf(lines: readonly Pair[]): string[] {
  return [...new Set(lines.map((line) => line.consultantId))];
}

function productLinesOf(lines: readonly Pair[]): string[] {
  return [...new Set(lines.map((line) => line.productLineId))];
}
