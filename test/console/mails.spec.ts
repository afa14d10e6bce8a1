import { consoleClient, type ConsoleClient } from '../support/console.js';
import { MailServer } from '../support/mail-server.js';
import { person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The pages of the mails: who sees which, what to do about failures, hold and release.

let service: TestService;
let server: MailServer;
let contract: RenewingContract;
let admin: ConsoleClient;
let csm: ConsoleClient;

beforeAll(async () => {
  server = await MailServer.start();
  service = await startService({ clock: '2026-04-01T03:00:00Z', env: { SMTP_URL: server.url } });
  contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 2, locale: 'en' });
  server.behaviours.set(contract.contacts[1]!, {
    at: 'recipient',
    responseCode: 550,
    response: '5.1.1 <i>No such mailbox</i>',
  });
  await advance(service, '2026-12-31T03:00:00Z');
  admin = await consoleClient(service, await person(service, 'admin'));
  csm = await consoleClient(service, contract.csm);
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});

const failedId = async (): Promise<string> => {
  const { html } = await csm.get('/console/mails?outcome=failed');
  return /\/console\/mails\/([0-9a-f-]{36})"/.exec(html)![1]!;
};

test('failures come first, with the words of the server and what to do', async () => {
  const { status, text, html } = await csm.get('/console/mails');
  expect(status).toBe(200);
  expect(text).toMatch(
    /Needs you .*Renewal reminder, 90 days before the end .*550.*<i>No such mailbox<\/i>.*Check the address/,
  );
  expect(text.indexOf('Needs you')).toBeLessThan(text.indexOf('All mails, newest first'));
  expect(html).not.toContain('<i>No such');
});

test('the list is filtered by outcome, customer and day', async () => {
  const sent = await csm.get('/console/mails?outcome=sent');
  expect(sent.text).not.toContain('Needs you');
  expect(sent.text).not.toContain('Contact 2');
  expect(sent.text).toContain(contract.contacts[0]);
  expect((await csm.get(`/console/mails?customerId=${contract.customerId}`)).text).toContain('Mails about Aoi 1 Ltd.');
  expect((await csm.get('/console/mails?from=2027-01-01')).text).toContain('No mail matches.');
  expect((await csm.get('/console/mails?outcome=lost')).status).toBe(400);
});

test('another CSM sees nothing of it, and finance sees it without buttons', async () => {
  const other = await consoleClient(service, await person(service, 'csm'));
  expect((await other.get('/console/mails')).text).not.toContain(contract.contacts[0]);
  expect((await other.get(`/console/mails/${await failedId()}`)).status).toBe(404);
  const finance = await consoleClient(service, await person(service, 'finance'));
  const { text } = await finance.get('/console/mails');
  expect(text).toContain(contract.contacts[0]);
  expect(text).not.toContain('Send again');
  expect(text).not.toContain('Hold all mails');
});

test('a failed mail is sent again once, and then waits', async () => {
  const path = `/console/mails/${await failedId()}`;
  const page = await csm.get(path);
  expect(page.text).toContain('550');
  server.behaviours.clear();
  const done = await csm.submit(page, `${path}/resend`);
  expect([done.status, done.location]).toEqual([303, path]);
  expect((await csm.follow(done)).text).toContain('The mail to Contact 2 leaves again.');
  // The same form, sent twice, has one answer.
  expect((await csm.submit(page, `${path}/resend`)).status).toBe(303);
});

test('an administrator holds all mails and releases them; a CSM cannot', async () => {
  const page = await admin.get('/console/mails');
  const held = await admin.follow(await admin.submit(page, '/console/mails/hold'));
  expect(held.text).toContain('Mails are held An administrator holds them.');
  expect(held.text).not.toContain('Hold all mails');
  const seen = await csm.get('/console/mails');
  expect(seen.text).toContain('Mails are held');
  expect(seen.text).not.toContain('Release all mails');
  expect((await admin.get('/console/jobs')).text).toContain('Mails are held: no mail leaves until they are released.');
  const released = await admin.follow(await admin.submit(held, '/console/mails/release'));
  expect(released.text).toContain('The mails are released.');
  expect((await csm.get('/console/mails')).text).not.toContain('Mails are held');
});

test('in Japanese, the names of the kinds and states are Japanese', async () => {
  const reader = await consoleClient(service, await person(service, 'admin', undefined, { locale: 'ja' }));
  const { text } = await reader.get('/console/mails');
  expect(text).toContain('更新のご案内（終了90日前）');
  expect(text).toContain('送信済み');
});
