import { consoleClient, type ConsoleClient } from '../support/console.js';
import { person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The pages of the jobs.

let service: TestService;
let admin: ConsoleClient;
let poisoned: RenewingContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
  await renewingContract(service, { startsOn: '2026-04-01', locale: 'en' });
  poisoned = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en' });
  await sql(
    `create function stop_it() returns trigger language plpgsql as $$ begin raise exception '<b>no</b>'; end $$`,
  );
  await sql(`create trigger stop_it before update on terms
    for each row when (new.subscription_id = '${poisoned.id}') execute function stop_it()`);
  await advance(service, '2026-12-31T00:00:00Z');
  admin = await consoleClient(service, await person(service, 'admin'));
});
afterAll(() => service.stop());

const sql = (statement: string): Promise<unknown> => service.database.write((tx) => tx.query(statement));

test.each(['csm', 'finance'] as const)('a user with the role %s sees no jobs', async (role) => {
  const reader = await consoleClient(service, await person(service, role));
  for (const path of ['jobs', 'jobs/housekeeping', 'jobs/housekeeping/dry-run']) {
    expect((await reader.get(`/console/${path}`)).status).toBe(403);
  }
});

test('the list says what each job does, when it is due, and how it ended', async () => {
  const { status, text } = await admin.get('/console/jobs');
  expect(status).toBe(200);
  expect(text).toContain(
    'Renewal reminders Sends reminders to the renewal contacts and the CSM. 1 subscription in quarantine',
  );
  expect(text).toContain('Done 31 December 2026');
});

test('in Japanese, too', async () => {
  const reader = await consoleClient(service, await person(service, 'admin', undefined, { locale: 'ja' }));
  const { text } = await reader.get('/console/jobs');
  expect(text).toContain('更新のご案内 更新連絡先とCSMに更新のご案内を送ります。 隔離中の契約：1件');
});

test('a job that does not exist is not found', async () => {
  expect((await admin.get('/console/jobs/make-coffee')).status).toBe(404);
});

test('the quarantine names the customer and shows the error as text', async () => {
  const page = await admin.get('/console/jobs/renewal-reminders');
  expect(page.text).toContain('Aoi 2 Ltd. <b>no</b>');
  expect(page.html).not.toContain('<b>no</b>');
});

test('a subscription in quarantine is tried at the next run', async () => {
  const path = '/console/jobs/renewal-reminders';
  const page = await admin.get(path);
  const done = await admin.submit(page, `${path}/quarantine/${poisoned.id}`);
  expect([done.status, done.location]).toEqual([303, path]);
  expect((await admin.follow(done)).text).toContain('The next run tries Aoi 2 Ltd. again.');
  const [{ due }] = (await service.database.read((tx) =>
    tx.query(
      `select try_again_at < $1::timestamptz + interval '1 second' as due from set_asides where job = 'renewal-reminders'`,
      [service.clock.now()],
    ),
  )) as [{ due: boolean }];
  expect(due).toBe(true);
  const unknown = await admin.submit(page, `${path}/quarantine/${poisoned.id}`, { job: 'x' });
  expect(unknown.status).toBe(303);
});

test('a dry run shows what would happen, and keeps nothing', async () => {
  const { status, text } = await admin.get('/console/jobs/renewal-reminders/dry-run');
  expect(status).toBe(200);
  expect(text).toContain('Nothing was changed or sent. 1 subscription put into quarantine');
  expect(text).toContain('Aoi 2 Ltd. Fails, and goes into quarantine');
  expect((await admin.get('/console/jobs/housekeeping/dry-run')).status).toBe(422);
});

test('a job runs now, and the page says what it did', async () => {
  await sql('drop trigger stop_it on terms');
  const path = '/console/jobs/renewal-reminders';
  const done = await admin.submit(await admin.get(path), `${path}/run`);
  expect([done.status, done.location]).toEqual([303, path]);
  const { text } = await admin.follow(done);
  expect(text).toContain('Renewal reminders: Done. 1 term, 2 mails queued');
  expect(text).not.toContain('Quarantine');
  expect(text).toContain('Administrator');
});

test('a form from another session is refused', async () => {
  const other = await consoleClient(service, await person(service, 'admin'));
  const page = await other.get('/console/jobs/housekeeping');
  expect((await admin.submit(page, '/console/jobs/housekeeping/run')).status).toBe(403);
});
