import { lastMorning, morningOf } from './morning.js';

describe('the morning of a day', () => {
  it.each([
    ['Asia/Tokyo', '2026-07-01', '2026-07-01T00:00:00Z'],
    ['Europe/Berlin', '2026-07-01', '2026-07-01T07:00:00Z'],
    ['Europe/Berlin', '2026-12-01', '2026-12-01T08:00:00Z'],
    ['America/Los_Angeles', '2026-07-01', '2026-07-01T16:00:00Z'],
  ])('in %s on %s is at %s', (timeZone, day, at) => {
    expect(morningOf(day, timeZone)).toEqual(new Date(at));
    expect(lastMorning(new Date(at), timeZone)).toBe(day);
    expect(lastMorning(new Date(Date.parse(at) - 1), timeZone) < day).toBe(true);
  });
});
