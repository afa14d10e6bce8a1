import { Client } from 'pg';
import { api } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

const pieceRows = 1_000;

let service: TestService;
let owner: Client;

beforeAll(async () => {
  service = await startService({ clock: '2026-06-01T00:00:00Z' });
  owner = new Client({ connectionString: service.databaseUrl });
  await owner.connect();
  // What each deleting statement took, and in which transaction.
  await owner.query(`
    create table pieces (table_name text, transaction xid8, rows integer);
    create function note_piece() returns trigger language plpgsql security definer as $$ begin
      insert into pieces select tg_table_name, pg_current_xact_id(), count(*) from gone;
      return null;
    end $$;
    create trigger note_piece after delete on idempotency_keys referencing old table as gone
      for each statement execute function note_piece();
    create trigger note_piece after delete on request_allowances referencing old table as gone
      for each statement execute function note_piece();
    create trigger note_piece after delete on job_runs referencing old table as gone
      for each statement execute function note_piece()`);
});
afterAll(async () => {
  await owner.end();
  await service.stop();
});
beforeEach(() => owner.query('truncate pieces, idempotency_keys; delete from job_runs; truncate pieces'));

const tidy = () => api(service.baseUrl, service.adminToken).post('/v1/jobs/housekeeping/run');

/** Answers that were kept from a day on, one a second. */
const keep = (rows: number, from: string) =>
  owner.query(
    `insert into idempotency_keys (scope, body_hash, status, created_at)
     select sha256(convert_to($2 || n, 'UTF8')), '\\x00', 201, $2::timestamptz + n * interval '1 second'
     from generate_series(1, $1::integer) n`,
    [rows, from],
  );

const pieces = async (table: string) => {
  const { rows } = await owner.query<{ rows: number; transaction: string }>(
    `select rows, transaction from pieces where table_name = $1 and rows > 0 order by transaction`,
    [table],
  );
  return { rows: rows.map((piece) => piece.rows), transactions: new Set(rows.map((piece) => piece.transaction)).size };
};

it('forgets answers and runs in pieces, each in a transaction of its own', async () => {
  await keep(2_500, '2026-03-01T00:00:00Z');
  await keep(3, '2026-05-31T00:00:00Z');
  await owner.query(
    `insert into job_runs (id, job, asked_by, due_at, started_at, finished_at, outcome)
     select gen_random_uuid(), 'housekeeping', 'schedule', day, day, day, 'succeeded'
     from generate_series(1, 1500) n, lateral (select timestamptz '2026-01-01Z' + n * interval '1 minute' as day) t`,
  );
  await owner.query(
    `insert into request_allowances (user_id, minute, leased, granted)
     select gen_random_uuid(), now() - interval '2 days', 1, 1 from generate_series(1, 1200)`,
  );
  const run = await tidy();
  expect(run.body).toMatchObject({ outcome: 'succeeded', counts: { idempotencyKeys: 2_500, jobRuns: 1_500 } });
  expect(await pieces('idempotency_keys')).toEqual({ rows: [pieceRows, pieceRows, 500], transactions: 3 });
  expect(await pieces('job_runs')).toEqual({ rows: [pieceRows, 500], transactions: 2 });
  expect(await pieces('request_allowances')).toEqual({ rows: [pieceRows, 200], transactions: 2 });
  expect((await owner.query('select from idempotency_keys')).rowCount).toBe(3);
});

it('keeps the finished pieces if a later piece fails', async () => {
  await keep(1_500, '2026-03-01T00:00:00Z');
  await owner.query(`
    create function refuse_newest() returns trigger language plpgsql as $$ begin
      if old.created_at = '2026-03-01T00:25:00Z' then raise exception 'not this one'; end if;
      return old;
    end $$;
    create trigger refuse_newest before delete on idempotency_keys for each row execute function refuse_newest()`);
  try {
    expect((await tidy()).body).toMatchObject({ outcome: 'failed' });
    expect((await owner.query('select from idempotency_keys')).rowCount).toBe(500);
  } finally {
    await owner.query('drop trigger refuse_newest on idempotency_keys');
  }
  expect((await tidy()).body).toMatchObject({ outcome: 'succeeded', counts: { idempotencyKeys: 500 } });
});
