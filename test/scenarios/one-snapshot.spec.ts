import { Client } from 'pg';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { api, type Answer } from '../support/client.js';
import { renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// Some answers need several queries whose results must agree. They read one snapshot, whatever other transactions commit meanwhile.

let service: TestService;
let other: Client;

beforeAll(async () => {
  service = await startService({ clock: '2027-01-10T00:00:00Z' });
  other = new Client({ connectionString: service.databaseUrl });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await service.stop();
});

/** Stops a request at its first query of a table, commits `meanwhile`, and lets the request continue. */
async function stoppedAt(
  table: string,
  request: () => Promise<Answer>,
  meanwhile: () => Promise<unknown>,
): Promise<Answer> {
  await other.query('begin');
  await other.query(`lock table ${table} in access exclusive mode`);
  const answer = request();
  for (;;) {
    const { rows } = await other.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) break;
  }
  await meanwhile().finally(() => other.query('commit'));
  return answer;
}

interface ContractWithPage extends RenewingContract {
  termId: string;
  path: string;
}

async function contractWithPage(): Promise<ContractWithPage> {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en' });
  const termId = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body.currentTerm.id as string;
  const link = service.app.get(DeclineLinks).linkFor({ termId, address: contract.contacts[0]! });
  return { ...contract, termId, path: new URL(link).pathname };
}

const submit = (path: string, fields: Record<string, string>): Promise<Answer> =>
  api(service.baseUrl).send('POST', path, new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
const notice = { signedBy: 'Contact 1', authorised: 'yes' };
const withdrawal = { signedBy: 'Contact 1', reason: 'We stay' };

/** Gives a notice again, as `POST …/non-renewal-notices` does, by copying the withdrawn one. */
async function giveNoticeAgain(termId: string): Promise<void> {
  await other.query(
    `insert into non_renewal_notices (id, subscription_id, term_id, party, signed_by, channel, received_at, recorded_at,
       recorded_by, deadline_at, effective)
     select gen_random_uuid(), n.subscription_id, term_id, party, signed_by, channel, received_at, recorded_at, s.csm_id,
       deadline_at, true
     from non_renewal_notices n join subscriptions s on s.id = n.subscription_id where term_id = $1`,
    [termId],
  );
  await other.query(`update terms set renewal_state = 'declined' where id = $1`, [termId]);
}

test.each<[string, string, Record<string, string>, number, RegExp]>([
  ['an invalid form', '', { note: 'x' }, 400, /Please check what you entered/],
  ['a withdrawal', '/withdrawal', withdrawal, 200, /withdrawn|taken back/i],
  ['an invalid withdrawal', '/withdrawal', { reason: 'x' }, 400, /has been received/],
])(
  'the decline page answers %s from one snapshot if a notice is given at the same time',
  async (_, to, fields, status, says) => {
    const contract = await contractWithPage();
    await submit(contract.path, notice);
    await submit(`${contract.path}/withdrawal`, withdrawal);
    expect(await renewalStates(contract)).toEqual(['open']);
    const page = await stoppedAt(
      'non_renewal_notices',
      () => submit(contract.path + to, fields),
      () => giveNoticeAgain(contract.termId),
    );
    expect([page.status, page.body]).toEqual([status, expect.stringMatching(says) as string]);
  },
);

test('concurrent notices, withdrawals and views of the decline page never fail', async () => {
  const contract = await contractWithPage();
  const answers: Answer[] = [];
  for (let round = 0; round < 10; round++) {
    const both = [submit(contract.path, notice), submit(`${contract.path}/withdrawal`, withdrawal)];
    answers.push(...(await Promise.all([...both, api(service.baseUrl).get(contract.path)])));
  }
  expect(answers.filter(({ status }) => status !== 200).map(({ status }) => status)).toEqual([]);
});

test('the preview of a closing counts and lists the entries of one moment', async () => {
  const { csm, admin, id } = await contractWithPage();
  const idOf = async (path: string, body: object) => (await admin.post(path, body)).body.id as string;
  const productLineId = await idOf('/v1/product-lines', { code: 'SNAPSHOT', name: 'Backup' });
  const consultantId = await idOf('/v1/consultants', { name: 'Suzuki', email: 'suzuki@trm.example' });
  const { headers } = await csm.get(`/v1/subscriptions/${id}`);
  const lines = { effectiveOn: '2026-04-01', productLineIds: [productLineId] };
  await csm.put(`/v1/subscriptions/${id}/product-lines`, lines, { 'if-match': headers.get('etag')! });
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  await csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': '"0"' });
  const work = { consultantId, productLineId, activity: 'upgrade', delivery: 'remote', summary: 'x' };
  const entry = { ...work, workDate: '2026-12-01', minutes: 60 };

  expect((await csm.post(`/v1/subscriptions/${id}/time-entries`, entry)).status).toBe(201);

  const preview = () => admin.post('/v1/periods/2026-12/close?dryRun=true', {});
  const columns = `subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery, summary,
    package, accounting_month, recorded_at, recorded_by`;
  const copyEntries = `insert into time_entries (id, ${columns}) select gen_random_uuid(), ${columns} from time_entries`;
  const before = await stoppedAt('time_entries', preview, () => other.query(copyEntries));
  expect(before.body).toMatchObject({ rows: 1, minutes: 60 });
  expect((await preview()).body).toMatchObject({ rows: 2, minutes: 120 });
});
