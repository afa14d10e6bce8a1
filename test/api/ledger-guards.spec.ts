import { newId } from '../../src/platform/ids.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

/** The database is the last guard: it refuses these changes even if a person writes the SQL by hand. */

let service: TestService;
let contract: SoldContract;
let termId: string;
let entryId: string;
let visitId: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-10-01T03:00:00Z' });
  contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { id, csm, consultantIds, productLineIds } = contract;
  termId = (await csm.get(`/v1/subscriptions/${id}`)).body.currentTerm.id as string;

  const pair = { consultantId: consultantIds[0], productLineId: productLineIds[0] };
  await csm.put(
    `/v1/subscriptions/${id}/allocations`,
    { allocations: [{ ...pair, minutes: 1000 }] },
    { 'if-match': '"0"' },
  );
  const visit = { startsOn: '2026-09-01', endsOn: '2026-09-01', place: '東京', consultantIds: [pair.consultantId] };
  visitId = (await csm.post(`/v1/subscriptions/${id}/visits`, visit)).body.id as string;
  const work = { ...pair, workDate: '2026-09-01', minutes: 60, activity: 'upgrade', summary: 'S' };
  const logged = await csm.post(`/v1/subscriptions/${id}/time-entries`, { ...work, delivery: 'onsite', visitId });
  expect(logged.status).toBe(201);
  entryId = logged.body.entry.id as string;
  await csm.post(`/v1/subscriptions/${id}/seats`, { learnerName: '学', learnerEmail: 'manabu@customer.example' });
});
afterAll(() => service.stop());

/** Runs a statement in a transaction that is rolled back. Returns the constraint that refused it, or undefined. */
async function refusedBy(sql: string, values: unknown[] = []): Promise<string | undefined> {
  const accepted = new Error('accepted');
  const error: unknown = await service.database
    .write(async (tx) => {
      await tx.query(sql, values);
      throw accepted;
    })
    .catch((thrown: unknown) => thrown);
  if (error === accepted) return undefined;
  return (error as { constraint?: string }).constraint ?? String(error);
}

interface Entry {
  kind: string;
  minutes: number;
  onsiteMinutes: number;
  sequence: number;
  balanceAfter: number;
  timeEntryId: string | null;
}

/** Appends an entry to the ledger of the term, which has a grant (1) and a use (2), and has 11,460 minutes left. */
function append(given: Partial<Entry>): Promise<string | undefined> {
  const { kind = 'use', minutes = -60, onsiteMinutes = 0, sequence = 3, timeEntryId = newId() } = given;
  const { balanceAfter = 11_460 + minutes } = given;
  return refusedBy(
    `insert into ledger_entries (id, term_id, sequence, kind, minutes, onsite_minutes, effective_on, recorded_at,
       time_entry_id, balance_after_minutes)
     values ($1, $2, $3, $4, $5, $6, '2026-09-02', '2026-10-01T03:00:00Z', $7, $8)`,
    [newId(), termId, sequence, kind, minutes, onsiteMinutes, timeEntryId, balanceAfter],
  );
}

const ofTerm = (sql: string) => refusedBy(sql, [termId]);

