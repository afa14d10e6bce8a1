import { api, type Api, type Json } from '../support/client.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { linkIn, signInMails } from '../support/sign-in-mails.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

let users = 0;

async function user(fields: object = {}): Promise<Json> {
  const email = `invited-${++users}@trm.example`;
  const { body } = await admin.post('/v1/users', { name: 'Hana Ito', email, role: 'csm', nudges: false, ...fields });
  return body;
}

const invite = (id: string, headers?: Record<string, string>) =>
  admin.post(`/v1/users/${id}/invitations`, undefined, headers);

test('an administrator invites a user, who gets a mail at once', async () => {
  const { id, email } = await user();
  const { status, body } = await invite(id);
  expect([status, body]).toEqual([
    201,
    {
      id: expect.any(String) as string,
      userId: id,
      email,
      createdAt: '2026-04-01T00:00:00.000Z',
      expiresAt: '2026-04-08T00:00:00.000Z',
    },
  ]);
  const [mail] = await signInMails(service, email, 1);
  expect(mail!.subject).toBe('[TRM] Administrator invites you to the TRM console');
  expect(linkIn(mail!)).toMatch(/^\/console\/sign-in\/[\w-]{64}$/);
});

test.each([
  ['the language of the user', { locale: 'ja' }, 'en', '【TRM】TRM コンソールへのご招待（Administratorより）'],
  ['without one, that of the administrator', {}, 'ja', '【TRM】TRM コンソールへのご招待（Administratorより）'],
])('the mail is in %s', async (_language, fields, asked, subject) => {
  const { id, email } = await user(fields);
  await invite(id, { 'accept-language': asked });
  const [mail] = await signInMails(service, email, 1);
  expect(mail!.subject).toBe(subject);
});

test('only an administrator invites, and only active users', async () => {
  const csm = await person(service, 'csm');
  expect((await csm.post(`/v1/users/${csm.id}/invitations`)).status).toBe(403);

  expect((await invite('01a0b5c2-7d3e-7f10-9a4b-000000000001')).status).toBe(404);

  const { id } = await user();
  await admin.patch(`/v1/users/${id}`, { active: false }, { 'if-match': '"1"' });
  const refused = await invite(id);
  expect([refused.status, refused.body.code]).toEqual([422, 'user-inactive']);
});

test('the list of mails shows an invitation to administrators, and not to a CSM', async () => {
  const csm = await person(service, 'csm');
  await invite(csm.id);
  const kinds = async (reader: Api): Promise<string[]> =>
    (await reader.get('/v1/mails?limit=200')).body.data
      .filter(({ recipient }: Json) => recipient.name.startsWith('csm'))
      .map(({ kind, recipient }: Json) => `${kind} to ${recipient.role}`);
  expect(await kinds(admin)).toEqual(['invitation to user']);
  expect(await kinds(csm)).toEqual([]);
});

test('neither the facts of the mail nor the table of links contain the token', async () => {
  const { id, email } = await user();
  await invite(id);
  const token = linkIn((await signInMails(service, email, 1))[0]!)!
    .split('/')
    .at(-1)!;
  const rows = await service.database.read((tx) =>
    tx.query<{ row: string }>(
      `select row_to_json(l)::text as row from sign_in_links l union all select facts::text from mails`,
    ),
  );
  expect(rows.filter(({ row }) => row.includes(token) || row.includes(Buffer.from(token).toString('hex')))).toEqual([]);
});
