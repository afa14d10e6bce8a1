import { Patience } from './patience.js';

const kilobyte = 1024;
const pace = { leastBytesPerSecond: 64 * kilobyte, patienceMs: 60_000 };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** After how many seconds an end that moves this number of bytes each time is given up; undefined where it never is, in an hour. */
function givenUpAfter(bytes: number, everySeconds: number): number | undefined {
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
  ['stands still', 0, 120, 60],
  ['drips byte by byte', 1, 1, 60],
  ['takes 2 MB in 45 seconds, evenly', 2_000_000 / 45, 1, 185],
  ['keeps the least rate', 64 * kilobyte, 1, undefined],
  ['takes 2 MiB at a time after long breaks', 2 * 1024 * kilobyte, 30, undefined],
  ['takes a lot once and then nothing', 1e9, 61, 60],
])('an end that %s', (_, bytes, everySeconds, expected) => {
  const seconds = givenUpAfter(bytes, everySeconds);
  if (expected === undefined) expect(seconds).toBeUndefined();
  else expect(Math.abs(seconds! - expected)).toBeLessThan(3);
});

test('the time in which it is our turn costs the other end nothing', () => {
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