describe('the ledger', () => {
  test('accepts entries that add up', async () => {
    expect(await append({})).toBeUndefined();
    expect(await append({ kind: 'reversal', minutes: 60, onsiteMinutes: 60, timeEntryId: entryId })).toBeUndefined();
  });

  test.each([
    ['update ledger_entries set minutes = minutes - 1 where term_id = $1'],
    ['update ledger_entries set effective_on = effective_on + 1 where term_id = $1'],
    ['delete from ledger_entries where term_id = $1'],
  ])('is append-only: %s', async (sql) => {
    expect(await ofTerm(sql)).toBe('ledger_entries_append_only');
  });

  test('cannot be emptied', async () => {
    expect(await refusedBy('truncate ledger_entries cascade')).toBe('ledger_entries_append_only');
    expect(await refusedBy('truncate balances cascade')).toBe('ledger_entries_append_only');
  });

  test.each<[string, Partial<Entry>, string]>([
    ['a gap in the sequence', { sequence: 4 }, 'ledger_entries_in_sequence'],
    ['a sequence number that exists', { sequence: 2 }, 'ledger_entries_sequence_once'],
    ['a wrong balance after the entry', { balanceAfter: 11_460 }, 'ledger_entries_in_sequence'],
    ['a use of more than remains', { minutes: -11_461 }, 'balances_never_overdrawn'],
    ['an expiry of more than remains', { kind: 'expiry', minutes: -11_461 }, 'balances_never_overdrawn'],
    ['a use without a time entry', { timeEntryId: null }, 'ledger_entries_use_names_entry'],
    [
      'a reversal of more than was used',
      { kind: 'reversal', minutes: 61, onsiteMinutes: 61 },
      'balances_used_not_negative',
    ],
    [
      'an expiry reversal of more than had expired',
      { kind: 'expiry-reversal', minutes: 1 },
      'balances_used_not_negative',
    ],
    ['onsite time above the cap', { minutes: -2_821, onsiteMinutes: -2_821 }, 'balances_within_onsite_cap'],
    ['a use that adds minutes', { minutes: 60 }, 'ledger_entries_sign_of_kind'],
    ['a grant that takes minutes away', { kind: 'grant', minutes: -60 }, 'ledger_entries_sign_of_kind'],
    ['a grant of onsite time', { kind: 'grant', minutes: 60, onsiteMinutes: 60 }, 'ledger_entries_sign_of_kind'],
    ['a use that is partly onsite', { onsiteMinutes: -30 }, 'ledger_entries_sign_of_kind'],
    ['a supplement that takes minutes away', { kind: 'supplement', minutes: -60 }, 'ledger_entries_sign_of_kind'],
    ['a goodwill of onsite time', { kind: 'goodwill', minutes: 60, onsiteMinutes: 60 }, 'ledger_entries_sign_of_kind'],
    ['a cancelled top-up that adds minutes', { kind: 'top-up-cancelled', minutes: 60 }, 'ledger_entries_sign_of_kind'],
    [
      'a cancelled top-up of allocated minutes',
      { kind: 'top-up-cancelled', minutes: -10_521 },
      'balances_commitments_within_grant',
    ],
    ['an unknown kind', { kind: 'gift', minutes: 60 }, 'ledger_entries_sign_of_kind'],
  ])('refuses %s', async (_, entry, constraint) => {
    expect(await append(entry)).toBe(constraint);
  });

  test('has one use and one reversal for each time entry', async () => {
    expect(await append({ timeEntryId: entryId })).toBe('ledger_entries_one_use_per_entry');
    const twoReversals = `insert into ledger_entries (id, term_id, sequence, kind, minutes, onsite_minutes, effective_on,
        recorded_at, time_entry_id, balance_after_minutes)
      select gen_random_uuid(), $1, sequence, 'reversal', 30, 30, '2026-09-01', '2026-10-01T03:00:00Z', $2, after
      from (values (3, 11490), (4, 11520)) as twice (sequence, after)`;
    expect(await refusedBy(twoReversals, [termId, entryId])).toBe('ledger_entries_one_reversal_per_entry');
    const record = `insert into time_entry_reversals (id, time_entry_id, reason, accounting_month, recorded_at, recorded_by)
      select gen_random_uuid(), $1, 'R', '2026-10', '2026-10-01T03:00:00Z', $2 from generate_series(1, 2)`;
    expect(await refusedBy(record, [entryId, contract.csm.id])).toBe('time_entry_reversals_one_per_entry');
  });
});

