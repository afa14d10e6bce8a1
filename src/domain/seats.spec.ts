import fc from 'fast-check';
import { carrySeats, judgeSeat } from './seats.js';

function held(...emails: string[]) {
  return emails.map((learnerEmail) => ({ learnerEmail }));
}

describe('judgeSeat (§9)', () => {
  const exhausted = (used: number, limit: number) => ({ code: 'seats-exhausted', params: { used, limit } });
  const alreadyHeld = (learnerEmail: string) => ({ code: 'seat-already-held', params: { learnerEmail } });

  test.each<[string, string, string[], number, object[]]>([
    ['the first', 'a@x.jp', [], 1, []],
    ['the last', 'c@x.jp', ['a@x.jp', 'b@x.jp'], 3, []],
    ['one seat too many', 'b@x.jp', ['a@x.jp'], 1, [exhausted(1, 1)]],
    ['a package without seats', 'a@x.jp', [], 0, [exhausted(0, 0)]],
    ['a second seat of a learner', 'a@x.jp', ['a@x.jp'], 3, [alreadyHeld('a@x.jp')]],
    ['the same learner in capitals', 'A@X.JP', ['a@x.jp'], 3, [alreadyHeld('A@X.JP')]],
    ['both', 'a@x.jp', ['a@x.jp'], 1, [alreadyHeld('a@x.jp'), exhausted(1, 1)]],
  ])('%s', (_, learnerEmail, inUse, max, expected) => {
    expect(judgeSeat({ learnerEmail }, { inUse: held(...inUse), max })).toEqual(expected);
  });
});

describe('carrySeats (§9)', () => {
  test.each<[number, string[], string[]]>([
    [6, ['a', 'b', 'c'], []],
    [3, ['a', 'b', 'c'], []],
    [1, ['a'], ['b', 'c']],
    [0, [], ['a', 'b', 'c']],
  ])('into %i seats', (max, kept, dropped) => {
    expect(carrySeats(['a', 'b', 'c'], max)).toEqual({ kept, dropped });
  });

  test('no learner is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(10), (seats, max) => {
        const { kept, dropped } = carrySeats(seats, max);
        expect([...kept, ...dropped]).toEqual(seats);
        expect(kept.length).toBeLessThanOrEqual(max);
      }),
    );
  });
});
