import fc from 'fast-check';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { api, type Answer, type HeadersGiven } from '../support/client.js';
import { advance, mailsOf, renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The term is 2026-04-01 to 2027-03-31. Its notice deadline, 2027-01-30, ends in Tokyo at 15:00Z.
const inTime = '2027-01-10T00:00:00Z';
const lockAt = '2027-01-30T15:00:00Z';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: inTime });
});
afterAll(() => service.stop());

interface ContractWithLink extends RenewingContract {
  termId: string;
  path: string;
}

type Wanted = NonNullable<Parameters<typeof renewingContract>[1]>;

async function contractWithLink(wanted: Wanted = {}): Promise<ContractWithLink> {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', ...wanted });
  const termId = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body.currentTerm.id as string;
  return { ...contract, termId, path: pathOf({ termId, address: contract.contacts[0]! }) };
}

const pathOf = (link: { termId: string; address: string }): string =>
  new URL(service.app.get(DeclineLinks).linkFor(link)).pathname;

const withoutToken = () => api(service.baseUrl);
const open = (path: string, headers: HeadersGiven = {}) =>
  withoutToken().get(path, { accept: 'text/html', 'user-agent': 'Mobile/1.0', ...headers });
const submit = (path: string, fields: Record<string, string>): Promise<Answer> =>
  withoutToken().send('POST', path, new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'Mobile/1.0',
    accept: 'text/html',
  });
const signedForm = { signedBy: '山田 太郎', note: '一行目\r\n二行目', authorised: 'yes' };
const withdrawal = { signedBy: '山田 花子', reason: '継続することにしました' };
const noticesOf = async ({ csm, id }: RenewingContract) =>
  (await csm.get(`/v1/subscriptions/${id}/non-renewal-notices`)).body.data;
const numberIn = ({ body }: Answer) => /<strong>([0-9a-f-]{36})<\/strong>/.exec(body as string)?.[1];

test('opening the page any number of times shows the facts and changes nothing', async () => {
  const contract = await contractWithLink();
  const before = await hashesOfTables();
  const page = await open(contract.path);
  for (const method of ['GET', 'HEAD', 'GET']) {
    const again = await withoutToken().send(method, contract.path, undefined, { accept: 'text/html' });
    expect([again.status, again.body]).toEqual([200, method === 'GET' ? page.body : undefined]);
  }
  expect((await open(`${contract.path}/withdrawal`)).body).toBe(page.body);
  expect(await hashesOfTables()).toEqual(before);
  for (const fact of [
    '<html lang="ja">',
    '株式会社あおい',
    'ベーシック',
    '2026年4月1日(水)～2027年3月31日(水)',
    '2027年1月30日(土) 24:00',
    'タイムゾーン：Asia/Tokyo、UTC+09:00',
    '付与時間 96 時間のうち 0 時間を使用済み',
    '2027年4月1日(木)より自動的に 1 年間更新されます',
    '山田 太郎1 様宛て',
    contract.id,
  ]) {
    expect(page.body).toContain(fact);
  }
});

test('a page loads the style sheet of the service, nothing else, and is not cached', async () => {
  const { headers, body } = await open((await contractWithLink()).path);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-language': 'ja',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex, nofollow',
    'x-content-type-options': 'nosniff',
  });
  expect(body).not.toMatch(/<script|<img|\son\w+=|style=|https?:/i);
  expect(body.match(/<link[^>]*>/g)).toEqual([
    expect.stringMatching(/^<link rel="stylesheet" href="\/assets\/[\w-]+\/trm\.css"\/>$/),
  ]);
});

test('the page leads a contact who can sign in to the console, and nobody else', async () => {
  const contract = await contractWithLink({ locale: 'en' });
  expect((await open(contract.path)).body).not.toContain('/console/');
  const { admin, customerId, contacts } = contract;
  const user = { name: 'Contact 1', email: contacts[0], role: 'customer', customerId };
  expect((await admin.post('/v1/users', user)).status).toBe(201);
  const { body } = await open(contract.path);
  expect(body).toContain(`/console/own?subscriptionId=${contract.id}">See your hours in the console</a>`);
});

