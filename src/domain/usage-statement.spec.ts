import { statementMoved, statementOwed } from './usage-statement.js';

const term = {
  anchorOn: '2026-04-15',
  number: 0,
  timeZone: 'Asia/Tokyo',
  enteredAt: new Date('2026-04-15T01:00:00Z'),
  renewed: false,
};

describe('the statement of a service month', () => {
  // 09:00 in Tokyo is midnight UTC.
  it.each([
    ['nothing before the first month is over', '2026-05-14T23:59:59Z', {}, undefined, '2026-05-15T00:00:00.000Z'],
    ['the first month, on the day after it', '2026-05-15T00:00:00Z', {}, 0, '2026-06-15T00:00:00.000Z'],
    ['of three missed statements, only the newest', '2026-07-20T00:00:00Z', {}, 2, '2026-08-15T00:00:00.000Z'],
    ['the last month, on the first day after the term', '2027-04-15T00:00:00Z', { renewed: true }, 11, undefined],
    ['the last month, even late', '2027-05-14T23:00:00Z', { renewed: true }, 11, undefined],
    [
      'not the last month once the next statement is due',
      '2027-05-15T00:00:00Z',
      { renewed: true },
      undefined,
      undefined,
    ],
    [
      'the last month of an ended contract, at any later time',
      '2027-07-15T00:00:00Z',
      { renewed: false },
      11,
      undefined,
    ],
    [
      'no month that had ended before the contract was entered',
      '2026-08-20T00:00:00Z',
      { enteredAt: new Date('2026-08-20T00:00:00Z') },
      undefined,
      '2026-09-15T00:00:00.000Z',
    ],
    [
      'the one in which the contract was entered',
      '2026-09-15T00:00:00Z',
      { enteredAt: new Date('2026-08-20T00:00:00Z') },
      4,
      '2026-10-15T00:00:00.000Z',
    ],
  ])('%s', (_, now, change, month, nextAt) => {
    const owed = statementOwed({ ...term, ...change }, new Date(now));
    expect([owed.month?.month, owed.nextAt?.toISOString()]).toEqual([month, nextAt]);
  });

  it('covers the same month when the customer moves to another zone', () => {
    const moved = { ...term, timeZone: 'America/Los_Angeles' };
    expect(statementMoved(moved, new Date('2026-07-15T00:00:00Z'))).toEqual(new Date('2026-07-15T16:00:00Z'));
  });
});
