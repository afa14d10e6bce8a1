import { check } from './check.js';
import type { PromiseName } from './history.js';
import { otherId, Planting, refused, subscriptionId, work, type LimitHit } from './planted.js';

// Each promise is shown histories that break it: a checker that finds nothing proves nothing.

const broken = (plant: (planting: Planting) => void): PromiseName[] => {
  const planting = new Planting();
  plant(planting);
  return [...new Set(check(planting.history).map(({ promise }) => promise))];
};

const read = { kind: 'balance', subscriptionId } as const;
const [busy, away] = ['subscription-busy', 'database-unavailable'].map((code) => ({ status: 503, body: { code } }));
const alreadyReversed = { status: 409, body: { code: 'already-reversed' } };

/** The limits of consultant D, who has no allocation, when D alone has worked. */
const hours = (used: number): LimitHit => ['hours-exhausted', 1_000, used, 1_000 - used];
const allocation = (used: number): LimitHit => ['allocation-exhausted', 0, 0, 900 - used];
const day = (used: number): LimitHit => ['consultant-day-exceeded', 1_440, used, 1_440 - used];
const byD = (summary: string, minutes: number, change: object = {}) =>
  work(summary, { minutes, consultantId: 'D', ...change });

/** An entry of 30 minutes that is logged and then reversed. */
function reversedEntry(p: Planting): string {
  const entryId = p.log(work('reversed', { minutes: 30 }));
  p.reverse(entryId, 'r');
  const body = { balance: p.balance() };
  p.call({ kind: 'reverse', entryId, subscriptionId, reason: 'r' }, { status: 201, body });
  return entryId;
}

/** A correction of an entry of 30 minutes to 20. */
function correctedEntry(p: Planting, between: () => void = () => undefined): void {
  const entryId = p.log(work('a', { minutes: 30 }));
  p.reverse(entryId, 'r');
  between();
  const entry = work('b', { minutes: 20 });
  p.call({ kind: 'correct', entryId, reason: 'r', entry }, p.accepted(p.stand(entry)));
}

/** A batch whose second entry is refused for these limits. With 500 minutes of the first, 600 more are too much. */
function batch(p: Planting, limits: readonly LimitHit[], { atomic = false } = {}): void {
  const entries = [byD('a', 500), byD('b', 600, { workDate: '2026-07-01' }), byD('c', 100)];
  const problem = refused(...limits).body;
  if (atomic) {
    const results = [{ status: 201 }, { status: 422, problem }, { status: 201 }];
    p.call({ kind: 'batch', atomic, entries }, { status: 422, body: { code: 'rules-violated', results } });
    return;
  }
  const [first, last] = [p.stand(entries[0]!), p.stand(entries[2]!)];
  const results = [
    { status: 201, entry: { id: first } },
    { status: 422, problem },
    { status: 201, entry: { id: last } },
  ];
  p.call({ kind: 'batch', atomic, entries }, { status: 200, body: { results } });
}