test('the page is in the customer’s language, or in the one that the parameter lang names', async () => {
  const { path } = await contractWithLink({ locale: 'en' });
  expect((await open(path, { 'accept-language': 'ja' })).body).toContain('<html lang="en">');
  const ja = await open(`${path}?lang=ja`);
  expect(ja.body).toContain('<html lang="ja">');
  expect(ja.body).toContain(`href="${path}?lang=en"`);
  expect(ja.body).toContain(`action="${path}?lang=ja"`);
  for (const query of ['?lang=fr', '?lang=ja&lang=en', '?lang=']) {
    const page = await open(path + query);
    expect([query, page.status]).toEqual([query, 200]);
    expect(page.body).toContain('<html lang="en">');
  }
});

test('the page ignores parameters that mail programs and campaign tools add to the link', async () => {
  const contract = await contractWithLink({ locale: 'en' });
  const tracked =
    '?utm_source=mail&UTM_Medium=email&mc_eid=a1&_hsenc=p2&mkt_tok=M&gclid=1&fbclid=2&msclkid=3&trk_msg=4';
  const page = await open(contract.path + tracked);
  expect(page.status).toBe(200);
  expect(page.body).toContain(`action="${contract.path}?lang=en"`);
  const answer = await withoutToken().post(`${contract.path}?lang=en&utm_source=mail`, { signedBy: 'Ann Example' });
  expect([answer.status, (await noticesOf(contract)).length]).toEqual([200, 1]);
});

test('any other parameter is refused, and the error page links to the address without it', async () => {
  const contract = await contractWithLink({ locale: 'en' });
  for (const query of ['?dryRun=true', '?__proto__=1', '?lang[]=ja', '?%ff=1', '?utm_source=mail&x=1']) {
    const page = await open(contract.path + query);
    expect([query, page.status]).toEqual([query, 400]);
    expect(page.body).toContain(`<a href="${contract.path}">Open the page without the extra parameters</a>`);
    expect(page.body).toContain('余分なパラメーターを除いてページを開く');
    const refused = await withoutToken().post(contract.path + query, { signedBy: 'Ann Example' });
    expect([query, refused.status]).toEqual([query, 400]);
  }
  expect(await noticesOf(contract)).toEqual([]);
});

