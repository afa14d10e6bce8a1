import { consoleClient, type ConsoleClient } from '../support/console.js';
import { api, type Json } from '../support/client.js';
import { person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// What a customer reads and does in the console. The last day for a notice of 2026-04-01…2027-03-31 is 2027-01-30.

let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-12-31T03:00:00Z' });
});
afterEach(() => service.stop());

const contractOf = (more: Parameters<typeof renewingContract>[1] = {}) =>
  renewingContract(service, { startsOn: '2026-04-01', locale: 'en', package: 'premier', ...more });

const inEnglish = { 'accept-language': 'en' };

/** Books work of one consultant on one product line, on these days. */
async function work({ id, csm }: RenewingContract, days: Readonly<Record<string, number>>): Promise<string[]> {
  const admin = api(service.baseUrl, service.adminToken);
  const line = (await admin.post('/v1/product-lines', { code: `DB-${id}`, name: 'Database <b>' })).body;
  const suzuki = { name: 'Ichiro Suzuki', email: `${id}@vendor.example` };
  const consultant = (await admin.post('/v1/consultants', suzuki)).body;
  const path = `/v1/subscriptions/${id}`;
  const match = async (of: string) => ({ 'if-match': (await csm.get(of)).headers.get('etag')! });
  const lines = { effectiveOn: '2026-04-01', productLineIds: [line.id] };
  expect((await csm.put(`${path}/product-lines`, lines, await match(path))).status).toBe(200);
  const pair = { consultantId: consultant.id, productLineId: line.id };
  const allocations = { allocations: [{ ...pair, minutes: 6_000 }] };
  expect((await csm.put(`${path}/allocations`, allocations, await match(`${path}/allocations`))).status).toBe(200);
  const entries: string[] = [];
  for (const [workDate, minutes] of Object.entries(days)) {
    const { status, body } = await csm.post(`${path}/time-entries`, {
      ...pair,
      workDate,
      minutes,
      activity: 'health-check',
      delivery: 'remote',
      summary: `Review <i>of ${workDate}</i>`,
    });
    expect(status).toBe(201);
    entries.push(body.entry.id as string);
  }
  return entries;
}

const customerOf = (contract: RenewingContract): Promise<ConsoleClient> => consoleClient(service, contract.customer);

test('the home says what is left, what will expire, and what follows without a notice', async () => {
  const contract = await contractOf();
  await work(contract, { '2026-12-01': 1_230, '2026-12-10': 600 });
  const { text, status } = await (await customerOf(contract)).get('/console/own', inEnglish);
  expect(status).toBe(200);
  // 1,830 minutes of 90 days continue for the 90 days to 31 March.
  expect(text).toContain('161 h 30 left until 31 March 2027; at this pace 131 h will expire.');
  expect(text).toContain('30 January 2027 in 30 days');
  expect(text).toContain('The subscription renews for another year on 1 April 2027, as Premier with 192 h.');
});

test('the home is in Japanese for a reader of Japanese', async () => {
  const contract = await contractOf({ locale: 'ja' });
  await work(contract, { '2026-12-01': 1_230, '2026-12-10': 600 });
  const { text } = await (await customerOf(contract)).get('/console/own', { 'accept-language': 'ja' });
  expect(text).toContain('残り 161時間30分 （2027年3月31日まで）。現在のペースでは、131時間が失効する見込みです。');
  expect(text).toContain('30日後');
});

test.each(['', '/entries', '/statements', '/seats', '/mails', '/notice'])(
  '/console/own%s says why hours do not carry over',
  async (path) => {
    const reader = await customerOf(await contractOf());
    const { status, text } = await reader.get(`/console/own${path}`, inEnglish);
    expect(status).toBe(200);
    expect(text).toContain('Why hours do not carry over: each term of twelve months comes with its own hours');
  },
);

test('a customer with several subscriptions chooses one; a notice is never about one that was not chosen', async () => {
  const contract = await contractOf();
  const { customerId, csm } = contract;
  const second = await csm.post('/v1/subscriptions', { customerId, package: 'basic', startsOn: '2026-10-01' });
  const reader = await customerOf(contract);
  const home = await reader.get('/console/own', inEnglish);
  expect(home.text).toContain('192 h left until 31 March 2027');
  expect(home.text).toContain('96 h left until 30 September 2027');
  const choice = await reader.get('/console/own/notice', inEnglish);
  expect(choice.text).toContain('Which subscription is it about?');
  expect(choice.html).not.toContain('name="signedBy"');
  const chosen = await reader.get(`/console/own/notice?subscriptionId=${second.body.id}`, inEnglish);
  expect(chosen.text).toContain('when its term ends on 30 September 2027');
});

