import fc from 'fast-check';
import {
  carryAllocations,
  closedPairs,
  committedMinutes,
  drawnFromUnallocated,
  judgeAllocations,
  judgeProductLines,
  pairKey,
  pairsOf,
  settleAllocations,
  unallocatedMinutes,
  usedOfAllocation,
  type ProposedAllocation,
  type AllocationContext,
  type AllocationSet,
  type CarryContext,
  type WorkedByPair,
} from './allocation.js';

/** `A1 100` is consultant A on product line 1 with 100 minutes; `*` marks the primary one. */
function lines(...texts: string[]): ProposedAllocation[] {
  return texts.map((text) => {
    const [, consultantId, productLineId, minutes, mark] = /^([A-Z])(\d) (\d+)(\*?)$/.exec(text)!;
    const line = { consultantId: consultantId!, productLineId: productLineId!, minutes: Number(minutes) };
    return mark ? { ...line, primary: true } : line;
  });
}

function setOf(...texts: string[]): AllocationSet {
  return settleAllocations(lines(...texts));
}

function shown(set: AllocationSet): string[] {
  return set.map((line) => `${line.consultantId}${line.productLineId} ${line.minutes}${line.primary ? '*' : ''}`);
}

function workedOn(...texts: string[]): WorkedByPair {
  return new Map(lines(...texts).map((line) => [pairKey(line), line.minutes]));
}

describe('what a pair used (§7)', () => {
  // prettier-ignore
  test.each([
    // allocated worked used drawn
    [100,          0,     0,    0],
    [100,         60,    60,    0],
    [100,        100,   100,    0],
    [100,        130,   100,   30],
    [  0,         30,     0,   30],
    [  0,          0,     0,    0],
  ])('allocated %i, worked %i: uses %i of the allocation, draws %i from the unallocated minutes', (allocatedMinutes, workedMinutes, used, drawn) => {
    const pair = { allocatedMinutes, workedMinutes };
    expect([usedOfAllocation(pair), drawnFromUnallocated(pair)]).toEqual([used, drawn]);
  });
});

describe('unallocatedMinutes (§7)', () => {
  test.each<[string, string[], string[], number]>([
    ['no allocations', [], [], 1000],
    ['allocations', ['A1 300', 'B2 200'], [], 500],
    ['work within allocations changes nothing', ['A1 300', 'B2 200'], ['A1 299', 'B2 200'], 500],
    ['work beyond an allocation draws', ['A1 300', 'B2 200'], ['A1 310'], 490],
    ['a closed pair keeps its worked minutes', ['A1 300'], ['B2 50'], 650],
    ['an allocation of 0', ['A1 0'], ['A1 20'], 980],
    ['the whole term', ['A1 1000'], [], 0],
  ])('%s', (_, set, worked, expected) => {
    expect(unallocatedMinutes(1000, pairsOf(lines(...set), workedOn(...worked)).values())).toBe(expected);
  });
});

describe('settleAllocations (§7)', () => {
  test.each<[string, string[], string[]]>([
    ['the marked consultant is primary', ['A1 1', 'B1 1*'], ['A1 1', 'B1 1*']],
    ['without a mark, the first consultant is primary', ['A1 1', 'B1 1'], ['A1 1*', 'B1 1']],
    ['primary on all lines', ['B1 1', 'A1 1*', 'A2 1'], ['B1 1', 'A1 1*', 'A2 1*']],
    ['an empty set has no primary consultant', [], []],
  ])('%s', (_, asked, expected) => {
    expect(shown(setOf(...asked))).toEqual(expected);
  });
});

test('closedPairs are the pairs that the new set leaves out', () => {
  expect(closedPairs(setOf('A1 1', 'A2 1', 'B1 1'), lines('B1 0', 'A1 5'))).toEqual([
    { consultantId: 'A', productLineId: '2' },
  ]);
});

