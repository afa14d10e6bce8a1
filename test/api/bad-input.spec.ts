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
const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body.code];

test('an error is a problem document of RFC 9457, in the requested language', async () => {
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

test('an error names all faults of a body, but at most a hundred', async () => {
  const refused = await admin.post('/v1/customers', { name: '', locale: null, timeZone: [], 'a/b': 1, contacts: 5 });
  expect((refused.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(
    expect.arrayContaining(['/name', '/locale', '/timeZone', '/a~1b', '/contacts']),
  );
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`f${index}`, 1]));
  expect((await admin.post('/v1/customers', { ...acme, ...many })).body.errors).toHaveLength(100);
});

// prettier-ignore
test.each([
  ['broken JSON',               '{"name": ',                     'malformed-json'],
  ['text after the JSON',       '{} {}',                         'malformed-json'],
  ['NaN',                       '{"name": NaN}',                 'malformed-json'],
  ['a __proto__ field',         '{"__proto__": {"a": 1}}',       'malformed-json'],
  ['bytes that are not UTF-8',  Uint8Array.of(0x22, 0xff, 0x22), 'malformed-json'],
  ['an empty body',             '',                              'malformed-body'],
  ['null',                      'null',                          'malformed-body'],
  ['a list',                    '[]',                            'malformed-body'],
  ['a number',                  '1',                             'malformed-body'],
  ['lists nested 400,000 deep', '['.repeat(400_000) + ']'.repeat(400_000), 'malformed-body'],
])('the service refuses this body: %s', async (_, body, code) => {
  const refused = await admin.send('POST', '/v1/customers', body, json);
  expect(statusAndCode(refused)).toEqual([400, code]);
  expect(refused.body.errors).toMatchObject([{ pointer: '' }]);
});

test('a route without a body refuses any field, and accepts an empty object', async () => {
  const verify = '/v1/subscriptions/01981b2c-0000-7000-8000-000000000001/verify';
  const refused = await admin.post(verify, { force: true });
  expect([...statusAndCode(refused), refused.body.errors[0].pointer]).toEqual([400, 'malformed-body', '/force']);
  expect(statusAndCode(await admin.post(verify, {}))).toEqual([404, 'not-found']);
});

test('a deeply nested body with an idempotency key is refused', async () => {
  const body = `{"name": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const answer = await admin.send('POST', '/v1/customers', body, { ...json, 'idempotency-key': 'deep' });
  expect(statusAndCode(answer)).toEqual([400, 'malformed-body']);
  expect(answer.body.errors).toEqual([{ pointer: '', detail: 'must not be nested deeper than 32 levels' }]);
});

test.each([
  ['NUL', 'a\0b'],
  ['a control character', 'a\u001bb'],
  ['half a surrogate pair', 'a\ud800b'],
  ['a line break', 'a\nb'],
  ['a Unicode line separator', 'a\u2028b'],
  ['a tab', 'a\tb'],
  ['a right-to-left override', 'a\u202eb'],
  ['a left-to-right isolate', 'a\u2066b'],
  ['a right-to-left mark', 'a\u200fb'],
  ['a zero-width space', 'a\u200bb'],
  ['a byte order mark', '\ufeffa'],
  ['an invisible letter', 'a\u3164'],
  ['a tag character', 'a\u{e0041}b'],
  ['a noncharacter', 'a\uffffb'],
  ['a million characters', 'x'.repeat(1_000_000)],
  ['201 characters', 'x'.repeat(201)],
  ['a number', 1],
  ['a boolean', true],
  ['an object', {}],
  ['null', null],
])('the service refuses this name: %s', async (_, name) => {
  const refused = await admin.post('/v1/customers', { ...acme, name });
  expect([...statusAndCode(refused), refused.body.errors[0].pointer]).toEqual([400, 'malformed-body', '/name']);
});

test('the refusal names an invisible character, and asks for a name on one line', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, name: 'Acme\u202eemca' });
  expect(refused.body.errors).toEqual([
    { pointer: '/name', detail: 'must not contain the invisible character U+202E' },
  ]);
  const twoLines = await admin.post('/v1/customers', { ...acme, name: 'Acme\nBcc: x' }, { 'accept-language': 'ja' });
  expect(twoLines.body.errors).toEqual([{ pointer: '/name', detail: '改行を含めずに指定してください' }]);
});

test.each([
  ['200 characters outside the basic plane of Unicode', '𠮷'.repeat(200)],
  ['quotes, brackets and commas', `O'Brien & "Söhne" <GmbH>, Abt. (7)`],
  ['a variation selector', '葛\u{e0100}城市'],
  ['characters with a zero-width joiner', '\u0915\u094d\u200d\u0937 👩\u200d💻'],
  ['right-to-left text', 'שלום'],
  ['a private-use character', '\ue000商店'],
  ['an ideographic space', '山田\u3000太郎'],
])('a name may contain %s', async (_, name) => {
  const entered = await admin.post('/v1/customers', { ...acme, name });
  expect([entered.status, entered.body.name]).toEqual([201, name]);
});

test('a body of more than a megabyte is refused', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, name: 'x'.repeat(1_100_000) });
  expect(statusAndCode(refused)).toEqual([413, 'payload-too-large']);
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'x',
])('a body of the content type %s is refused', async (type) => {
  const refused = await admin.send('POST', '/v1/customers', JSON.stringify(acme), { 'content-type': type });
  expect(statusAndCode(refused)).toEqual([415, 'unsupported-media-type']);
});