test('the totals of the months follow the choice, and taken-back entries do not count', async () => {
  const contract = await contractOf();
  const [first] = await work(contract, { '2026-10-05': 90, '2026-12-01': 60, '2026-12-10': 30 });
  const reason = 'Wrong customer, says Mika';
  await contract.csm.post(`/v1/time-entries/${first}/reversal`, { reason, customerNote: 'Booked twice' });
  const reader = await customerOf(contract);
  const { text, html } = await reader.get('/console/own/entries', inEnglish);
  expect(text).toContain('December 2026 2 entries 1 h 30 Total 2 entries 1 h 30');
  expect(text).toContain(
    'Tue 1 Dec 1 h Review <i>of 2026-12-01</i> Ichiro Suzuki · Database <b> · Health check · Remote',
  );
  expect(html).not.toContain('<i>');
  const october = await reader.get('/console/own/entries?month=2026-10', inEnglish);
  expect(october.text).toContain('Taken back: Booked twice');
  expect(october.text).not.toContain(reason);
  const onsite = await reader.get('/console/own/entries?delivery=onsite', inEnglish);
  expect(onsite.text).toContain('No work of this term matches the choice.');
});

test('a customer downloads the statement of a term and the usage of a span', async () => {
  const contract = await contractOf();
  await work(contract, { '2026-12-01': 60 });
  const reader = await customerOf(contract);
  const { html } = await reader.get('/console/own/statements', inEnglish);
  const [file] = /\/console\/own\/statements\/[^/]+\/file\?language=en/.exec(html)!;
  const pdf = await reader.get(file);
  expect([pdf.status, pdf.headers.get('content-type'), pdf.html.slice(0, 5)]).toEqual([
    200,
    'application/pdf',
    '%PDF-',
  ]);
  const csv = await reader.get('/console/own/statements/usage?from=2026-12-01&to=2026-12-31&format=csv', inEnglish);
  expect(csv.status).toBe(200);
  expect(csv.html).toContain('Review <i>of 2026-12-01</i>');
  const other = await customerOf(await contractOf());
  expect((await other.get(file)).status).toBe(404);
});

test('a customer assigns a seat and releases it', async () => {
  const reader = await customerOf(await contractOf());
  const page = await reader.get('/console/own/seats', inEnglish);
  const action = /action="(\/console\/own\/seats\?[^"]*)"/.exec(page.html)![1]!;
  const learner = { learnerName: 'Emily <Carter>', learnerEmail: 'emily@customer.example' };
  const refused = await reader.submit(page, action, { ...learner, learnerEmail: 'emily' });
  expect(refused.status).toBe(400);
  expect(refused.html).toContain('value="Emily &lt;Carter');
  const assigned = await reader.follow(await reader.submit(page, action, learner));
  expect(assigned.text).toContain('1 of 2 seats in use');
  // A double click sends the same key: no second seat, and the same page.
  expect((await reader.submit(page, action, learner)).status).toBe(303);
  const again = await reader.get('/console/own/seats');
  const twice = await reader.submit(again, action, learner);
  expect(twice.status).toBe(422);
  const release = /action="(\/console\/own\/seats\/[^"]*\/release)"/.exec(again.html)![1]!;
  const released = await reader.follow(await reader.submit(again, release));
  expect(released.text).toContain('0 of 2 seats in use');
  expect(released.text).toContain('The seat of Emily <Carter> is free again.');
});