describe('judgeAllocations (§7)', () => {
  const premier: AllocationContext = {
    grantedMinutes: 11_520,
    maxConsultants: 2,
    worked: new Map(),
    currentSet: [],
    enrolledProductLineIds: new Set(['1', '2']),
    leavingOn: new Map(),
    on: '2026-07-01',
  };

  test.each<[string, string[], Partial<AllocationContext>]>([
    ['the whole grant', ['A1 11520'], {}],
    ['an empty set', [], {}],
    ['0 minutes, which assign the consultant', ['A1 0'], {}],
    ['two consultants on two lines', ['A1 1', 'A2 1', 'B1 1', 'B2 1'], {}],
    ['one consultant marked on both lines', ['A1 1*', 'A2 1*'], {}],
    ['lowered to the used minutes', ['A1 60'], { currentSet: setOf('A1 100'), worked: workedOn('A1 60') }],
    ['not raised, though more was worked', ['A1 100'], { currentSet: setOf('A1 100'), worked: workedOn('A1 130') }],
    [
      'a pair that is left out counts only with its worked minutes',
      ['B1 11420'],
      { currentSet: setOf('A1 9000'), worked: workedOn('A1 100') },
    ],
    ['a pair that returns', ['A1 0'], { worked: workedOn('A1 100') }],
    [
      'only the worked minutes on a line that will leave',
      ['A1 60', 'B1 0', 'A2 1'],
      { worked: workedOn('A1 60', 'B1 5'), leavingOn: new Map([['1', '2026-08-01']]) },
    ],
    [
      'a consultant who has left does not count',
      ['B1 1', 'C1 1'],
      { currentSet: setOf('A1 9'), worked: workedOn('A1 5') },
    ],
  ])('accepted: %s', (_, asked, change) => {
    expect(judgeAllocations(lines(...asked), { ...premier, ...change })).toEqual([]);
  });

  test.each<[string, string[], Partial<AllocationContext>, object]>([
    [
      'a minute above the grant',
      ['A1 11000', 'B1 521'],
      {},
      { code: 'allocations-exceed-grant', limitMinutes: 11_520, params: { minutes: 11_521 }, usedMinutes: 0 },
    ],
    [
      'above the grant because of a closed pair’s work',
      ['B1 11421'],
      { worked: workedOn('A1 100') },
      { code: 'allocations-exceed-grant', limitMinutes: 11_520, params: { minutes: 11_521 }, usedMinutes: 100 },
    ],
    [
      'a third consultant',
      ['A1 1', 'B1 1', 'C2 1'],
      {},
      { code: 'too-many-consultants', params: { count: 3, limit: 2 } },
    ],
    [
      'a line that is not enrolled',
      ['A1 1', 'A3 1', 'B3 1'],
      {},
      { code: 'product-line-not-enrolled', params: { productLineId: '3', on: '2026-07-01' } },
    ],
    [
      'below the used minutes',
      ['A1 59'],
      { currentSet: setOf('A1 100'), worked: workedOn('A1 60') },
      {
        code: 'allocation-below-used',
        params: { consultantId: 'A', productLineId: '1', minutes: 59 },
        usedMinutes: 60,
      },
    ],
    [
      'below an allocation that is used up',
      ['A1 99'],
      { currentSet: setOf('A1 100'), worked: workedOn('A1 130') },
      {
        code: 'allocation-below-used',
        params: { consultantId: 'A', productLineId: '1', minutes: 99 },
        usedMinutes: 100,
      },
    ],
    [
      'minutes on a line that will leave',
      ['A1 100', 'B1 40'],
      { worked: workedOn('A1 60', 'B1 50'), leavingOn: new Map([['1', '2026-08-01']]) },
      {
        code: 'product-line-leaving',
        params: { productLineId: '1', untilOn: '2026-08-01' },
        remainingMinutes: 40,
      },
    ],
    ['two primaries', ['A1 1*', 'B1 1*'], {}, { code: 'several-primaries', params: { count: 2 } }],
    [
      'a pair named three times',
      ['A1 1', 'A1 2', 'A1 1'],
      {},
      { code: 'duplicate-allocation', params: { consultantId: 'A', productLineId: '1' } },
    ],
  ])('refused: %s', (_, asked, change, violation) => {
    expect(judgeAllocations(lines(...asked), { ...premier, ...change })).toEqual([violation]);
  });

  test('all broken rules are reported together', () => {
    const asked = lines('A1 5*', 'A1 5', 'B2 9000*', 'C3 9000');
    const context = { ...premier, currentSet: setOf('A1 100'), worked: workedOn('A1 60') };
    expect(new Set(judgeAllocations(asked, context).map(({ code }) => code))).toEqual(
      new Set([
        'duplicate-allocation',
        'several-primaries',
        'too-many-consultants',
        'product-line-not-enrolled',
        'allocation-below-used',
        'allocations-exceed-grant',
      ]),
    );
  });
});