describe('a balance', () => {
  test.each([
    [
      'has more visits than the package allows',
      'update balances set visits_used = 3 where term_id = $1',
      'balances_within_visits',
    ],
    [
      'has more seats than the package allows',
      'update balances set seats_used = 3 where term_id = $1',
      'balances_within_seats',
    ],
    [
      'commits more minutes than were granted',
      'update balances set committed_minutes = 11521 where term_id = $1',
      'balances_commitments_within_grant',
    ],
    [
      'has an onsite cap below its onsite minutes',
      'update balances set onsite_cap_minutes = 59 where term_id = $1',
      'balances_within_onsite_cap',
    ],
    [
      'closes with minutes left',
      'update balances set closed = true where term_id = $1',
      'balances_closed_has_nothing_left',
    ],
    [
      'has more onsite minutes than used minutes',
      'update balances set used_minutes = 59 where term_id = $1',
      'balances_onsite_within_used',
    ],
    ['disappears', 'delete from balances where term_id = $1', 'ledger_entries_term_fk'],
  ])('never %s', async (_, sql, constraint) => {
    expect(await ofTerm(sql)).toBe(constraint);
  });

  test('counts visits and seats, also if they are inserted by hand', async () => {
    const visit = `insert into visits (id, subscription_id, term_id, starts_on, ends_on, place, status, created_at, created_by)
      select gen_random_uuid(), $1, $2, '2026-09-02', '2026-09-02', 'P', 'planned', '2026-10-01T03:00:00Z', $3
      from generate_series(1, $4)`;
    expect(await refusedBy(visit, [contract.id, termId, contract.csm.id, 1])).toBeUndefined();
    expect(await refusedBy(visit, [contract.id, termId, contract.csm.id, 2])).toBe('balances_within_visits');
    expect(await refusedBy('delete from visits where id = $1', [visitId])).toBe('visits_append_only');

    const seat = `insert into seats (id, subscription_id, term_id, sequence, learner_name, learner_email, assigned_at)
      select gen_random_uuid(), $1, $2, number + 1, 'L', 'l' || number || '@customer.example', '2026-10-01T03:00:00Z'
      from generate_series(1, $3) as number`;
    expect(await refusedBy(seat, [contract.id, termId, 1])).toBeUndefined();
    expect(await refusedBy(seat, [contract.id, termId, 2])).toBe('balances_within_seats');
    const same = `insert into seats (id, subscription_id, term_id, sequence, learner_name, learner_email, assigned_at)
      values (gen_random_uuid(), $1, $2, 2, 'L', 'MANABU@customer.example', '2026-10-01T03:00:00Z')`;
    expect(await refusedBy(same, [contract.id, termId])).toBe('seats_one_per_learner');
    expect(await ofTerm('delete from seats where term_id = $1')).toBe('seats_append_only');
  });

  test('counts the allocated or worked minutes of its pairs', async () => {
    expect(await ofTerm('update pair_balances set worked_minutes = 11520 where term_id = $1')).toBeUndefined();
    expect(await ofTerm('update pair_balances set worked_minutes = 11521 where term_id = $1')).toBe(
      'balances_commitments_within_grant',
    );
    expect(await ofTerm('update pair_balances set allocated_minutes = -1 where term_id = $1')).toBe(
      'pair_balances_allocated_not_negative',
    );
    expect(await ofTerm('delete from pair_balances where term_id = $1')).toBe('pair_balances_append_only');
  });
});

