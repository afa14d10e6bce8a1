import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { yearEndsOn, yearStartsOn } from '../cast.js';
import { meaningOf } from '../mails.js';
import { scenes } from './year.js';

/** The story’s sources as one text. */
const story = readdirSync(__dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(join(__dirname, file), 'utf8'))
  .join('\n');

describe('the scenes of the year', () => {
  const ats = scenes.map(({ at }) => at);

  it('are played in order, each at a moment of its own', () => {
    expect(ats).toEqual([...new Set(ats)].sort());
  });

  it.each(scenes.map(({ at, title }) => [at, title]))(
    '%s is within the year, after the visits of the month are planned: %s',
    (at) => {
      expect(at.slice(0, 10) >= yearStartsOn && at.slice(0, 10) <= yearEndsOn).toBe(true);
      // The month begins at 02:00 UTC, and the clock never goes back.
      expect(at > `${at.slice(0, 7)}-01T02:00:00Z`).toBe(true);
    },
  );

  it('have titles that fit into a line', () => {
    expect(scenes.filter(({ title }) => title.length > 90)).toEqual([]);
  });
});

test.each([
  '/planned-sessions',
  '/planned-sessions/proposal',
  'plannedSessionId',
  '/top-ups',
  '/cancellation',
  '/outlook',
  '/what-if',
  '/deputies',
  '/hand-over',
  '/attention',
  '/v1/me/today',
  'monday-digest',
])('the story shows %s', (part) => {
  expect(story).toContain(part);
});

test.each([
  'monday-digest',
  'log-time-nudge',
  'portfolio-handed-over',
  'usage-alert-used-80',
  'usage-top-up-entered',
  'usage-top-up-cancelled',
  'renewal-reminder-60',
])('the mail %s has a name in plain words', (kind) => {
  expect(meaningOf(kind)).not.toBe(kind.replaceAll('-', ' '));
});
