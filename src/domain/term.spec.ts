import fc from 'fast-check';
import { addDays, daysBetween } from './calendar.js';
import {
  moveRenewal,
  noticeDeadline,
  renewalMoves,
  serviceMonths,
  termDates,
  type RenewalEvent,
  type RenewalState,
} from './term.js';

const anchors = fc.integer({ min: 0, max: 365 * 60 }).map((offset) => addDays('2000-01-01', offset));
const numbers = fc.integer({ min: 0, max: 30 });

describe('the terms of an anchor (§3)', () => {
  it.each([
    ['2026-04-01', 0, '2026-04-01', '2027-03-31'],
    ['2026-04-01', 1, '2027-04-01', '2028-03-31'],
    ['2027-03-01', 0, '2027-03-01', '2028-02-29'],
    ['2024-02-29', 0, '2024-02-29', '2025-02-27'],
    ['2024-02-29', 1, '2025-02-28', '2026-02-27'],
    ['2024-02-29', 2, '2026-02-28', '2027-02-27'],
    ['2024-02-29', 3, '2027-02-28', '2028-02-28'],
    ['2024-02-29', 4, '2028-02-29', '2029-02-27'],
  ])('%s, term %i: %s…%s', (anchor, number, startsOn, endsOn) => {
    expect(termDates(anchor, number)).toEqual({ startsOn, endsOn });
  });

  it('follow one another without gap or overlap', () => {
    fc.assert(
      fc.property(anchors, numbers, (anchor, number) => {
        const { startsOn, endsOn } = termDates(anchor, number);
        expect(termDates(anchor, number + 1).startsOn).toBe(addDays(endsOn, 1));
        expect([365, 366]).toContain(daysBetween(startsOn, endsOn) + 1);
      }),
    );
  });
});

describe('the service months of a term (§3)', () => {
  it('are counted from the anchor and clamped', () => {
    expect(
      serviceMonths('2026-01-31', 0)
        .map(({ startsOn, endsOn }) => `${startsOn}…${endsOn}`)
        .slice(0, 4),
    ).toEqual(['2026-01-31…2026-02-27', '2026-02-28…2026-03-30', '2026-03-31…2026-04-29', '2026-04-30…2026-05-30']);
  });

  it('are twelve, and cover the term exactly', () => {
    fc.assert(
      fc.property(anchors, numbers, (anchor, number) => {
        const months = serviceMonths(anchor, number);
        expect(months.map(({ month }) => month)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        expect({ startsOn: months[0]!.startsOn, endsOn: months[11]!.endsOn }).toEqual(termDates(anchor, number));
        months.slice(1).forEach(({ startsOn }, at) => expect(startsOn).toBe(addDays(months[at]!.endsOn, 1)));
      }),
    );
  });
});

describe('the last day for a notice (§11)', () => {
  it.each([
    ['2026-12-31', '2026-11-01'],
    ['2027-03-31', '2027-01-30'],
    ['2028-03-31', '2028-01-31'],
    ['2028-02-29', '2027-12-31'],
  ])('of a term that ends on %s is %s', (endsOn, expected) => {
    expect(noticeDeadline(endsOn, 60)).toBe(expected);
  });
});

describe('the states of a renewal (§11)', () => {
  it.each<[RenewalState, RenewalEvent, RenewalState | undefined]>([
    ['open', 'deadline-passed', 'locked'],
    ['open', 'notice', 'declined'],
    ['open', 'roll-over', 'renewed'],
    ['open', 'withdrawal-before-deadline', undefined],
    ['locked', 'deadline-passed', undefined],
    ['locked', 'notice', 'declined'],
    ['locked', 'waiver', 'declined'],
    ['locked', 'roll-over', 'renewed'],
    ['declined', 'deadline-passed', undefined],
    ['declined', 'notice', 'declined'],
    ['declined', 'withdrawal-before-deadline', 'open'],
    ['declined', 'withdrawal-after-deadline', 'locked'],
    ['declined', 'roll-over', 'ended'],
  ])('%s, %s: %s', (from, event, expected) => {
    expect(moveRenewal(from, event)).toBe(expected);
  });

  it('are final once the term has rolled over', () => {
    expect(renewalMoves.renewed).toEqual({});
    expect(renewalMoves.ended).toEqual({});
  });
});
