import { Client } from 'pg';
import { api } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

const rowsPerTransaction = 1_000;

let service: TestService;
let owner: Client;

beforeAll(async () => {
  service = await startService({ clock: '2026-06-01T00:00:00Z' });
  owner = new Client({ connectionString: service.databaseUrl });
  await owner.connect();
  // Records how many rows each statement deletes, and in which transaction.
  await owner.query(`
    create table deletions (table_name text, transaction xid8, rows integer);
    create function record_deletion() returns trigger language plpgsql security definer as $$ begin
      insert into deletions select tg_table_name, pg_current_xact_id(), count(*) from gone;
      return null;
    end $$;
    create trigger record_deletion after delete on idempotency_keys referencing old table as gone
      for each statement execute function record_deletion();
    create trigger record_deletion after delete on request_allowances referencing old table as gone
      for each statement execute function record_deletion();
    create trigger record_deletion after delete on job_runs referencing old table as gone
      for each statement execute function record_deletion()`);
});
afterAll(async () => {
  await owner.end();
  await service.stop();
});
beforeEach(() => owner.query('truncate deletions, idempotency_keys; delete from job_runs; truncate deletions'));

const runHousekeeping = () => api(service.baseUrl, service.adminToken).post('/v1/jobs/housekeeping/run');

/** Stores answers to idempotency keys, one for each second after a moment. */
const storeAnswers = (rows: number, from: string) =>
  owner.query(
    `insert into idempotency_keys (scope, body_hash, status, created_at)
     select sha256(convert_to($2 || n, 'UTF8')), '\\x00', 201, $2::timestamptz + n * interval '1 second'
     from generate_series(1, $1::integer) n`,
    [rows, from],
  );

const deletionsFrom = async (table: string) => {
  const { rows } = await owner.query<{ rows: number; transaction: string }>(
    `select rows, transaction from deletions where table_name = $1 and rows > 0 order by transaction`,
    [table],
  );
  return {
    rows: rows.map((deletion) => deletion.rows),
    transactions: new Set(rows.map((deletion) => deletion.transaction)).size,
  };
};

it('deletes old answers, job runs and request allowances in transactions of at most 1,000 rows', async () => {
  await storeAnswers(2_500, '2026-03-01T00:00:00Z');
  await storeAnswers(3, '2026-05-31T00:00:00Z');
  await owner.query(
    `insert into job_runs (id, job, asked_by, due_at, started_at, finished_at, outcome)
     select gen_random_uuid(), 'housekeeping', 'schedule', day, day, day, 'succeeded'
     from generate_series(1, 1500) n, lateral (select timestamptz '2026-01-01Z' + n * interval '1 minute' as day) t`,
  );
  await owner.query(
    `insert into request_allowances (user_id, minute, leased, granted)
     select gen_random_uuid(), now() - interval '2 days', 1, 1 from generate_series(1, 1200)`,
  );
  const run = await runHousekeeping();
  expect(run.body).toMatchObject({ outcome: 'succeeded', counts: { idempotencyKeys: 2_500, jobRuns: 1_500 } });
  expect(await deletionsFrom('idempotency_keys')).toEqual({
    rows: [rowsPerTransaction, rowsPerTransaction, 500],
    transactions: 3,
  });
  expect(await deletionsFrom('job_runs')).toEqual({ rows: [rowsPerTransaction, 500], transactions: 2 });
  expect(await deletionsFrom('request_allowances')).toEqual({ rows: [rowsPerTransaction, 200], transactions: 2 });
  expect((await owner.query('select from idempotency_keys')).rowCount).toBe(3);
});

it('keeps the deletions of earlier transactions if a later one fails', async () => {
  await storeAnswers(1_500, '2026-03-01T00:00:00Z');
  await owner.query(`
    create function refuse_newest() returns trigger language plpgsql as $$ begin
      if old.created_at = '2026-03-01T00:25:00Z' then raise exception 'not this one'; end if;
      return old;
    end $$;
    create trigger refuse_newest before delete on idempotency_keys for each row execute function refuse_newest()`);
  try {
    expect((await runHousekeeping()).body).toMatchObject({ outcome: 'failed' });
    expect((await owner.query('select from idempotency_keys')).rowCount).toBe(500);
  } finally {
    await owner.query('drop trigger refuse_newest on idempotency_keys');
  }
  expect((await runHousekeeping()).body).toMatchObject({ outcome: 'succeeded', counts: { idempotencyKeys: 500 } });
});

it('deletes sessions and links about 100 days after their end, and keeps younger ones', async () => {
  const { rows } = await owner.query<{ id: string }>('select id from users limit 1');
  const userId = rows[0]!.id;
  await owner.query(
    `insert into sessions (id, user_id, token_hash, opened_with, created_at, last_seen_at, address)
     select gen_random_uuid(), $1, sha256(convert_to(at::text, 'UTF8')), 'link', at, at, '::1'
     from unnest(array['2026-02-06 00:00Z', '2026-02-07 00:00Z', '2026-05-31 00:00Z']::timestamptz[]) at`,
    [userId],
  );
  await owner.query(
    `insert into sign_in_links (id, user_id, kind, token_hash, browser_hash, created_at, expires_at)
     select gen_random_uuid(), $1, 'sign-in', sha256(convert_to(at::text, 'UTF8')), sha256(''), at - interval '15 minutes', at
     from unnest(array['2026-02-20 00:00Z', '2026-02-21 00:00Z']::timestamptz[]) at`,
    [userId],
  );
  const { body } = await runHousekeeping();
  expect(body.counts).toMatchObject({ sessions: 1 });
  const left = await owner.query<{ at: Date }>(
    'select created_at as at from sessions union all select expires_at from sign_in_links order by at',
  );
  expect(left.rows.map(({ at }) => at.toISOString().slice(0, 10))).toEqual(['2026-02-07', '2026-02-21', '2026-05-31']);
});
