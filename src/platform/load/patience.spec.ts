import { Patience } from './patience.js';

const kilobyte = 1024;
const pace = { leastBytesPerSecond: 64 * kilobyte, patienceMs: 60_000 };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** The seconds after which a peer that moves these bytes at each interval is cut off; undefined if it never is within an hour. */
function cutOffAfter(bytes: number, everySeconds: number): number | undefined {
  let at: number | undefined;
  const patience = new Patience(pace, () => (at = Date.now()));
  const start = Date.now();
  while (Date.now() - start < 3_600_000) {
    patience.wait();
    jest.advanceTimersByTime(everySeconds * 1000);
    if (at !== undefined) return (at - start) / 1000;
    patience.moved(bytes);
  }
  return undefined;
}

test.each([
  ['stands still is cut off after a minute', 0, 120, 60],
  ['moves a byte a second is cut off after a minute', 1, 1, 60],
  ['moves 2 MB evenly in 45 seconds is cut off after three minutes', 2_000_000 / 45, 1, 185],
  ['keeps the minimum rate is never cut off', 64 * kilobyte, 1, undefined],
  ['moves 2 MiB after each long break is never cut off', 2 * 1024 * kilobyte, 30, undefined],
  ['moves a lot once and then nothing is cut off after a minute', 1e9, 61, 60],
])('a peer that %s', (_, bytes, everySeconds, expected) => {
  const seconds = cutOffAfter(bytes, everySeconds);
  if (expected === undefined) expect(seconds).toBeUndefined();
  else expect(Math.abs(seconds! - expected)).toBeLessThan(3);
});

test('the time in which the service must act does not use up patience', () => {
  const lost = jest.fn();
  const patience = new Patience(pace, lost);
  for (let times = 0; times < 10; times++) {
    patience.wait();
    jest.advanceTimersByTime(5_000);
    patience.moved(0);
    jest.advanceTimersByTime(600_000);
  }
  expect(lost).not.toHaveBeenCalled();
  patience.wait();
  jest.advanceTimersByTime(10_001);
  expect(lost).toHaveBeenCalledTimes(1);
});