describe('a top-up', () => {
  let toppedUp: SoldContract;
  let term: string;
  let topUpId: string;

  beforeAll(async () => {
    toppedUp = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const { id, csm } = toppedUp;
    term = (await csm.get(`/v1/subscriptions/${id}`)).body.currentTerm.id as string;
    const bought = { kind: 'supplement', minutes: 600, orderNumber: 'PO-1', effectiveOn: '2026-09-01' };
    topUpId = (await csm.post(`/v1/subscriptions/${id}/top-ups`, bought)).body.id as string;
  });

  test.each([
    ['update top_ups set minutes = 601 where id = $1', 'top_ups_stay'],
    [`update top_ups set order_number = 'PO-2' where id = $1`, 'top_ups_stay'],
    ['update top_ups set effective_on = effective_on - 1 where id = $1', 'top_ups_stay'],
    ['delete from top_ups where id = $1', 'top_ups_append_only'],
    ['update top_ups set cancelled_minutes = 60 where id = $1', 'top_ups_cancelled_as_a_whole'],
  ])('stays as it was entered: %s', async (sql, constraint) => {
    expect(await refusedBy(sql, [topUpId])).toBe(constraint);
    expect(await refusedBy('truncate top_ups')).toBe('top_ups_append_only');
  });

  const insert = (minutes: number, kind: string, sequence = 2, reason: string | null = null) =>
    refusedBy(
      `insert into top_ups (id, term_id, sequence, kind, minutes, effective_on, order_number, reason, entered_at, entered_by)
       values ($1, $2, $3, $4, $5, '2026-09-01', 'PO-1', $6, '2026-10-01T03:00:00Z', $7)`,
      [newId(), term, sequence, kind, minutes, reason, toppedUp.csm.id],
    );

  test('is nothing without its entry in the ledger, which it has alone', async () => {
    expect(await insert(601, 'supplement')).toBe('top_ups_match_ledger');
    expect(await insert(600, 'goodwill')).toBe('top_ups_match_ledger');
    expect(await insert(600, 'supplement', 3)).toBe('top_ups_match_ledger');
    expect(await insert(600, 'supplement', 2, 'R')).toBe('top_ups_order_or_reason');
    expect(await insert(600, 'supplement')).toBe('top_ups_entry_once');
  });

  test('is cancelled with an entry in the ledger only', async () => {
    const cancel = `update top_ups set cancelled_sequence = 1, cancelled_minutes = 600, cancelled_at = now(), cancelled_by = entered_by,
      cancellation_reason = 'R' where id = $1`;
    expect(await refusedBy(cancel, [topUpId])).toBe('top_ups_match_ledger');
  });

  test('is missed by the verification if only the ledger has it', async () => {
    const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const path = `/v1/subscriptions/${other.id}`;
    const otherTerm = (await other.csm.get(path)).body.currentTerm.id as string;
    await service.database.write((tx) =>
      tx.query(
        `insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, balance_after_minutes)
         values ($1, $2, 2, 'goodwill', 60, '2026-09-02', '2026-10-01T03:00:00Z', 11580)`,
        [newId(), otherTerm],
      ),
    );
    expect((await other.csm.post(`${path}/verify`)).body).toEqual({
      consistent: false,
      differences: [{ termId: otherTerm, field: 'topUpMinutes', stored: 0, rebuilt: 60 }],
    });
  });
});

describe('a stored record', () => {
  test.each([
    ['update time_entries set minutes = 1 where id = $1', 'time_entries_append_only'],
    ['delete from time_entries where id = $1', 'time_entries_append_only'],
  ])('cannot be changed or deleted: %s', async (sql, constraint) => {
    expect(await refusedBy(sql, [entryId])).toBe(constraint);
  });

  test.each([['time_entries'], ['time_entry_reversals'], ['non_renewal_notices']])(
    'cannot be emptied: %s',
    async (table) => {
      expect(await refusedBy(`truncate ${table} cascade`)).toMatch(/_append_only$/);
    },
  );

  test('cannot be changed or deleted: allocations', async () => {
    expect(await ofTerm('update allocation_sets set from_on = from_on + 1 where term_id = $1')).toBe(
      'allocation_sets_append_only',
    );
    expect(await refusedBy('delete from allocations')).toBe('allocations_append_only');
  });

  test('cannot give a consultant a day of more than 24 hours', async () => {
    expect(await refusedBy('update consultant_days set minutes = 1441')).toBe('consultant_days_within_24_hours');
  });
});

