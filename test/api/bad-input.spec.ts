import { connect } from 'node:net';
import { api, type Answer, type Api } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

const json = { 'content-type': 'application/json' };
const acme = { name: 'Acme', locale: 'en', timeZone: 'Europe/Berlin' };
const said = ({ status, body }: Answer): unknown[] => [status, body.code];

test('a problem is a problem of RFC 9457, in the reader’s language', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, locale: 7 });
  expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(refused.headers.get('content-language')).toBe('en');
  expect(refused.body).toEqual({
    type: '/problems/malformed-body',
    code: 'malformed-body',
    title: 'Malformed body',
    status: 400,
    detail: 'The request body has missing, unknown or invalid fields; see errors.',
    instance: '/v1/customers',
    errors: [{ pointer: '/locale', detail: 'must be one of: en, ja' }],
  });
  const ja = await admin.post('/v1/customers', { ...acme, locale: 7 }, { 'accept-language': 'ja-JP, en;q=0.5' });
  expect(ja.headers.get('content-language')).toBe('ja');
  expect(ja.body.errors[0].detail).toBe('次のいずれかを指定してください：en, ja');
});

test('all faults are named at once, but not more than a hundred', async () => {
  const refused = await admin.post('/v1/customers', { name: '', locale: null, timeZone: [], 'a/b': 1, contacts: 5 });
  expect((refused.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(
    expect.arrayContaining(['/name', '/locale', '/timeZone', '/a~1b', '/contacts']),
  );
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`f${index}`, 1]));
  expect((await admin.post('/v1/customers', { ...acme, ...many })).body.errors).toHaveLength(100);
});

// prettier-ignore
test.each([
  ['broken JSON',            '{"name": ',                     'malformed-json'],
  ['text after the JSON',    '{} {}',                         'malformed-json'],
  ['NaN',                    '{"name": NaN}',                 'malformed-json'],
  ['a poisoned prototype',   '{"__proto__": {"a": 1}}',       'malformed-json'],
  ['no UTF-8',               Uint8Array.of(0x22, 0xff, 0x22), 'malformed-json'],
  ['nothing',                '',                              'malformed-body'],
  ['null',                   'null',                          'malformed-body'],
  ['a list',                 '[]',                            'malformed-body'],
  ['a number',               '1',                             'malformed-body'],
  ['a hole 400,000 deep',    '['.repeat(400_000) + ']'.repeat(400_000), 'malformed-body'],
])('a body of %s', async (_, body, code) => {
  const refused = await admin.send('POST', '/v1/customers', body, json);
  expect(said(refused)).toEqual([400, code]);
  expect(refused.body.errors).toMatchObject([{ pointer: '' }]);
});

test('an address that takes no body knows no field', async () => {
  const verify = '/v1/subscriptions/01981b2c-0000-7000-8000-000000000001/verify';
  const refused = await admin.post(verify, { force: true });
  expect([...said(refused), refused.body.errors[0].pointer]).toEqual([400, 'malformed-body', '/force']);
  expect(said(await admin.post(verify, {}))).toEqual([404, 'not-found']);
});

test('a deep body with a key is refused too', async () => {
  const body = `{"name": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const answer = await admin.send('POST', '/v1/customers', body, { ...json, 'idempotency-key': 'deep' });
  expect(said(answer)).toEqual([400, 'malformed-body']);
  expect(answer.body.errors).toEqual([{ pointer: '', detail: 'must not be nested deeper than 32 levels' }]);
});

test.each([
  ['NUL', 'a\0b'],
  ['a control character', 'a\u001bb'],
  ['half a surrogate pair', 'a\ud800b'],
  ['two lines', 'a\nb'],
  ['two lines of Unicode', 'a\u2028b'],
  ['a tab', 'a\tb'],
  ['a mark that turns what follows', 'a\u202eb'],
  ['a mark that isolates', 'a\u2066b'],
  ['a mark of direction', 'a\u200fb'],
  ['a space of no width', 'a\u200bb'],
  ['a byte order mark', '\ufeffa'],
  ['a letter that is not seen', 'a\u3164'],
  ['a tag', 'a\u{e0041}b'],
  ['no character', 'a\uffffb'],
  ['a megabyte', 'x'.repeat(1_000_000)],
  ['201 characters', 'x'.repeat(201)],
  ['a number', 1],
  ['a boolean', true],
  ['an object', {}],
  ['null', null],
])('a name of %s', async (_, name) => {
  const refused = await admin.post('/v1/customers', { ...acme, name });
  expect([...said(refused), refused.body.errors[0].pointer]).toEqual([400, 'malformed-body', '/name']);
});

test('the character that cannot be seen is named', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, name: 'Acme\u202eemca' });
  expect(refused.body.errors).toEqual([
    { pointer: '/name', detail: 'must not contain the invisible character U+202E' },
  ]);
  const lines = await admin.post('/v1/customers', { ...acme, name: 'Acme\nBcc: x' }, { 'accept-language': 'ja' });
  expect(lines.body.errors).toEqual([{ pointer: '/name', detail: '改行を含めずに指定してください' }]);
});

test.each([
  ['200 characters beyond the basic plane', '𠮷'.repeat(200)],
  ['quotes, brackets and commas', `O'Brien & "Söhne" <GmbH>, Abt. (7)`],
  ['a chosen variant of a character', '葛\u{e0100}城市'],
  ['joined characters', '\u0915\u094d\u200d\u0937 👩\u200d💻'],
  ['a script from right to left', 'שלום'],
  ['a character of one’s own', '\ue000商店'],
  ['a wide space', '山田\u3000太郎'],
])('a name may have %s', async (_, name) => {
  const entered = await admin.post('/v1/customers', { ...acme, name });
  expect([entered.status, entered.body.name]).toEqual([201, name]);
});