test('a body without a content type is refused', async () => {
  const answer = await admin.send('POST', '/v1/customers', new TextEncoder().encode(JSON.stringify(acme)));
  expect(statusAndCode(answer)).toEqual([415, 'unsupported-media-type']);
});

test.each([
  ['/v1/customers', 'application/json'],
  ['/v1/time-entries/import', 'text/csv'],
  ['/decline/nothing', 'application/x-www-form-urlencoded, application/json'],
])('%s names the content types that it accepts: %s', async (path, types) => {
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
  ['/v1/customers?cursor=%00', 400, 'invalid-query'],
  ['/v1/customers?limit=1&limit=2', 400, 'invalid-query'],
  ['/v1/customers?unknown=1', 400, 'invalid-query'],
  ['/v1/customers?__proto__=1', 400, 'invalid-query'],
  ['/v1/nothing', 404, 'not-found'],
])('GET %s answers %i with the problem %s', async (path, status, code) => {
  const answer = await admin.get(path);
  expect(statusAndCode(answer)).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
});

test('an id of 5,000 characters is not found', async () => {
  const answer = await admin.get(`/v1/customers/${'x'.repeat(5000)}`);
  expect(statusAndCode(answer)).toEqual([404, 'not-found']);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
});

test('a path of 20,000 characters is refused, because the head of the request is too large', async () => {
  const answer = await admin.get(`/v1/customers/${'x'.repeat(20_000)}`);
  expect(statusAndCode(answer)).toEqual([431, 'headers-too-large']);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
});

test('a route refuses a method that it does not accept, and names the accepted methods', async () => {
  const refused = await admin.delete('/v1/customers');
  expect(statusAndCode(refused)).toEqual([405, 'method-not-allowed']);
  expect(refused.headers.get('allow')).toBe('GET, HEAD, POST');
  expect(refused.body.detail).toBe('This address does not accept this method. Accepted methods: GET, HEAD, POST.');
  expect((await admin.put('/v1/customers/1', {})).headers.get('allow')).toBe('GET, HEAD, PATCH');
  // With a slash at the end it is another path, which does not exist.
  expect(statusAndCode(await admin.get('/v1/customers/'))).toEqual([404, 'not-found']);
});

test('an id in capital letters names the same customer', async () => {
  const { body } = await admin.post('/v1/customers', acme);
  expect((await admin.get(`/v1/customers/${body.id.toUpperCase()}`)).body).toEqual(body);
});

test('bytes that are not HTTP get an error, and the connection is closed', async () => {
  const { port } = new URL(service.baseUrl);
  const answerTo = (bytes: string) =>
    new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
      socket.on('data', (data) => (received += data.toString()));
      socket.on('close', () => resolve(received));
      socket.on('error', () => resolve(received));
    });
  expect(await answerTo('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  const tooLong = `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`;
  expect(await answerTo(tooLong)).toMatch(/^HTTP\/1.1 4\d\d /);
  const rawBytes = 'GET /v1/customers/\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  expect(await answerTo(rawBytes)).toMatch(/^HTTP\/1.1 4\d\d /);
});

test('a refused request writes nothing', async () => {
  const refused = await admin.post('/v1/customers', { ...acme, name: 'Not written', country: 'XX' });
  expect(refused.status).toBe(400);
  const { data } = (await admin.get('/v1/customers?limit=200')).body as { data: { name: string }[] };
  expect(data.map(({ name }) => name)).not.toContain('Not written');
});
