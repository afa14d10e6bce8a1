import { api, type Api, type Json } from '../support/client.js';
import { consoleClient, sessionOf, type Page } from '../support/console.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

const path = '/console/profile';

/** The value of a hidden field in the form with this action. */
function hidden({ html }: Page, action: string, name: string): string {
  const form = html.split('<form').find((part) => part.includes(`action="${action}"`))!;
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(form)![1]!;
}

describe('the settings', () => {
  test.each(['admin', 'csm', 'finance'] as const)('are those of a user with the role %s', async (role) => {
    const user = await person(service, role);
    const client = await consoleClient(service, user);
    const page = await client.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Single keys are shortcuts');
    expect(page.text.includes('Monday digest')).toBe(role !== 'finance');
  });

  test('are saved, and the page then speaks the new language', async () => {
    const csm = await person(service, 'csm', undefined, { nudges: true });
    const client = await consoleClient(service, csm);
    const page = await client.get(path);
    const version = hidden(page, `${path}/settings`, 'version');
    const saved = await client.submit(page, `${path}/settings`, { version, locale: 'ja', timeZone: 'Europe/Berlin' });
    expect([saved.status, saved.location]).toEqual([303, path]);
    const { text, html } = await client.follow(saved);
    expect(text).toContain('設定を保存しました。');
    expect(html).toContain('<html lang="ja"');
    expect((await csm.get('/v1/me')).body).toMatchObject({
      locale: 'ja',
      timeZone: 'Europe/Berlin',
      nudges: false,
      shortcuts: false,
    });
    expect(html).toContain('data-shortcuts="off"');
  });

  test('that changed meanwhile are refused, and what was chosen stays', async () => {
    const csm = await person(service, 'csm');
    const client = await consoleClient(service, csm);
    const page = await client.get(path);
    const version = hidden(page, `${path}/settings`, 'version');
    await csm.patch('/v1/me', { locale: 'en' }, { 'if-match': '"1"' });
    const refused = await client.submit(page, `${path}/settings`, { version, locale: 'ja', timeZone: 'Asia/Tokyo' });
    expect(refused.status).toBe(412);
    expect(refused.text).toContain('Changed in the meantime');
    expect(refused.html).toMatch(/<option value="Asia\/Tokyo" selected/);
  });

  test('with an unknown time zone are refused at the field', async () => {
    const client = await consoleClient(service, await person(service, 'csm'));
    const page = await client.get(path);
    const refused = await client.submit(page, `${path}/settings`, { version: '1', timeZone: 'Moon/Base' });
    expect(refused.status).toBe(400);
    expect(refused.html).toContain('id="timeZone-fault"');
  });
});

describe('the sessions', () => {
  test('are listed and ended, one or all others', async () => {
    const csm = await person(service, 'csm');
    const client = await consoleClient(service, csm);
    const others = [
      await sessionOf(service, csm.id),
      await sessionOf(service, csm.id),
      await sessionOf(service, csm.id),
    ];
    const stranger = await consoleClient(service, await person(service, 'csm'));
    let page = await client.get(path);
    expect(page.text).toContain('This browser');
    const actions = [...page.html.matchAll(/action="(\/console\/profile\/sessions\/[\w-]+\/end)"/g)].map(
      ([, one]) => one!,
    );
    expect(actions).toHaveLength(others.length);

    page = await client.follow(await client.submit(page, actions[0]!));
    expect(page.text).toContain('The session has ended.');
    page = await client.follow(await client.submit(page, `${path}/sessions/end`));
    expect(page.text).toContain('2 sessions have ended.');
    expect((await stranger.get(path)).status).toBe(200);
    const { text } = await client.get(path);
    expect(text).not.toContain('End all other sessions');
  });

  test('of somebody else cannot be ended', async () => {
    const [csm, other] = [await person(service, 'csm'), await person(service, 'csm')];
    const victim = await consoleClient(service, other);
    const [{ id }] = (await service.database.read((tx) =>
      tx.query<{ id: string }>('select id from sessions where user_id = $1', [other.id]),
    )) as [{ id: string }];
    const client = await consoleClient(service, csm);
    await sessionOf(service, csm.id);
    await sessionOf(service, csm.id);
    const page = await client.get(path);
    const csrf = hidden(page, `${path}/sessions/end`, 'csrf');
    const refused = await fetch(`${service.baseUrl}${path}/sessions/${id}/end`, {
      method: 'POST',
      headers: { cookie: client.cookie, accept: 'text/html' },
      body: new URLSearchParams({ csrf }),
      redirect: 'manual',
    });
    expect(refused.status).toBe(404);
    expect((await victim.get(path)).status).toBe(200);
  });
});