test('the signed form records a notice with the sender’s address and browser, and both parties get a confirmation', async () => {
  const contract = await contractWithLink();
  const receipt = await submit(contract.path, signedForm);
  expect(receipt.status).toBe(200);
  const [notice] = await noticesOf(contract);
  expect(notice).toMatchObject({
    party: 'customer',
    signedBy: '山田 太郎',
    channel: 'portal',
    note: '一行目\n二行目',
    receivedAt: '2027-01-10T00:00:00.000Z',
    recordedBy: null,
    givenByContact: { name: '山田 太郎1', email: contract.contacts[0] },
    effective: true,
    renewalState: 'declined',
  });
  expect(numberIn(receipt)).toBe(notice.id);
  expect(receipt.body).toContain('2027年1月10日(日) 09:00（タイムゾーン：Asia/Tokyo、UTC+09:00）');
  const [row] = await service.database.read((tx) =>
    tx.query('select link_address, link_user_agent, link_sha256 from non_renewal_notices where id = $1', [notice.id]),
  );
  expect(row).toEqual({
    link_address: '127.0.0.1',
    link_user_agent: 'Mobile/1.0',
    link_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  await advance(service, inTime);
  expect((await mailsOf(contract)).slice(-2)).toEqual(['notice-recorded customer sent', 'notice-recorded csm sent']);
});

test('a form that is sent several times, or after staff recorded a notice, shows the receipt of the one notice', async () => {
  const contract = await contractWithLink({ contacts: 2 });
  const other = pathOf({ termId: contract.termId, address: contract.contacts[1]!.toUpperCase() });
  const receipts = await Promise.all([contract.path, other, contract.path].map((path) => submit(path, signedForm)));
  const again = await submit(other, { ...signedForm, signedBy: 'Somebody else' });
  const numbersShown = new Set([...receipts, again, await open(contract.path)].map(numberIn));
  const notices = await noticesOf(contract);
  expect([...numbersShown]).toEqual([notices[0].id]);
  expect(notices).toHaveLength(1);
  expect(again.body).not.toContain('Somebody else');
  // An empty form shows the receipt too, because the notice exists.
  expect([numberIn(await submit(contract.path, {}))]).toEqual([...numbersShown]);

  const recorded = await contractWithLink();
  const letter = { party: 'customer', signedBy: '社長', channel: 'letter' };
  const { id } = (await recorded.csm.post(`/v1/subscriptions/${recorded.id}/non-renewal-notices`, letter)).body;
  const receipt = await submit(recorded.path, signedForm);
  expect([numberIn(receipt), (await noticesOf(recorded)).length]).toEqual([id, 1]);
  expect(receipt.body).toContain('書面（弊社にて記録）');
});

test('the contact withdraws the notice on the same page, and the renewal is open again', async () => {
  const contract = await contractWithLink();
  const first = numberIn(await submit(contract.path, signedForm))!;
  const withdrawn = await submit(`${contract.path}/withdrawal`, { ...withdrawal, noticeId: first });
  expect([withdrawn.status, numberIn(withdrawn)]).toEqual([200, undefined]);
  expect(withdrawn.body).toContain('山田 花子 様により撤回され');
  expect(await renewalStates(contract)).toEqual(['open']);
  const [notice] = await noticesOf(contract);
  expect(notice.withdrawal).toMatchObject({
    ...withdrawal,
    recordedBy: null,
    givenByContact: { email: contract.contacts[0] },
  });
  // The withdrawal form of the first notice does not withdraw the second one.
  const second = numberIn(await submit(contract.path, signedForm))!;
  const stale = await submit(`${contract.path}/withdrawal`, { ...withdrawal, noticeId: first });
  expect([second === first, numberIn(stale)]).toEqual([false, second]);
  await advance(service, inTime);
  expect((await mailsOf(contract)).filter((mail) => mail.startsWith('notice-withdrawn'))).toHaveLength(2);
});

test('a withdrawal that is sent three times at once is recorded once, and each answer confirms it', async () => {
  const contract = await contractWithLink();
  await submit(contract.path, signedForm);
  const answers = await Promise.all([1, 2, 3].map(() => submit(`${contract.path}/withdrawal`, withdrawal)));
  expect(answers.map(({ status, body }) => [status, body.includes('により撤回され')])).toEqual(
    answers.map(() => [200, true]),
  );
  await advance(service, inTime);
  expect((await mailsOf(contract)).filter((mail) => mail.startsWith('notice-withdrawn'))).toHaveLength(2);
});

test('the page shows errors beside their fields and keeps the typed values', async () => {
  const { path } = await contractWithLink({ locale: 'en' });
  const refused = await submit(path, { signedBy: 'a\u202eb', note: '"><b>' });
  expect(refused.status).toBe(400);
  expect(refused.body).toContain('Your full name must not contain the invisible character U+202E.');
  expect(refused.body).toContain('value="a\u202eb"');
  expect(refused.body).toContain('>&#34;>&lt;b></textarea>');
  expect(refused.body).toMatch(/aria-invalid="true"/);
  for (const fields of [
    {},
    { signedBy: ' ' },
    { signedBy: 'x'.repeat(201) },
    { signedBy: 'A', note: 'x'.repeat(2001) },
  ]) {
    expect((await submit(path, fields as Record<string, string>)).status).toBe(400);
  }
});

test('a malformed form body is refused without a server error', async () => {
  const contract = await contractWithLink({ locale: 'en' });
  const post = (body: string | undefined, headers: HeadersGiven) =>
    withoutToken().send('POST', contract.path, body, { accept: 'text/html', ...headers });
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const statuses = [
    await post(undefined, {}),
    await post('', form),
    await post('signedBy=a&signedBy=b', form),
    await post('signedBy=a%00b', form),
    await post('__proto__=1&constructor=2', form),
    await post('[]', json),
    await post('null', json),
    await post('{"signedBy": {"a": 1}}', json),
    await post('{', json),
    await post('x', { 'content-type': 'text/plain' }),
    await post('x', { 'content-type': 'multipart/form-data; boundary=x' }),
    await post(`signedBy=${'x'.repeat(1_100_000)}`, form),
  ];
  expect(statuses.map(({ status }) => status)).toEqual([...Array<number>(9).fill(400), 415, 415, 413]);
  for (const { headers } of statuses) expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await noticesOf(contract)).toEqual([]);
  const asJson = await withoutToken().post(contract.path, { signedBy: 'Ann Example' });
  expect([asJson.status, (await noticesOf(contract))[0].signedBy]).toEqual([200, 'Ann Example']);
  // Other routes still refuse forms.
  const elsewhere = await contract.csm.send('POST', '/v1/customers', 'name=x', form);
  expect([elsewhere.status, elsewhere.body.code]).toEqual([415, 'unsupported-media-type']);
});

test('a link that is forged, cut, or made by another service or for another person is not valid', async () => {
  const contract = await contractWithLink();
  const token = contract.path.split('/').at(-1)!;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
  const changed = fc
    .tuple(fc.nat(token.length - 1), fc.constantFrom(...letters))
    .map(([at, letter]) => token.slice(0, at) + letter + token.slice(at + 1));
  const mutations = fc
    .oneof(
      changed,
      fc.nat(token.length - 1).map((length) => token.slice(0, length)),
      fc.constantFrom(`${token}=`, `${token}A`, ` ${token}`, token.toLowerCase(), token.toUpperCase(), token + token),
      fc.string({ maxLength: 90 }),
    )
    .filter((text) => text !== token && !/^\.{0,2}$/.test(text));
  await fc.assert(
    fc.asyncProperty(mutations, async (mutation) => {
      const path = `/decline/${encodeURIComponent(mutation)}`;
      expect((await open(path)).status).toBe(404);
    }),
    { numRuns: 150 },
  );
  const invalidPaths = [
    pathOf({ termId: contract.id, address: contract.contacts[0]! }),
    pathOf({ termId: contract.termId, address: 'nobody@customer.example' }),
    pathOf({ termId: contract.termId, address: (await contractWithLink()).contacts[0]! }),
    contract.path.replace(
      token,
      new DeclineLinks({ ...service.config, secretKey: 'x'.repeat(32) })
        .linkFor({ termId: contract.termId, address: contract.contacts[0]! })
        .split('/')
        .at(-1)!,
    ),
    `${contract.path}/x`,
    `${contract.path}/`,
    '/decline/',
    '/decline',
    `/decline/${'x'.repeat(5000)}`,
  ];
  for (const path of invalidPaths) {
    for (const answer of [await open(path), await submit(path, signedForm)]) {
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'text/html; charset=utf-8',
      ]);
    }
  }
  const page = await open(invalidPaths[0]!);
  expect(page.body).toContain('This link is not valid');
  expect(page.body).toContain('このリンクは無効です');
  const asJson = await withoutToken().get(invalidPaths[0]!, { accept: 'application/json' });
  expect([asJson.status, asJson.body.code]).toEqual([404, 'link-not-valid']);
  expect((await open('/decline/%zz')).status).toBe(400);
  expect((await withoutToken().delete(contract.path)).status).toBe(405);
});

