import { leftAfter, type LeftChange, type TermLeft } from './week-left.js';

const suzuki = { consultantId: 'suzuki', productLineId: 'database' };
const lee = { consultantId: 'lee', productLineId: 'storage' };

/** 1,000 granted: 300 for Suzuki, of which 250 are worked, 200 for Lee; 500 are unallocated. */
const term: TermLeft = {
  grantedMinutes: 1_000,
  remainingMinutes: 750,
  onsiteRemainingMinutes: 250,
  closed: false,
  pairs: [
    { ...suzuki, allocatedMinutes: 300, workedMinutes: 250 },
    { ...lee, allocatedMinutes: 200, workedMinutes: 0 },
  ],
};
const more = (minutes: number, change: Partial<LeftChange> = {}): LeftChange => ({
  ...suzuki,
  minutes,
  onsite: false,
  ...change,
});

describe('leftAfter', () => {
  // prettier-ignore
  test.each<[string, LeftChange[], [term: number, onsite: number, suzuki: number, lee: number]]>([
    ['no change',                                        [],                                  [750, 250, 550, 700]],
    ['work within the allocation',                       [more(50)],                          [700, 250, 500, 700]],
    ['work that draws from the unallocated minutes too', [more(150)],                         [600, 250, 400, 600]],
    ['two rows of one pair',                             [more(50), more(100)],               [600, 250, 400, 600]],
    ['onsite work',                                      [more(50, { onsite: true })],        [700, 200, 500, 700]],
    ['hours that are taken back',                        [more(-100)],                        [850, 250, 650, 700]],
    ['more than is left',                                [more(600)],                         [150, 250, -50, 150]],
    ['work of a pair without an allocation',             [more(100, { consultantId: 'kim' })], [650, 250, 450, 600]],
  ])('%s', (_, changes, [termMinutes, onsiteMinutes, ofSuzuki, ofLee]) => {
    const left = leftAfter(term, changes);
    expect([left.termMinutes, left.onsiteMinutes, left.ofPair(suzuki), left.ofPair(lee)]).toEqual([
      termMinutes,
      onsiteMinutes,
      ofSuzuki,
      ofLee,
    ]);
  });

  test('names no limit of a pair in a closed term', () => {
    expect(leftAfter({ ...term, closed: true }, []).ofPair(suzuki)).toBeUndefined();
  });
});