describe('no promise is broken', () => {
  const histories: readonly (readonly [string, (p: Planting) => void])[] = [
    ['when nothing happens', () => undefined],
    ['when an entry is logged', (p) => p.log(work('a'))],
    ['by a booking without an answer that does not stand', (p) => p.call({ kind: 'log', entry: work('a') }, undefined)],
    [
      'by a booking without an answer that stands',
      (p) => {
        p.stand(work('a'));
        p.call({ kind: 'log', entry: work('a') }, undefined);
      },
    ],
    [
      'by a booking without an answer that is carried out after a later one',
      (p) => {
        p.call({ kind: 'log', entry: work('a') }, undefined);
        p.log(work('b'));
        p.call(read, { status: 200, body: p.balance() });
        p.stand(work('a'));
        p.call(read, { status: 200, body: p.balance() });
      },
    ],
    ['by a busy subscription', (p) => p.call({ kind: 'log', entry: work('a') }, busy)],
    [
      'by a booking that stands although the database was away before the answer',
      (p) => {
        p.stand(work('a'));
        p.call({ kind: 'log', entry: work('a') }, away);
      },
    ],
    [
      'by a key that is repeated',
      (p) => {
        const answer = { ...p.accepted(p.log(work('a'), { key: 'k' })), replayed: true };
        p.log(work('b'));
        p.call({ kind: 'log', entry: work('a') }, answer, { key: 'k' });
      },
    ],
    [
      'by a key of which only the repetition has an answer',
      (p) => {
        p.call({ kind: 'log', entry: work('a') }, undefined, { key: 'k' });
        p.call({ kind: 'log', entry: work('a') }, { ...p.accepted(p.stand(work('a'))), replayed: true }, { key: 'k' });
      },
    ],
    [
      'by a second reversal that is refused',
      (p) => {
        const entryId = reversedEntry(p);
        p.call({ kind: 'reverse', entryId, subscriptionId, reason: 's' }, alreadyReversed);
      },
    ],
    ['by a correction', (p) => correctedEntry(p)],
    [
      'by a refusal that saw the balance before a booking during it',
      (p) => {
        p.log(byD('a', 600));
        p.log(byD('b', 1), { startedAt: 10, endedAt: 20 });
        const answer = refused(hours(600), allocation(600));
        p.call({ kind: 'log', entry: byD('c', 500, { workDate: '2026-07-09' }) }, answer, { startedAt: 11 });
      },
    ],
    ['by a batch that books what fits after its own entries', (p) => batch(p, [hours(500), allocation(500)])],
    [
      'by an atomic batch that is refused because of its own entries',
      (p) => batch(p, [hours(500), allocation(500)], { atomic: true }),
    ],
    [
      'by a consultant whose day is full with work on another subscription',
      (p) => {
        p.log(byD('a', 800, { subscriptionId: otherId }));
        p.log(byD('b', 600));
        p.call({ kind: 'log', entry: byD('c', 41) }, refused(day(1_400)));
      },
    ],
    [
      'by reads that overlap a booking and see it or not',
      (p) => {
        const before = p.balance();
        p.log(work('a'), { startedAt: 10, endedAt: 20 });
        p.call(read, { status: 200, body: before }, { startedAt: 11, endedAt: 19 });
        p.call(read, { status: 200, body: p.balance() }, { startedAt: 11, endedAt: 19 });
      },
    ],
    [
      'by bookings that are pipelined in their order',
      (p) => {
        p.log(work('a'), { connection: 7, startedAt: 10, endedAt: 20 });
        p.log(work('b'), { connection: 7, startedAt: 11, endedAt: 21 });
      },
    ],
    [
      'by pages of a ledger and by entries as they stand',
      (p) => {
        const id = p.log(work('a'));
        const last = reversedEntry(p);
        const data = p.history.stored.ledger.filter((row) => row.subscriptionId === subscriptionId);
        p.call(
          { kind: 'ledger', subscriptionId, afterId: undefined },
          { status: 200, body: { data: data.slice(0, 2), nextCursor: 'c' } },
        );
        p.call(
          { kind: 'ledger', subscriptionId, afterId: data[1]!.id },
          { status: 200, body: { data: data.slice(2), nextCursor: null } },
        );
        p.call(
          { kind: 'entry', subscriptionId, entryId: id },
          { status: 200, body: { id, minutes: 1, reversal: null } },
        );
        const entries = [
          { id, minutes: 1, reversal: null },
          { id: last, minutes: 30, reversal: {} },
        ];
        const list = { kind: 'entries', subscriptionId, workDate: '2026-07-10', consultantId: 'C' } as const;
        p.call(list, { status: 200, body: { data: entries, nextCursor: null } });
      },
    ],
  ];

  it.each(histories)('%s', (_, plant) => expect(broken(plant)).toEqual([]));
});