test('a link ignores capital letters in the address, and becomes invalid when its contact loses the renewal role', async () => {
  const contract = await contractWithLink();
  expect((await open(pathOf({ termId: contract.termId, address: contract.contacts[0]!.toUpperCase() }))).status).toBe(
    200,
  );
  const customer = `/v1/customers/${contract.customerId}`;
  const contacts = [{ name: 'Neu', email: contract.contacts[0], roles: ['billing'] }];
  const changed = await contract.admin.patch(customer, { contacts }, { 'if-match': '"1"' });
  expect(changed.status).toBe(200);
  expect((await open(contract.path)).status).toBe(404);
  expect((await submit(contract.path, signedForm)).status).toBe(404);
  expect(await noticesOf(contract)).toEqual([]);
});

test('the page shows HTML in names and notes as plain text', async () => {
  const markup = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{x}`;
  const { csm, admin, ...contract } = await contractWithLink({ locale: 'en' });
  const contacts = [{ name: markup, email: contract.contacts[0], roles: ['renewal'] }];
  await admin.patch(`/v1/customers/${contract.customerId}`, { name: markup, contacts }, { 'if-match': '"1"' });
  const pages = [
    await open(contract.path),
    await submit(contract.path, { signedBy: '', note: markup }),
    await submit(contract.path, { signedBy: markup, note: `${markup}\n</textarea>` }),
    await submit(`${contract.path}/withdrawal`, { signedBy: markup, reason: '' }),
    await submit(`${contract.path}/withdrawal`, { signedBy: markup, reason: markup }),
  ];
  expect(pages.map(({ status }) => status)).toEqual([200, 400, 200, 400, 200]);
  for (const { body } of pages) {
    expect(body).not.toMatch(/<script|<img|<\/textarea>\s*[^<\s]/i);
    expect(body).toContain('&lt;script>alert(1)&lt;/script>');
    expect(body).toContain('&amp;amp;{x}');
  }
});

test('an address that sends too many requests gets an error page with status 429', async () => {
  const { path } = await contractWithLink();
  const limited = await startService({
    clock: inTime,
    databaseUrl: service.databaseUrl,
    env: { RATE_LIMIT_PER_MINUTE: '20' },
  });
  try {
    const answers = [];
    for (let attempt = 0; attempt < 3; attempt++)
      answers.push(await api(limited.baseUrl).get(path, { accept: 'text/html' }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]!.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await limited.stop();
  }
});

// This test is the last one, because it advances the clock of all tests.
test('after the deadline, the page says so and stores one late notice, which has no effect', async () => {
  await advance(service, lockAt);
  const contract = await contractWithLink({ locale: 'en' });
  const page = await open(contract.path);
  expect(page.body).toContain('The last day for a notice has passed');
  const receipts = [await submit(contract.path, signedForm), await submit(contract.path, signedForm)];
  const notices = await noticesOf(contract);
  expect(notices).toMatchObject([{ effective: false, reason: 'late' }]);
  expect(receipts.map(numberIn)).toEqual([notices[0].id, notices[0].id]);
  expect(receipts[0]!.body).toContain('has no effect');
  expect(await renewalStates(contract)).not.toContain('declined');

  const declined = await contractWithLink({ locale: 'en' });
  const letter = {
    party: 'customer',
    signedBy: 'Ann',
    channel: 'letter',
    receivedAt: '2027-01-29T00:00:00Z',
  };
  const recorded = await declined.csm.post(`/v1/subscriptions/${declined.id}/non-renewal-notices`, letter);
  expect(recorded.body.renewalState).toBe('declined');
  const tooLate = await submit(`${declined.path}/withdrawal`, withdrawal);
  expect(tooLate.status).toBe(422);
  expect(tooLate.body).toMatch(/needs our agreement[^]*mailto:csm-\d+@trm\.example/);
  expect(await renewalStates(declined)).toEqual(['declined']);

  await advance(service, '2027-03-31T15:00:00Z');
  for (const { path } of [contract, declined]) {
    expect((await open(path)).status).toBe(404);
    expect((await submit(path, signedForm)).status).toBe(404);
  }
});

/** A hash of the rows of each table. */
async function hashesOfTables(): Promise<unknown> {
  return service.database.read(async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    );
    const rows: unknown[] = [];
    for (const { name } of tables) {
      rows.push(
        await tx.query(
          `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as rows from "${name}" t`,
        ),
      );
    }
    return rows;
  });
}