describe('the tokens', () => {
  test('are shown once, work, and are revoked', async () => {
    const finance = await person(service, 'finance');
    const client = await consoleClient(service, finance);
    const page = await client.get(path);
    const created = await client.submit(page, `${path}/tokens`, { tokenName: 'Monthly <reports>' });
    expect(created.status).toBe(200);
    const token = /trm_[\w-]{43}/.exec(created.text)![0];
    expect(created.text).toContain('Copy the token “Monthly <reports>” now.');
    expect((await api(service.baseUrl, token).get('/v1/me')).status).toBe(200);

    const listed = await client.get(path);
    expect(listed.text).toContain('Monthly <reports>');
    expect(listed.text).not.toContain(token);
    const stored = await service.database.read((tx) =>
      tx.query<{ row: string }>('select row_to_json(k)::text as row from idempotency_keys k'),
    );
    expect(stored.filter(({ row }) => row.includes(token))).toEqual([]);

    const actions = [...listed.html.matchAll(/action="(\/console\/profile\/tokens\/[\w-]+\/revocation)"/g)];
    const own = actions.map(([, action]) => action!).at(-1)!;
    expect((await client.follow(await client.submit(listed, own))).text).toContain('The token is revoked.');
    expect((await api(service.baseUrl, token).get('/v1/me')).status).toBe(401);
  });

  test('are created once by a double click', async () => {
    const finance = await person(service, 'finance');
    const client = await consoleClient(service, finance);
    const page = await client.get(path);
    const answers = await Promise.all([1, 2].map(() => client.submit(page, `${path}/tokens`, { tokenName: 'Twice' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { data } = (await finance.get(`/v1/users/${finance.id}/tokens`)).body;
    expect(data.filter(({ name }: Json) => name === 'Twice')).toHaveLength(1);
  });

  test('with a day in the past are refused, and the name stays', async () => {
    const client = await consoleClient(service, await person(service, 'finance'));
    const page = await client.get(path);
    const refused = await client.submit(page, `${path}/tokens`, { tokenName: 'Old', expiresOn: '2026-01-01' });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('value="Old"');
  });
});

describe('the deputies of a CSM', () => {
  test('are named and removed', async () => {
    const [csm, deputy] = [await person(service, 'csm'), await person(service, 'csm')];
    const client = await consoleClient(service, csm);
    let page = await client.get(path);
    const version = hidden(page, `${path}/deputies`, 'version');
    const fields = { version, userId: deputy.id, from: '2026-04-06', to: '2026-04-10' };
    page = await client.follow(await client.submit(page, `${path}/deputies`, fields));
    expect(page.text).toContain('is your deputy from 6 April 2026 to 10 April 2026.');
    expect((await csm.get('/v1/me')).body.deputies).toMatchObject([{ userId: deputy.id, from: '2026-04-06' }]);
    expect((await (await consoleClient(service, deputy)).get(path)).text).toContain('You stand in for others');

    const removal = { ...fields, version: hidden(page, `${path}/deputies/removal`, 'version') };
    page = await client.follow(await client.submit(page, `${path}/deputies/removal`, removal));
    expect(page.text).toContain('is no longer your deputy.');
    expect((await csm.get('/v1/me')).body.deputies).toEqual([]);
  });

  test('are refused with the reason, and the days stay', async () => {
    const [csm, deputy] = [await person(service, 'csm'), await person(service, 'csm')];
    const client = await consoleClient(service, csm);
    const page = await client.get(path);
    const version = hidden(page, `${path}/deputies`, 'version');
    const fields = { version, userId: deputy.id, from: '2026-04-10', to: '2026-04-06' };
    const refused = await client.submit(page, `${path}/deputies`, fields);
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('role="alert"');
    expect(refused.html).toContain('value="2026-04-10"');
  });

  test('are no matter of finance', async () => {
    const client = await consoleClient(service, await person(service, 'finance'));
    expect((await client.get(path)).text).not.toContain('Deputies');
  });
});

test('a form without the token of the session changes nothing', async () => {
  const csm = await person(service, 'csm');
  const client = await consoleClient(service, csm);
  const refused = await fetch(`${service.baseUrl}${path}/settings`, {
    method: 'POST',
    headers: { cookie: client.cookie, accept: 'text/html' },
    body: new URLSearchParams({ version: '1', locale: 'ja' }),
    redirect: 'manual',
  });
  expect(refused.status).toBe(403);
  expect((await csm.get('/v1/me')).body.locale).toBeNull();
});

test('the page is in Japanese, too', async () => {
  const csm = await person(service, 'csm', undefined, { locale: 'ja' });
  const { text } = await (await consoleClient(service, csm)).get(path);
  expect(text).toContain('APIトークン');
  expect(text).toContain('このブラウザー');
  expect(await admin.get('/v1/me')).toMatchObject({ status: 200 });
});