/** What breaks each promise. Several promises may be broken at once. */
const violations: readonly (readonly [PromiseName, string, (p: Planting) => void])[] = [
  [
    'no answer is unexpected',
    'a booking fails',
    (p) => p.call({ kind: 'log', entry: work('a') }, { status: 500, body: {} }),
  ],
  [
    'no answer is unexpected',
    'a rule refuses that nothing breaks',
    (p) => p.call({ kind: 'log', entry: work('a') }, refused(['period-closed', 0, 0, 0])),
  ],
  ['no answer is unexpected', 'a read fails', (p) => p.call(read, { status: 404, body: {} })],
  [
    'no answer is unexpected',
    'a row of a batch is malformed',
    (p) =>
      p.call(
        { kind: 'batch', atomic: false, entries: [work('a')] },
        { status: 200, body: { results: [{ status: 400, problem: { code: 'malformed-body' } }] } },
      ),
  ],
  [
    'an acknowledged booking stands exactly once',
    'an entry is lost',
    (p) =>
      p.call({ kind: 'log', entry: work('a') }, { status: 201, body: { entry: { id: 'lost' }, balance: p.balance() } }),
  ],
  [
    'an acknowledged booking stands exactly once',
    'an entry has another id than its answer said',
    (p) => {
      p.stand(work('a'));
      p.call({ kind: 'log', entry: work('a') }, p.accepted('another'));
    },
  ],
  [
    'an acknowledged booking stands exactly once',
    'a reversal is lost',
    (p) => {
      const entryId = p.log(work('a'));
      p.call(
        { kind: 'reverse', entryId, subscriptionId, reason: 'r' },
        { status: 201, body: { balance: p.balance() } },
      );
    },
  ],
  [
    'an acknowledged booking stands exactly once',
    'an entry has no row in the ledger',
    (p) => {
      p.history.stored.entries.push({ id: 'x', ...work('a') });
      p.call({ kind: 'log', entry: work('a') }, p.accepted('x'));
    },
  ],
  [
    'an acknowledged booking stands exactly once',
    'an entry has two rows in the ledger',
    (p) => {
      p.log(work('a'));
      const { ledger, balances } = p.history.stored;
      ledger.push({ ...ledger.at(-1)!, id: 'second', sequence: 3, balanceAfterMinutes: 998 });
      Object.assign(balances[0]!, { usedMinutes: 2, lastSequence: 3 });
    },
  ],
  [
    'an unacknowledged booking stands at most once',
    'a key was carried out twice',
    (p) => {
      p.stand(work('a'));
      p.call({ kind: 'log', entry: work('a') }, undefined, { key: 'k' });
      p.log(work('a'), { key: 'k' });
    },
  ],
  [
    'a refused booking does not stand',
    'a refused entry stands',
    (p) => {
      p.log(byD('a', 900));
      p.call({ kind: 'log', entry: byD('b', 50) }, refused(allocation(900)));
      p.stand(byD('b', 50));
    },
  ],
  [
    'a refused booking does not stand',
    'an entry stands although its subscription was busy',
    (p) => {
      p.stand(work('a'));
      p.call({ kind: 'log', entry: work('a') }, busy);
    },
  ],
  [
    'a refused booking does not stand',
    'an entry of a refused atomic batch stands',
    (p) => {
      batch(p, [hours(500), allocation(500)], { atomic: true });
      p.stand(byD('a', 500));
    },
  ],
  [
    'a refused booking does not stand',
    'a second reversal was refused and stands',
    (p) => {
      const entryId = p.log(work('a'));
      p.reverse(entryId, 's');
      p.call({ kind: 'reverse', entryId, subscriptionId, reason: 's' }, alreadyReversed);
    },
  ],
  ['all that stands was asked for', 'an entry stands that nobody logged', (p) => p.stand(work('a'))],
  ['all that stands was asked for', 'a reversal stands that nobody wanted', (p) => p.reverse(p.log(work('a')), 'r')],
  [
    'all that stands was asked for',
    'an entry stands with other minutes',
    (p) => {
      const id = p.stand(work('a', { minutes: 2 }));
      p.call({ kind: 'log', entry: work('a') }, p.accepted(id));
    },
  ],
  [
    'all that stands was asked for',
    'another entry is reversed',
    (p) => {
      const [entryId, other] = [p.log(work('a')), p.log(work('b'))];
      p.reverse(other, 'r');
      p.call(
        { kind: 'reverse', entryId, subscriptionId, reason: 'r' },
        { status: 201, body: { balance: p.balance() } },
      );
    },
  ],
  [
    'a key has one answer',
    'a repetition has another answer',
    (p) => {
      const id = p.log(work('a'), { key: 'k' });
      p.log(work('b'));
      p.call({ kind: 'log', entry: work('a') }, { ...p.accepted(id), replayed: true }, { key: 'k' });
    },
  ],
  [
    'a key has one answer',
    'two answers say that they carried it out',
    (p) => {
      const answer = p.accepted(p.log(work('a'), { key: 'k' }));
      p.call({ kind: 'log', entry: work('a') }, answer, { key: 'k' });
    },
  ],
  [
    'the chain of balances has no gap',
    'a sequence number is missing',
    (p) => {
      p.log(work('a'));
      p.history.stored.ledger.at(-1)!.sequence = 3;
    },
  ],
  [
    'the chain of balances has no gap',
    'a balance does not follow from the one before',
    (p) => {
      p.log(work('a'));
      p.history.stored.ledger.at(-1)!.balanceAfterMinutes = 998;
    },
  ],
  [
    'the chain of balances has no gap',
    'the stored balance differs from the ledger',
    (p) => {
      p.log(work('a'));
      p.history.stored.balances[0]!.usedMinutes = 2;
    },
  ],
  [
    'the chain of balances has no gap',
    'a row moves other minutes than its entry',
    (p) => {
      p.log(work('a'));
      p.history.stored.entries[0]!.minutes = 5;
    },
  ],
  ['no limit is exceeded', 'more is used than granted', (p) => p.log(byD('a', 1_001))],
  ['no limit is exceeded', 'the minutes that are allocated to another are used', (p) => p.log(byD('a', 901))],
  ['no limit is exceeded', 'more is onsite than the cap', (p) => p.log(byD('a', 251, { delivery: 'onsite' }))],
  [
    'a booking stands whole and in its order',
    'an atomic batch without an answer stands in part',
    (p) => {
      p.stand(work('a'));
      p.call({ kind: 'batch', atomic: true, entries: [work('a'), work('b')] }, undefined);
    },
  ],
  [
    'a booking stands whole and in its order',
    'a correction without an answer has reversed and not logged',
    (p) => {
      const entryId = p.log(work('a'));
      p.reverse(entryId, 'r');
      p.call({ kind: 'correct', entryId, reason: 'r', entry: work('b') }, undefined);
    },
  ],
  [
    'a booking stands whole and in its order',
    'another booking stands between the two parts of a correction',
    (p) => correctedEntry(p, () => void p.log(work('c'))),
  ],
  [
    'a booking stands whole and in its order',
    'the entries of a batch stand in another order',
    (p) => {
      const [second, first] = [p.stand(work('b')), p.stand(work('a'))];
      const results = [first, second].map((id) => ({ status: 201, entry: { id } }));
      p.call({ kind: 'batch', atomic: false, entries: [work('a'), work('b')] }, { status: 200, body: { results } });
    },
  ],
  [
    'an answer shows the balance after its booking',
    'it shows the balance before it',
    (p) => {
      const balance = p.balance();
      p.call({ kind: 'log', entry: work('a') }, { status: 201, body: { entry: { id: p.stand(work('a')) }, balance } });
    },
  ],
  [
    'a read shows what stands',
    'a row of the ledger is shown with other minutes',
    (p) => {
      const data = [{ ...p.history.stored.ledger[0]!, minutes: 999 }];
      p.call({ kind: 'ledger', subscriptionId, afterId: undefined }, { status: 200, body: { data, nextCursor: null } });
    },
  ],
  [
    'a read shows what stands',
    'an entry is shown that does not stand',
    (p) =>
      p.call(
        { kind: 'entry', subscriptionId, entryId: 'x' },
        { status: 200, body: { id: 'x', minutes: 1, reversal: null } },
      ),
  ],
  [
    'no read goes back',
    'a read does not show a booking that was acknowledged before it',
    (p) => {
      const before = p.balance();
      p.log(work('a'));
      p.call(read, { status: 200, body: before });
    },
  ],
  [
    'no read goes back',
    'a read shows less than a read before it',
    (p) => {
      const before = p.balance();
      p.log(work('a'), { startedAt: 10, endedAt: 20 });
      p.call(read, { status: 200, body: p.balance() }, { startedAt: 11, endedAt: 12 });
      p.call(read, { status: 200, body: before }, { startedAt: 13, endedAt: 14 });
    },
  ],
  [
    'no read goes back',
    'a read shows a booking before it was sent',
    (p) => {
      const planned = new Planting();
      planned.log(work('a'));
      p.call(read, { status: 200, body: planned.balance() });
      p.log(work('a'));
    },
  ],
  [
    'no read goes back',
    'a read shows one half of a correction',
    (p) => {
      let half: object = {};
      correctedEntry(p, () => (half = p.balance()));
      p.call(read, { status: 200, body: half }, { startedAt: 3, endedAt: 4 });
    },
  ],
  [
    'no read goes back',
    'the last page of a ledger lacks an acknowledged row',
    (p) => {
      p.log(work('a'));
      const data = p.history.stored.ledger.slice(0, 1);
      p.call({ kind: 'ledger', subscriptionId, afterId: undefined }, { status: 200, body: { data, nextCursor: null } });
    },
  ],
  [
    'no read goes back',
    'an acknowledged entry is not found',
    (p) => p.call({ kind: 'entry', subscriptionId, entryId: p.log(work('a')) }, { status: 404, body: {} }),
  ],
  [
    'no read goes back',
    'an entry is shown without its acknowledged reversal',
    (p) => {
      const entryId = reversedEntry(p);
      const body = { id: entryId, minutes: 30, reversal: null };
      p.call({ kind: 'entry', subscriptionId, entryId }, { status: 200, body });
    },
  ],
  [
    'no read goes back',
    'a list lacks an acknowledged entry',
    (p) => {
      p.log(work('a'));
      const list = { kind: 'entries', subscriptionId, workDate: '2026-07-10', consultantId: 'C' } as const;
      p.call(list, { status: 200, body: { data: [], nextCursor: null } });
    },
  ],
  [
    'a refusal is justified',
    'the hours were not exhausted',
    (p) => {
      p.log(byD('a', 600));
      p.call({ kind: 'log', entry: byD('b', 300) }, refused(hours(600), allocation(600)));
    },
  ],
  [
    'a refusal is justified',
    'a refusal shows figures that never were',
    (p) => {
      p.log(byD('a', 600));
      p.call({ kind: 'log', entry: byD('b', 500, { workDate: '2026-07-09' }) }, refused(hours(601), allocation(601)));
    },
  ],
  [
    'a refusal is justified',
    'a refusal shows the figures before a reversal that was acknowledged before it',
    (p) => {
      const entryId = p.log(byD('a', 900));
      p.reverse(entryId, 'r');
      const body = { balance: p.balance() };
      p.call({ kind: 'reverse', entryId, subscriptionId, reason: 'r' }, { status: 201, body });
      p.call({ kind: 'log', entry: byD('b', 50) }, refused(allocation(900)));
    },
  ],
  [
    'a refusal is justified',
    'a refusal does not name a limit that was exceeded',
    (p) => {
      p.log(byD('a', 600));
      p.call({ kind: 'log', entry: byD('b', 500, { workDate: '2026-07-09' }) }, refused(hours(600)));
    },
  ],
  [
    'a refusal is justified',
    'the onsite cap was not reached',
    (p) =>
      p.call(
        { kind: 'log', entry: byD('a', 250, { delivery: 'onsite' }) },
        refused(['onsite-cap-exceeded', 250, 0, 250]),
      ),
  ],
  [
    'a refusal is justified',
    'the day of the consultant was not full',
    (p) => {
      p.log(byD('a', 800, { subscriptionId: otherId }));
      p.call({ kind: 'log', entry: byD('b', 640) }, refused(day(800)));
    },
  ],
  [
    'a refusal is justified',
    'an entry was accepted on a full day',
    (p) => {
      p.log(byD('a', 800, { subscriptionId: otherId }));
      p.log(byD('b', 641));
    },
  ],
  [
    'a refusal is justified',
    'an entry of a batch was refused by figures before its own entries',
    (p) => batch(p, [hours(0), allocation(0)]),
  ],
  [
    'a refusal is justified',
    'a correction that only lowers its entry was refused',
    (p) => {
      const entryId = p.log(byD('a', 900));
      p.call({ kind: 'correct', entryId, reason: 'r', entry: byD('b', 899) }, refused(allocation(900)));
    },
  ],
  [
    'a refusal is justified',
    'an entry that stands is called reversed',
    (p) => p.call({ kind: 'reverse', entryId: p.log(work('a')), subscriptionId, reason: 's' }, alreadyReversed),
  ],
  [
    'bookings keep the order of their requests',
    'a booking stands before one that ended before it started',
    (p) => {
      const second = p.stand(work('b'));
      const answer = p.accepted(second);
      p.log(work('a'));
      p.call({ kind: 'log', entry: work('b') }, answer);
    },
  ],
  [
    'bookings keep the order of their requests',
    'a booking stands before one that was sent before it on the same connection',
    (p) => {
      const second = p.stand(work('b'));
      const answer = p.accepted(second);
      p.log(work('a'), { connection: 7, startedAt: 10, endedAt: 20 });
      p.call({ kind: 'log', entry: work('b') }, answer, { connection: 7, startedAt: 11, endedAt: 21 });
    },
  ],
  [
    'a refusal is justified',
    'a refusal saw a booking that was sent after it on the same connection',
    (p) => {
      const id = p.stand(byD('b', 600));
      const answer = p.accepted(id);
      const refusal = refused(hours(600), allocation(600));
      p.call({ kind: 'log', entry: byD('a', 700, { workDate: '2026-07-09' }) }, refusal, {
        connection: 7,
        startedAt: 10,
        endedAt: 20,
      });
      p.call({ kind: 'log', entry: byD('b', 600) }, answer, { connection: 7, startedAt: 11, endedAt: 21 });
    },
  ],
];

describe('the checker finds that', () => {
  it.each(violations)('“%s” is broken when %s', (promise, _, plant) => expect(broken(plant)).toContain(promise));
});
