import { Client } from 'pg';
import { api, type Answer, type Api, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';
import { equalityText } from '../../src/domain/equal-entries.js';
import { equalityKey } from '../../src/features/hours/equality-key.js';

let service: TestService;
let admin: Api;
let database: Client;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  database = new Client({ connectionString: service.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await service.stop();
});

async function contract(): Promise<SoldContract> {
  const sold = await soldContract(service, {
    package: 'dedicated',
    startsOn: '2026-04-01',
    consultants: 1,
    productLines: 1,
  });
  const allocations = [{ consultantId: sold.consultantIds[0], productLineId: sold.productLineIds[0], minutes: 0 }];
  const set = await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
  return sold;
}

const headings = 'subscriptionId,workDate,minutes,consultantId,productLineId,activity,delivery,summary';
const dayOf = (at: number): string => new Date(Date.UTC(2026, 3, 1 + (at % 100))).toISOString().slice(0, 10);
const fileOf = ({ id, consultantIds, productLineIds }: SoldContract, rows: number, summary = 'Row'): string =>
  [
    headings,
    ...Array.from({ length: rows }, (_, at) =>
      [id, dayOf(at), 1, consultantIds[0], productLineIds[0], 'upgrade', 'remote', `${summary} ${at}`].join(),
    ),
    '',
  ].join('\n');

const send = async (client: Api, file: string, query = ''): Promise<Json> => {
  const { status, body } = await client.send('POST', `/v1/time-entries/import${query}`, file, {
    'content-type': 'text/csv',
  });
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
};
const undo = (client: Api, id: unknown, body: object = { reason: 'Wrong file' }): Promise<Answer> =>
  client.post(`/v1/imports/${String(id)}/undo`, body);
const used = async ({ csm, id }: SoldContract): Promise<number> => {
  expect((await csm.post(`/v1/subscriptions/${id}/verify`)).body).toEqual({ consistent: true, differences: [] });
  return (await csm.get(`/v1/subscriptions/${id}/balance`)).body.usedMinutes as number;
};

describe('the list of imports', () => {
  it('shows each import with its counts, page by page, and shows a CSM only their own imports', async () => {
    const sold = await contract();
    const first = await send(sold.csm, fileOf(sold, 3), '?fileName=first.csv');
    const second = await send(admin, `${fileOf(sold, 4)}${sold.id},2030-01-01,1,,,,,\n`, '?fileName=second.csv');
    const { body } = await sold.csm.get('/v1/imports');
    expect(body.data).toMatchObject([
      {
        id: first['importId'] as string,
        status: 'done',
        fileName: 'first.csv',
        map: null,
        startedAt: '2026-07-10T03:00:00.000Z',
        endedAt: '2026-07-10T03:00:00.000Z',
        rows: 3,
        accepted: 3,
        present: 0,
        refused: 0,
        minutes: 3,
        undo: null,
      },
    ]);
    const pages: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await admin.get(`/v1/imports?limit=1${cursor && `&cursor=${cursor}`}`);
      pages.push(...(page.body.data as Json[]));
      cursor = page.body.nextCursor as string | null;
    }
    expect(pages.slice(0, 2)).toMatchObject([
      { id: second['importId'] as string, fileName: 'second.csv', rows: 5, accepted: 1, present: 3, refused: 1 },
      { id: first['importId'] as string },
    ]);
    expect((await sold.csm.get(`/v1/imports/${second['importId'] as string}`)).status).toBe(404);
    expect((await sold.customer.get('/v1/imports')).status).toBe(403);
  });

  it('leaves out dry runs and refused atomic imports', async () => {
    const sold = await contract();
    const before = await admin.get('/v1/imports?limit=200');
    expect(await send(sold.csm, fileOf(sold, 2), '?dryRun=true')).not.toHaveProperty('importId');
    const bad = fileOf(sold, 2).replace('2026-04-02', '2025-04-02');
    const refused = await sold.csm.send('POST', '/v1/time-entries/import?atomic=true', bad, {
      'content-type': 'text/csv',
    });
    expect([refused.status, refused.body.importId]).toEqual([422, undefined]);
    expect((await admin.get('/v1/imports?limit=200')).body).toEqual(before.body);
  });
});