test('a body of more than a megabyte', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, name: 'x'.repeat(1_100_000) });
  expect(said(refused)).toEqual([413, 'payload-too-large']);
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'x',
])('a body of type %s', async (type) => {
  const refused = await admin.send('POST', '/v1/customers', JSON.stringify(acme), { 'content-type': type });
  expect(said(refused)).toEqual([415, 'unsupported-media-type']);
});

test('a body without a type', async () => {
  const answer = await admin.send('POST', '/v1/customers', new TextEncoder().encode(JSON.stringify(acme)));
  expect(said(answer)).toEqual([415, 'unsupported-media-type']);
});

test.each([
  ['/v1/customers', 'application/json'],
  ['/v1/time-entries/import', 'text/csv'],
  ['/decline/nothing', 'application/x-www-form-urlencoded, application/json'],
])('%s names the types that it takes: %s', async (path, types) => {
  for (const language of ['en', 'ja']) {
    const headers = { 'content-type': 'text/plain', accept: 'application/json', 'accept-language': language };
    const refused = await admin.send('POST', path, 'x', headers);
    expect([refused.status, refused.headers.get('accept')]).toEqual([415, types]);
    expect(refused.body.detail).toContain(types);
  }
});

test.each([
  ['/v1/customers/%zz', 400, 'malformed-request'],
  ['/v1/customers/%00', 404, 'not-found'],
  ['/v1/customers/%ff', 400, 'malformed-request'],
  ['/v1/customers/1', 404, 'not-found'],
  ['/v1/customers/01981b2c-0000-7000-8000-000000000001', 404, 'not-found'],
  [`/v1/customers/${'x'.repeat(5000)}`, 404, 'not-found'],
  ['/v1/customers?cursor=%00', 400, 'invalid-query'],
  ['/v1/customers?limit=1&limit=2', 400, 'invalid-query'],
  ['/v1/customers?unknown=1', 400, 'invalid-query'],
  ['/v1/customers?__proto__=1', 400, 'invalid-query'],
  ['/v1/nothing', 404, 'not-found'],
  ['/', 404, 'not-found'],
])('GET %.40s', async (path, status, code) => {
  const answer = await admin.get(path);
  expect(said(answer)).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
});

test('an address longer than what is read of a request', async () => {
  const answer = await admin.get(`/v1/customers/${'x'.repeat(20_000)}`);
  expect(said(answer)).toEqual([431, 'headers-too-large']);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
});

test('a method that an address does not take', async () => {
  const refused = await admin.delete('/v1/customers');
  expect(said(refused)).toEqual([405, 'method-not-allowed']);
  expect(refused.headers.get('allow')).toBe('GET, HEAD, POST');
  expect(refused.body.detail).toBe('This address does not accept this method. Accepted methods: GET, HEAD, POST.');
  expect((await admin.put('/v1/customers/1', {})).headers.get('allow')).toBe('GET, HEAD, PATCH');
  // Not so where it takes the method and is written wrongly.
  expect(said(await admin.get('/v1/customers/'))).toEqual([404, 'not-found']);
});

test('an id in capitals is the same id', async () => {
  const { body } = await admin.post('/v1/customers', acme);
  expect((await admin.get(`/v1/customers/${body.id.toUpperCase()}`)).body).toEqual(body);
});

test('what is no HTTP at all is answered and cut off', async () => {
  const { port } = new URL(service.baseUrl);
  const speak = (bytes: string) =>
    new Promise<string>((resolve) => {
      let heard = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
      socket.on('data', (data) => (heard += data.toString()));
      socket.on('close', () => resolve(heard));
      socket.on('error', () => resolve(heard));
    });
  expect(await speak('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  const tooLong = `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`;
  expect(await speak(tooLong)).toMatch(/^HTTP\/1.1 4\d\d /);
  const rawBytes = 'GET /v1/customers/\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  expect(await speak(rawBytes)).toMatch(/^HTTP\/1.1 4\d\d /);
});

test('nothing was written by what was refused', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, name: 'Not written', country: 'XX' });
  expect(refused.status).toBe(400);
  const { data } = (await admin.get('/v1/customers?limit=200')).body as { data: { name: string }[] };
  expect(data.map(({ name }) => name)).not.toContain('Not written');
});