describe('judgeProductLines (§7)', () => {
  const premier = {
    maxProductLines: 2,
    enrolledProductLineIds: ['1', '2'],
    currentSet: setOf('A1 100', 'B1 0', 'B2 50'),
    worked: workedOn('A1 60', 'B2 50'),
  };

  test.each<[string, string[], object[]]>([
    ['all stay', ['1', '2'], []],
    ['a line without unused minutes leaves, another joins', ['1', '3'], []],
    [
      'a line with unused minutes leaves',
      ['2'],
      [{ code: 'product-line-in-use', params: { productLineId: '1' }, remainingMinutes: 40 }],
    ],
    ['three at the same time', ['1', '2', '3'], [{ code: 'too-many-product-lines', params: { count: 3, limit: 2 } }]],
    ['a line named twice counts once', ['1', '2', '1'], []],
  ])('%s', (_, wanted, expected) => {
    expect(judgeProductLines(wanted, premier)).toEqual(expected);
  });
});

describe('carryAllocations (§11)', () => {
  const same: CarryContext = {
    fromGrantedMinutes: 11_520,
    toGrantedMinutes: 11_520,
    maxConsultants: 2,
    maxProductLines: 2,
    enrolledProductLineIds: ['1', '2'],
  };
  const toBasic = { toGrantedMinutes: 5760, maxConsultants: 1, maxProductLines: 1 };

  test.each<[string, string[], Partial<CarryContext>, string[], string[], string[]]>([
    // name, old set, context, new set, consultants dropped, lines dropped
    ['unchanged under the same package', ['A1 8000', 'B2 3520*'], {}, ['A1 8000', 'B2 3520*'], [], []],
    ['halved and rounded down', ['A1 1001', 'A2 3'], { toGrantedMinutes: 5760 }, ['A1 500*', 'A2 1*'], [], []],
    ['doubled', ['A1 1001', 'B2 0'], { toGrantedMinutes: 23_040 }, ['A1 2002*', 'B2 0'], [], []],
    ['back to a whole package after an upgrade', ['A1 8633'], { fromGrantedMinutes: 8633 }, ['A1 11520*'], [], []],
    ['without a mark, the first consultant stays', ['A1 400', 'B1 600'], toBasic, ['A1 200*'], ['B'], ['2']],
    ['the primary consultant goes before the first', ['A1 400', 'B1 600*'], toBasic, ['B1 300*'], ['A'], ['2']],
    ['the first line stays', ['A2 400*', 'A1 600*'], toBasic, ['A1 300*'], [], ['2']],
    ['the primary consultant’s line stays', ['A1 400', 'B2 600*'], toBasic, ['B2 300*'], ['A'], ['1']],
    [
      'of three, the primary consultant and the first stay',
      ['A1 1', 'B1 1', 'C1 1*'],
      {},
      ['A1 1', 'C1 1*'],
      ['B'],
      [],
    ],
    [
      'a consultant who had only dropped lines',
      ['A1 2*', 'B2 2', 'C1 2'],
      { maxProductLines: 1 },
      ['A1 2*', 'C1 2'],
      ['B'],
      ['2'],
    ],
    ['a line that has left is dropped', ['A1 1', 'A3 1'], {}, ['A1 1*'], [], []],
    ['a consultant who had only a line that has left', ['A3 1', 'B2 1'], {}, ['B2 1*'], ['A'], []],
    ['lines without allocations', [], { maxProductLines: 1 }, [], [], ['2']],
    ['no lines at all', [], { enrolledProductLineIds: [] }, [], [], []],
  ])('%s', (_, old, change, set, consultantIds, productLineIds) => {
    const carried = carryAllocations(setOf(...old), { ...same, ...change });
    expect(shown(carried.set)).toEqual(set);
    expect(carried.dropped).toEqual({ consultantIds, productLineIds });
  });

  test('the lines that stay keep their order', () => {
    const { productLineIds } = carryAllocations(setOf('A1 1'), { ...same, enrolledProductLineIds: ['2', '1'] });
    expect(productLineIds).toEqual(['2', '1']);
  });
});