describe('a subscription', () => {
  const another = (status: string, number: number) =>
    refusedBy(
      `insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_days, notice_deadline_on, lock_at,
         deadline_zone, package, package_version, status, renewal_state, closed_at)
       select gen_random_uuid(), subscription_id, $2::integer, starts_on, ends_on, starts_at, ends_at, notice_days, notice_deadline_on, lock_at,
         deadline_zone, package, package_version, $3::text, case when $3 = 'open' then 'open' else 'renewed' end,
         case when $3 = 'open' then null else ends_at end
       from terms where id = $1`,
      [termId, number, status],
    );

  test('has at most one open term, and each term number once', async () => {
    expect(await another('open', 1)).toBe('terms_one_open_per_subscription');
    expect(await another('closed', 0)).toBe('terms_number_once');
    expect(await another('closed', 1)).toBeUndefined();
  });

  test('keeps every term, and keeps a closed term closed', async () => {
    expect(await ofTerm('delete from terms where id = $1')).toBe('terms_stay_closed');
    const error = await service.database
      .write(async (tx) => {
        await tx.query(
          `update terms set status = 'closed', renewal_state = 'ended', closed_at = ends_at where id = $1`,
          [termId],
        );
        await tx.query(`update terms set status = 'open', renewal_state = 'open', closed_at = null where id = $1`, [
          termId,
        ]);
      })
      .catch((thrown: unknown) => thrown);
    expect((error as { constraint?: string }).constraint).toBe('terms_stay_closed');
  });

  test('needs a CSM whose role allows it, also if that role changes', async () => {
    const { id, csm, customer } = contract;
    expect(await refusedBy('update subscriptions set csm_id = $2 where id = $1', [id, customer.id])).toBe(
      'subscriptions_csm_role',
    );
    expect(await refusedBy(`update users set role = 'finance' where id = $1`, [csm.id])).toBe('users_role_of_csm');
    expect(await refusedBy(`update users set role = 'admin' where id = $1`, [csm.id])).toBeUndefined();
  });

  test('never moves an announced deadline earlier, and never moves the deadline of a locked renewal', async () => {
    const moved = async (state: string, announced: boolean, by: string) => {
      const rolledBack = { constraint: undefined };
      const error: unknown = await service.database
        .write(async (tx) => {
          const before = 'update terms set renewal_state = $2, deadline_announced = $3 where id = $1';
          await tx.query(before, [termId, state, announced]);
          await tx.query('update terms set lock_at = lock_at + $2::interval where id = $1', [termId, by]);
          throw rolledBack as unknown as Error;
        })
        .catch((thrown: unknown) => thrown);
      return (error as { constraint?: string }).constraint;
    };
    expect(await moved('open', true, '-1 hour')).toBe('terms_announced_deadline_stays');
    expect(await moved('open', true, '1 hour')).toBeUndefined();
    expect(await moved('open', false, '-1 hour')).toBeUndefined();
    expect(await moved('locked', false, '1 hour')).toBe('terms_lock_stays');
  });

  const annul = `update subscriptions set status = 'annulled', annulled_at = now(), annulled_by = csm_id,
    annulment_reason = 'R' where id = $1`;

  test('can be annulled only if it has no work and no visits, and only with a reason', async () => {
    expect(await refusedBy(annul, [contract.id])).toBe('subscriptions_annulled_is_empty');
    const empty = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
    expect(await refusedBy(annul, [empty.id])).toBeUndefined();
    expect(await refusedBy(`update subscriptions set status = 'annulled' where id = $1`, [empty.id])).toBe(
      'subscriptions_annulled_with_reason',
    );
    const term = `update terms set status = 'annulled', renewal_state = 'ended' where subscription_id = $1`;
    expect(await refusedBy(term, [empty.id])).toBe('terms_annulled_has_nothing_due');
  });

  test('stays annulled', async () => {
    const { id, admin } = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
    expect((await admin.post(`/v1/subscriptions/${id}/annulment`, { reason: 'R' })).status).toBe(200);
    const revived = `update subscriptions set status = 'active', annulled_at = null, annulled_by = null,
      annulment_reason = null where id = $1`;
    for (const sql of [revived, `update subscriptions set annulment_reason = 'Another' where id = $1`]) {
      expect(await refusedBy(sql, [id])).toBe('subscriptions_stay_annulled');
    }
    expect(
      await refusedBy(`update terms set status = 'open', renewal_state = 'open' where subscription_id = $1`, [id]),
    ).toBe('terms_stay_closed');
  });

  test('has visits and seats only in its own terms', async () => {
    expect(await refusedBy('update visits set subscription_id = $1', [newId()])).toBe('visits_term_fk');
    expect(await refusedBy('update seats set subscription_id = $1', [newId()])).toBe('seats_term_fk');
  });

  test.each([
    [`update terms set status = 'closed', closed_at = ends_at where id = $1`, 'terms_closed_is_decided'],
    [`update terms set renewal_state = 'renewed' where id = $1`, 'terms_closed_is_decided'],
    [`update terms set closed_at = ends_at where id = $1`, 'terms_closed_when'],
    [`update terms set ends_on = starts_on - 1 where id = $1`, 'terms_first_before_last_day'],
  ])('cannot have a term in a contradictory state: %s', async (sql, constraint) => {
    expect(await ofTerm(sql)).toBe(constraint);
  });
});
