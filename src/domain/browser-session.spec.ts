import { isLive, isNoted } from './browser-session.js';

const at = (text: string): Date => new Date(`2027-${text}Z`);

describe('a session of the console', () => {
  // prettier-ignore
  test.each<[created: string, lastSeen: string, ended: string | null, now: string, live: boolean]>([
    ['03-01T09:00:00', '03-01T09:00:00', null,              '03-01T09:00:00',     true ],
    ['03-01T09:00:00', '03-01T09:00:00', null,              '03-01T20:59:59.999', true ],
    ['03-01T09:00:00', '03-01T09:00:00', null,              '03-01T21:00:00',     false], // idle for 12 hours
    ['03-01T09:00:00', '03-01T20:00:00', null,              '03-02T07:59:59.999', true ],
    ['03-01T09:00:00', '03-15T08:00:00', null,              '03-15T08:59:59.999', true ],
    ['03-01T09:00:00', '03-15T08:55:00', null,              '03-15T09:00:00',     false], // 14 days old
    ['03-01T09:00:00', '03-01T09:00:00', '03-01T09:00:00',  '03-01T09:00:00',     false], // ended
  ])('that began at %s, was seen at %s and ended at %s is live at %s: %s', (created, lastSeen, ended, now, live) => {
    const times = { createdAt: at(created), lastSeenAt: at(lastSeen), endedAt: ended === null ? null : at(ended) };
    expect(isLive(times, at(now))).toBe(live);
  });

  // prettier-ignore
  test.each<[lastSeen: string, now: string, noted: boolean]>([
    ['03-01T09:00:00', '03-01T09:04:59.999', false],
    ['03-01T09:00:00', '03-01T09:05:00',     true ],
  ])('that was seen at %s notes a request at %s: %s', (lastSeen, now, noted) => {
    expect(isNoted({ lastSeenAt: at(lastSeen) }, at(now))).toBe(noted);
  });
});