test('a customer gives a notice once, gets a receipt, and takes it back', async () => {
  const contract = await contractOf();
  const reader = await customerOf(contract);
  const page = await reader.get('/console/own/notice', inEnglish);
  const action = `/console/own/notice/${contract.id}`;
  const signed = { signedBy: 'Emily Carter', note: 'We move on.', authorised: 'true' };
  const unsigned = await reader.submit(page, action, { ...signed, signedBy: ' ', note: 'Kept' });
  expect(unsigned.status).toBe(400);
  expect(unsigned.html).toContain('>Kept</textarea>');
  const unauthorised = await reader.submit(page, action, { signedBy: 'Emily Carter' });
  expect(unauthorised.status).toBe(400);

  const given = await reader.submit(page, action, signed);
  expect([given.status, given.location]).toEqual([303, `/console/own/notice?subscriptionId=${contract.id}`]);
  expect((await reader.submit(page, action, signed)).status).toBe(303);
  const { body } = await contract.csm.get(`/v1/subscriptions/${contract.id}/non-renewal-notices`);
  const [notice] = body.data as Json[];
  expect(body.data).toHaveLength(1);
  expect(notice).toMatchObject({ party: 'customer', channel: 'portal', signedBy: 'Emily Carter', effective: true });
  const receipt = await reader.follow(given);
  expect(receipt.text).toContain(notice.id);
  expect(receipt.text).toContain('your account');
  expect((await reader.get('/console/own', inEnglish)).text).toContain(
    'The subscription ends at the end of 31 March 2027.',
  );

  const withdrawal = `${action}/withdrawal`;
  const why = { noticeId: notice.id as string, signedBy: 'Emily Carter', reason: 'We stay.' };
  const withdrawn = await reader.follow(await reader.submit(receipt, withdrawal, why));
  expect(withdrawn.text).toContain('was withdrawn by Emily Carter');
  expect(withdrawn.html).toContain(`action="${action}"`);
});

test('after the last day the page explains that a notice is late, and records it without effect', async () => {
  const contract = await contractOf();
  await advance(service, '2027-02-10T03:00:00Z');
  const reader = await customerOf(contract);
  const page = await reader.get('/console/own/notice', inEnglish);
  expect(page.text).toContain('The last day for a notice has passed');
  expect(page.text).toContain('it has no effect unless both sides agree to accept it');
  const signed = { signedBy: 'Emily Carter', authorised: 'true' };
  const late = await reader.follow(await reader.submit(page, `/console/own/notice/${contract.id}`, signed));
  expect(late.text).toContain('Your notice was received after the last day');
});

test('a customer sees nothing of another customer, and staff have other pages', async () => {
  const [mine, other] = [await contractOf(), await contractOf()];
  const reader = await customerOf(mine);
  for (const path of ['', '/entries', '/statements', '/seats', '/notice']) {
    expect((await reader.get(`/console/own${path}?subscriptionId=${other.id}`)).status).toBe(404);
  }
  const page = await reader.get('/console/own/notice');
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.html)![1]!;
  const body = new URLSearchParams({ csrf, key: 'k', signedBy: 'X', authorised: 'true' });
  const headers = { cookie: reader.cookie };
  const foreign = await fetch(`${service.baseUrl}/console/own/notice/${other.id}`, { method: 'POST', body, headers });
  expect(foreign.status).toBe(404);
  for (const path of ['/console/renewals', '/console/today']) {
    expect([403, 404]).toContain((await reader.get(path)).status);
  }
  for (const role of ['csm', 'admin', 'finance'] as const) {
    const staff = await consoleClient(service, await person(service, role));
    expect((await staff.get('/console/own')).status).toBe(403);
  }
});

test('a form without the token of the session is refused', async () => {
  const contract = await contractOf();
  const { cookie } = await customerOf(contract);
  const body = new URLSearchParams({ signedBy: 'X', authorised: 'true' });
  const init = { method: 'POST', body, headers: { cookie } };
  expect((await fetch(`${service.baseUrl}/console/own/notice/${contract.id}`, init)).status).toBe(403);
  const { data } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/non-renewal-notices`)).body;
  expect(data).toEqual([]);
});

test('a customer without a subscription reads what to do', async () => {
  const { csm } = await contractOf();
  const customer = { name: 'New Ltd.', locale: 'en', timeZone: 'Europe/London', contacts: [] };
  const { id } = (await csm.post('/v1/customers', customer)).body;
  const reader = await consoleClient(service, await person(service, 'customer', id as string));
  const { status, text } = await reader.get('/console/own', inEnglish);
  expect([status, text.includes('Your company has no TRM subscription at present.')]).toEqual([200, true]);
});