describe('the undo of an import', () => {
  it('reverses each remaining entry once, with the reason; then the same file can be imported again', async () => {
    const sold = await contract();
    const file = fileOf(sold, 2_000);
    const { importId } = await send(sold.csm, file);
    const { body: list } = await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries?limit=1`);
    const [entry] = list.data as Json[];
    expect(
      (await sold.csm.post(`/v1/time-entries/${entry!['id'] as string}/reversal`, { reason: 'Alone' })).status,
    ).toBe(201);
    expect((await undo(sold.csm, importId, {})).status).toBe(400);
    const key = { 'idempotency-key': 'undo' };
    const address = `/v1/imports/${String(importId)}/undo`;
    const undone = await sold.csm.post(address, { reason: 'Wrong file' }, key);
    expect([undone.status, undone.body]).toMatchObject([
      200,
      {
        status: 'undone',
        accepted: 2_000,
        undo: { reason: 'Wrong file', reversed: 1_999, endedAt: expect.any(String) },
      },
    ]);
    expect(await used(sold)).toBe(0);
    const replayed = await sold.csm.post(address, { reason: 'Wrong file' }, key);
    expect([replayed.body, replayed.headers.get('idempotency-replayed')]).toEqual([undone.body, 'true']);
    const reused = await sold.csm.post(address, { reason: 'Again' }, key);
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency-key-reused']);
    const again = await undo(sold.csm, importId, { reason: 'Again' });
    expect([again.status, again.body]).toEqual([200, undone.body]);
    expect(await send(sold.csm, file)).toMatchObject({ accepted: 2_000, present: 0 });
    expect(await used(sold)).toBe(2_000);
  });

  it('works in chunks, and books adjustments for entries of a closed month', async () => {
    const sold = await contract();
    const { importId } = await send(sold.csm, fileOf(sold, 10_400));
    expect((await admin.post('/v1/periods/2026-04/close')).status).toBe(200);
    const { body } = await undo(sold.csm, importId);
    expect(body).toMatchObject({ status: 'undone', undo: { reversed: 10_400 } });
    expect(await used(sold)).toBe(0);
    const { rows } = await database.query<{ months: string[] }>(
      `select array_agg(distinct r.accounting_month) as months from time_entry_reversals r
       join time_entries e on e.id = r.time_entry_id where e.subscription_id = $1 and e.work_date < '2026-05-01'`,
      [sold.id],
    );
    expect(rows).toEqual([{ months: ['2026-05'] }]);
    expect((await admin.post('/v1/periods/2026-04/reopen', { reason: 'Test' })).status).toBe(200);
  });

  it('continues after an interruption', async () => {
    const sold = await contract();
    const { importId } = await send(sold.csm, fileOf(sold, 5));
    await database.query(
      `update imports set status = 'undoing', undo_reason = 'First', undone_by = started_by, undo_started_at = started_at
       where id = $1`,
      [importId],
    );
    expect((await sold.csm.get(`/v1/imports/${String(importId)}`)).body).toMatchObject({ status: 'undoing' });
    expect((await undo(sold.csm, importId)).body).toMatchObject({
      status: 'undone',
      undo: { reason: 'First', reversed: 5 },
    });
  });

  it('stops an import that is still running, and reverses the rows booked so far', async () => {
    const sold = await contract();
    await database.query('begin');
    await database.query('select from subscriptions where id = $1 for update', [sold.id]);
    const importing = sold.csm.send('POST', '/v1/time-entries/import', fileOf(sold, 10), {
      'content-type': 'text/csv',
    });
    let id: string | undefined;
    while (id === undefined) {
      const { body } = await sold.csm.get('/v1/imports');
      id = (body.data as Json[])[0]?.['id'] as string | undefined;
    }
    const undoing = undo(sold.csm, id);
    await database.query('rollback');
    const [imported, undone] = await Promise.all([importing, undoing]);
    expect([200, 409]).toContain(imported.status);
    expect(undone.body).toMatchObject({ status: 'undone' });
    expect(await used(sold)).toBe(0);
  });

  it('is hidden from other CSMs; once a subscription has another CSM, only an admin can undo the import', async () => {
    const [sold, other] = [await contract(), await contract()];
    const { importId } = await send(sold.csm, fileOf(sold, 2));
    expect((await undo(other.csm, importId)).status).toBe(404);
    const { headers } = await admin.get(`/v1/subscriptions/${sold.id}`);
    const csmId = (await other.csm.get('/v1/me')).body.id as string;
    const moved = await admin.patch(`/v1/subscriptions/${sold.id}`, { csmId }, { 'if-match': headers.get('etag')! });
    expect(moved.status).toBe(200);
    const refused = await undo(sold.csm, importId);
    expect([refused.status, refused.body.code]).toEqual([409, 'import-beyond-portfolio']);
    expect((await undo(admin, importId)).body).toMatchObject({ status: 'undone', undo: { reversed: 2 } });
  });
});

describe('a time entry that equals an earlier one', () => {
  const entryOf = ({ consultantIds, productLineIds }: SoldContract, change: object = {}) => ({
    workDate: '2026-05-04',
    minutes: 30,
    consultantId: consultantIds[0],
    productLineId: productLineIds[0],
    activity: 'upgrade',
    delivery: 'remote',
    summary: 'Prüfung,\n two lines',
    ...change,
  });
  const duplicatesOf = ({ warnings }: Json): unknown[] =>
    (warnings as Json[])
      .filter(({ code }) => code === 'possible-duplicate')
      .map(({ timeEntryId }) => timeEntryId as unknown);
  const log = async (sold: SoldContract, change?: object, query = ''): Promise<Json> => {
    const { body } = await sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries${query}`, entryOf(sold, change));
    return body;
  };
  const idOf = (body: Json): string => body['entry']['id'] as string;

  it('is booked, with a warning that names the earlier entry', async () => {
    const sold = await contract();
    const first = await log(sold);
    expect(duplicatesOf(first)).toEqual([]);
    expect(duplicatesOf(await log(sold, {}, '?dryRun=true'))).toEqual([idOf(first)]);
    expect(duplicatesOf(await log(sold, { summary: ' Pru\u0308fung,\r\n two lines ', severity: 1 }))).toEqual([
      idOf(first),
    ]);
    for (const change of [{ minutes: 31 }, { workDate: '2026-05-05' }, { reference: 'T-1' }, { summary: 'Other' }]) {
      expect(duplicatesOf(await log(sold, change))).toEqual([]);
    }
    expect(duplicatesOf(await log(await contract()))).toEqual([]);
  });

  it('gets no warning about a reversed entry, nor about the entry that it corrects', async () => {
    const sold = await contract();
    const first = idOf(await log(sold));
    const path = `/v1/time-entries/${first}/correction`;
    const same = await sold.csm.post(path, { reason: 'Severity', ...entryOf(sold), severity: 2 });
    expect([same.status, duplicatesOf(same.body)]).toEqual([201, []]);
    const other = idOf(await log(sold, { minutes: 40 }));
    const corrected = await sold.csm.post(`/v1/time-entries/${other}/correction`, {
      reason: 'Minutes',
      ...entryOf(sold),
    });
    expect(duplicatesOf(corrected.body)).toEqual([idOf(same.body)]);
  });

  it('gets a warning about an equal entry earlier in the same batch', async () => {
    const sold = await contract();
    const entry = { subscriptionId: sold.id, ...entryOf(sold) };
    const { body } = await sold.csm.post('/v1/time-entries/batch', { atomic: true, entries: [entry, entry] });
    const [first, second] = body.results as Json[];
    expect([duplicatesOf(first), duplicatesOf(second)]).toEqual([[], [idOf(first)]]);
  });
});

