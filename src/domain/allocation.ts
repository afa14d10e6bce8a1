import type { Day } from './calendar.js';
import { floorDivide } from './minutes.js';
import type { Violation } from './refusal.js';

/** One consultant on one product line: what minutes are set aside for, and what work is booked on. */
export interface Pair {
  consultantId: string;
  productLineId: string;
}

/** Minutes of the term set aside for a pair; 0 assigns the consultant, who then draws from the unallocated minutes (§7). */
export interface Allocation extends Pair {
  minutes: number;
  /** Whether the consultant of this line is the primary one of the set. */
  primary: boolean;
}

/** How a term's minutes are shared out, in the order in which the lines were named; replaced as a whole (§7). */
export type AllocationSet = readonly Allocation[];

/** A line as it is asked for. */
export type NewAllocation = Pair & { minutes: number; primary?: boolean };

/** Both amounts of a pair in a term; allocated is 0 where it is not, or no longer, in the set. */
export interface PairBalance {
  allocatedMinutes: number;
  workedMinutes: number;
}

/** Minutes worked in the term, net of reversals, by `pairKey`. */
export type WorkedByPair = ReadonlyMap<string, number>;

export function pairKey({ consultantId, productLineId }: Pair): string {
  return `${consultantId} ${productLineId}`;
}

/** What is used of a pair's allocation (§7): 60 of 100 allocated minutes after 60 worked, 100 after 130. */
export function usedOfAllocation({ allocatedMinutes, workedMinutes }: PairBalance): number {
  return Math.min(workedMinutes, allocatedMinutes);
}

/** What a pair drew from the unallocated minutes (§7): 30 when 130 were worked on an allocation of 100. */
export function drawnFromUnallocated({ allocatedMinutes, workedMinutes }: PairBalance): number {
  return Math.max(0, workedMinutes - allocatedMinutes);
}

/** The minutes that are spoken for: the larger of allocated and worked, summed over all pairs of the term (§4). */
export function committedMinutes(pairs: Iterable<PairBalance>): number {
  let committed = 0;
  for (const { allocatedMinutes, workedMinutes } of pairs) committed += Math.max(allocatedMinutes, workedMinutes);
  return committed;
}

/** §7: granted − Σ max(allocation, worked); never negative in a term that keeps the promises of §4. */
export function unallocatedMinutes(grantedMinutes: number, pairs: Iterable<PairBalance>): number {
  return grantedMinutes - committedMinutes(pairs);
}

/** All pairs of a term: those of the set, and those outside it that were worked on. */
export function pairsOf(set: readonly NewAllocation[], worked: WorkedByPair): PairBalance[] {
  const pairs = new Map([...worked].map(([key, workedMinutes]) => [key, { allocatedMinutes: 0, workedMinutes }]));
  for (const line of set) {
    const { allocatedMinutes = 0, workedMinutes = 0 } = pairs.get(pairKey(line)) ?? {};
    pairs.set(pairKey(line), { allocatedMinutes: allocatedMinutes + line.minutes, workedMinutes });
  }
  return [...pairs.values()];
}

/**
 * The set as asked for, with its primary consultant settled (§7): the one marked, or the first named where none is.
 * All lines of that consultant carry the mark.
 */
export function settleAllocations(asked: readonly NewAllocation[]): AllocationSet {
  const primary = asked.find((line) => line.primary) ?? asked[0];
  return asked.map(({ consultantId, productLineId, minutes }) => ({
    consultantId,
    productLineId,
    minutes,
    primary: consultantId === primary?.consultantId,
  }));
}

/** The pairs that a new set leaves out and so closes: what they worked stays used, the rest is unallocated again (§7). */
export function closedPairs(current: AllocationSet, next: readonly NewAllocation[]): Pair[] {
  const kept = new Set(next.map(pairKey));
  return current
    .filter((line) => !kept.has(pairKey(line)))
    .map(({ consultantId, productLineId }) => ({ consultantId, productLineId }));
}

