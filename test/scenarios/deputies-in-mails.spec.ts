import { api, type Api } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { allMails } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let csm: Person;
let deputy: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-20T00:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  [csm, deputy] = [await person(service, 'csm'), await person(service, 'csm')];
  const named = { name: 'Tanaka Mika', locale: 'en', timeZone: 'Asia/Tokyo' };
  await admin.patch(`/v1/users/${csm.id}`, named, { 'if-match': '"1"' });
  await admin.patch(`/v1/users/${deputy.id}`, { name: 'Suzuki Ken' }, { 'if-match': '"1"' });
  const contact = { name: 'Taro', email: 'taro@customer.example', roles: ['renewal', 'usage'] };
  const customer = { name: 'Aoi', locale: 'ja', timeZone: 'Asia/Tokyo', contacts: [contact] };
  const customerId = (await csm.post('/v1/customers', customer)).body.id as string;
  // The reminders leave on 2026-12-31 and 2027-01-15, both at 09:00 in Tokyo.
  await csm.post('/v1/subscriptions', { customerId, package: 'basic', startsOn: '2026-04-01' });
  const deputies = [{ userId: deputy.id, from: '2026-12-30', to: '2027-01-14' }];
  expect((await csm.put(`/v1/users/${csm.id}/deputies`, { deputies }, { 'if-match': '"0"' })).status).toBe(200);
});
afterAll(() => service.stop());

interface SentMail {
  name: string;
  locale: string;
  messageId: string;
}

/** The mails of a kind that were written, by the recipient's name. */
async function written(kind: string): Promise<Record<string, { locale: string; text: string }>> {
  const mails = await service.database.read((tx) =>
    tx.query<SentMail>(
      'select recipient_name as name, locale, message_id as "messageId" from mails where kind = $1 and message is not null',
      [kind],
    ),
  );
  const messages = new Map((await allMails(service)).map(({ messageId, text }) => [messageId, text]));
  return Object.fromEntries(
    mails.map(({ name, locale, messageId }) => [name, { locale, text: messages.get(`<${messageId}>`)! }]),
  );
}

test('a customer’s mail names the deputy of the day, and the deputy gets the CSM’s copy', async () => {
  const to = '2027-01-01T00:00:00Z';
  expect((await admin.post('/v1/clock/advance', { to })).status).toBe(200);
  const mails = await written('renewal-reminder-90');
  expect(
    Object.entries(mails)
      .map(([name, { locale }]) => [name, locale])
      .sort(),
  ).toEqual([
    ['Suzuki Ken', 'ja'],
    ['Tanaka Mika', 'en'],
    ['Taro', 'ja'],
  ]);
  expect(mails.Taro!.text).toContain('Tanaka Mikaに代わりSuzuki Ken（');
  expect(mails['Tanaka Mika']!.text).toContain('Dear Tanaka Mika');
  const statements = await written('usage-statement-9');
  expect(statements.Taro!.text).toContain('Tanaka Mikaに代わりSuzuki Ken（');
});

test('on the day after, neither happens', async () => {
  await admin.post('/v1/clock/advance', { to: '2027-01-15T01:00:00Z' });
  const mails = await written('renewal-reminder-75');
  expect(Object.keys(mails).sort()).toEqual(['Tanaka Mika', 'Taro']);
  expect(mails.Taro!.text).not.toContain('Suzuki');
});