it('the database and the service compute the same equality key', async () => {
  const sold = await contract();
  const texts = [
    'plain',
    ' \u3000blanks\u00a0\n',
    'Cafe\u0301',
    'ﾊﾝｶｸ',
    '各\r\n行\rと',
    '😀 \ufeffmark',
    'tab\tin',
    "quote's \\ back",
  ];
  for (const [at, text] of texts.entries()) {
    await database.query(
      `insert into pair_balances (term_id, consultant_id, product_line_id, worked_minutes)
       select current_term_id, $2, $3, 0 from subscriptions where id = $1 on conflict do nothing`,
      [sold.id, sold.consultantIds[0], sold.productLineIds[0]],
    );
    const entry = {
      workDate: '2026-05-04',
      minutes: 1 + at,
      consultantId: sold.consultantIds[0]!,
      productLineId: sold.productLineIds[0]!,
      activity: 'upgrade',
      delivery: 'remote',
      summary: text,
      reference: at % 2 === 0 ? null : ` ${text.replaceAll(/[\r\n]/g, '')}`,
    } as const;
    const { rows } = await database.query<{ key: string }>(
      `insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
         delivery, summary, reference, package, accounting_month, recorded_at, recorded_by)
       select gen_random_uuid(), id, current_term_id, $2, $3, $4, $5, 'upgrade', 'remote', $6, $7, 'dedicated', '2026-05', now(), csm_id
       from subscriptions where id = $1 returning equality_key::text as key`,
      [sold.id, entry.workDate, entry.minutes, entry.consultantId, entry.productLineId, entry.summary, entry.reference],
    );
    expect([text, Number(rows[0]!.key)]).toEqual([text, equalityKey(equalityText(sold.id, entry)).key]);
  }
});