export interface AllocationContext {
  grantedMinutes: number;
  maxConsultants: number;
  worked: WorkedByPair;
  /** The set that is to be replaced. */
  currentSet: AllocationSet;
  enrolledProductLineIds: ReadonlySet<string>;
  /** The enrolled product lines whose leaving is planned, each with its first day without enrolment. */
  leavingOn: ReadonlyMap<string, Day>;
  /** The day of the change. */
  on: Day;
}

/**
 * Everything that stands against a new set (§7). Two examples: 100 allocated and 60 worked, so 59 is refused and 60 is
 * not; 100 allocated and 130 worked, so 99 is refused, as all 100 of it are used.
 */
export function judgeAllocations(asked: readonly NewAllocation[], context: AllocationContext): Violation[] {
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

function duplicates(asked: readonly NewAllocation[]): Violation[] {
  const repeated = asked.filter((line, index) => asked.findIndex((other) => pairKey(other) === pairKey(line)) < index);
  return [...new Map(repeated.map((line) => [pairKey(line), line])).values()].map(
    ({ consultantId, productLineId }) => ({ code: 'duplicate-allocation', params: { consultantId, productLineId } }),
  );
}

function severalPrimaries(asked: readonly NewAllocation[]): Violation[] {
  const count = consultantsOf(asked.filter((line) => line.primary)).length;
  return count > 1 ? [{ code: 'several-primaries', params: { count } }] : [];
}

function tooManyConsultants(asked: readonly NewAllocation[], { maxConsultants }: AllocationContext): Violation[] {
  const count = consultantsOf(asked).length;
  return count > maxConsultants ? [{ code: 'too-many-consultants', params: { count, limit: maxConsultants } }] : [];
}

function linesNotEnrolled(
  asked: readonly NewAllocation[],
  { enrolledProductLineIds, on }: AllocationContext,
): Violation[] {
  return productLinesOf(asked)
    .filter((productLineId) => !enrolledProductLineIds.has(productLineId))
    .map((productLineId) => ({ code: 'product-line-not-enrolled', params: { productLineId, on } }));
}

/** A line leaves without allocated minutes left (§7), so nobody allocates more than was worked to one that will leave. */
function minutesOnLeavingLines(asked: readonly NewAllocation[], { leavingOn, worked }: AllocationContext): Violation[] {
  return [...leavingOn].flatMap(([productLineId, untilOn]): Violation[] => {
    const remainingMinutes = minutesLeftOn(productLineId, asked, worked);
    return remainingMinutes > 0
      ? [{ code: 'product-line-leaving', params: { productLineId, untilOn }, remainingMinutes }]
      : [];
  });
}

/** The minutes that allocations on a product line have left. */
function minutesLeftOn(productLineId: string, set: readonly NewAllocation[], worked: WorkedByPair): number {
  return set
    .filter((line) => line.productLineId === productLineId)
    .reduce((sum, line) => sum + Math.max(0, line.minutes - (worked.get(pairKey(line)) ?? 0)), 0);
}

function allocationsBelowUsed(asked: readonly NewAllocation[], { currentSet, worked }: AllocationContext): Violation[] {
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
  asked: readonly NewAllocation[],
  { grantedMinutes, worked }: AllocationContext,
): Violation[] {
  const pairs = pairsOf(asked, worked);
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
 * Everything that stands against enrolling exactly these product lines (§7): more than the package's number, or a line
 * that leaves while an allocation on it has minutes left.
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
  /** The product lines enrolled at the end of the old term, in the order in which they were named. */
  enrolledProductLineIds: readonly string[];
}

export interface CarriedAllocations {
  set: AllocationSet;
  /** The product lines that stay enrolled. */
  productLineIds: string[];
  dropped: { consultantIds: string[]; productLineIds: string[] };
}

/**
 * The set of the next term (§11): each allocation scaled to the new total and rounded down, the rest unallocated.
 * From 11,520 to 5,760 minutes an allocation of 1,001 becomes 500. Where the next package holds fewer, the first
 * named lines stay, of which one is the primary consultant's, and on these the primary and the first named consultants.
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