describe('what is conserved', () => {
  const minutes = fc.integer({ min: 0, max: 20_000 });
  const pairs = fc.array(fc.record({ allocatedMinutes: minutes, workedMinutes: minutes }), { maxLength: 12 });
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);

  test('used from allocations + drawn from the unallocated = worked', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const worked = sum(all.map(({ workedMinutes }) => workedMinutes));
        expect(sum(all.map(usedOfAllocation)) + sum(all.map(drawnFromUnallocated))).toBe(worked);
      }),
    );
  });

  test('allocated + drawn + unallocated = granted, and nothing is overdrawn while the commitments fit the grant', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 96_000 }), (all, granted) => {
        const allocated = sum(all.map(({ allocatedMinutes }) => allocatedMinutes));
        const unallocated = unallocatedMinutes(granted, all);
        expect(allocated + sum(all.map(drawnFromUnallocated)) + unallocated).toBe(granted);
        expect(unallocated >= 0).toBe(committedMinutes(all) <= granted);
      }),
    );
  });

  const asked = fc.uniqueArray(
    fc.record({ consultantId: fc.constantFrom('A', 'B', 'C'), productLineId: fc.constantFrom('1', '2', '3'), minutes }),
    { selector: pairKey, maxLength: 9 },
  );

  test('an accepted set keeps the used minutes of each allocation, and fits the grant', () => {
    fc.assert(
      fc.property(asked, asked, asked, (old, next, work) => {
        const worked = new Map(work.map((line) => [pairKey(line), line.minutes]));
        const context: AllocationContext = {
          grantedMinutes: 60_000,
          maxConsultants: 3,
          worked,
          currentSet: settleAllocations(old),
          enrolledProductLineIds: new Set(['1', '2', '3']),
          leavingOn: new Map(),
          on: '2026-07-01',
        };
        if (judgeAllocations(next, context).length > 0) return;
        expect(unallocatedMinutes(60_000, pairsOf(next, worked).values())).toBeGreaterThanOrEqual(0);
        for (const line of next) {
          const workedMinutes = worked.get(pairKey(line)) ?? 0;
          const before = old.find((other) => pairKey(other) === pairKey(line))?.minutes ?? 0;
          expect(usedOfAllocation({ allocatedMinutes: line.minutes, workedMinutes })).toBeGreaterThanOrEqual(
            usedOfAllocation({ allocatedMinutes: before, workedMinutes }),
          );
        }
      }),
    );
  });

  test('a carried set fits the next package, and each consultant is either in it or dropped', () => {
    const context = fc.record({
      fromGrantedMinutes: fc.integer({ min: 1, max: 96_000 }),
      toGrantedMinutes: fc.constantFrom(5760, 11_520, 23_040, 96_000),
      maxConsultants: fc.integer({ min: 1, max: 3 }),
      maxProductLines: fc.integer({ min: 1, max: 3 }),
      enrolledProductLineIds: fc.shuffledSubarray(['1', '2', '3']),
    });
    fc.assert(
      fc.property(asked, context, (named, to) => {
        const old = settleAllocations(named);
        fc.pre(sum(old.map((line) => line.minutes)) <= to.fromGrantedMinutes);
        const { set, productLineIds, dropped } = carryAllocations(old, to);
        const consultantIds = new Set(set.map((line) => line.consultantId));
        expect(sum(set.map((line) => line.minutes))).toBeLessThanOrEqual(to.toGrantedMinutes);
        expect(consultantIds.size).toBeLessThanOrEqual(to.maxConsultants);
        expect(productLineIds.length).toBe(Math.min(to.maxProductLines, to.enrolledProductLineIds.length));
        expect([...productLineIds, ...dropped.productLineIds].sort()).toEqual([...to.enrolledProductLineIds].sort());
        expect([...consultantIds, ...dropped.consultantIds].sort()).toEqual(
          [...new Set(old.map((line) => line.consultantId))].sort(),
        );
        expect(new Set(set.filter((line) => line.primary).map((line) => line.consultantId)).size).toBe(
          set.length > 0 ? 1 : 0,
        );
        const primary = old.find((line) => line.primary && to.enrolledProductLineIds.includes(line.productLineId));
        if (primary) expect(set.find((line) => line.primary)?.consultantId).toBe(primary.consultantId);
      }),
      { numRuns: 500 },
    );
  });
});
