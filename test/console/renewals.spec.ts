import { Logger } from '@nestjs/common';
import { consoleClient, type Page } from '../support/console.js';
import { MailServer } from '../support/mail-server.js';
import { person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The renewals of a portfolio. The last day for a notice of 2026-04-01…2027-03-31 is 2027-01-30.

let server: MailServer;
let service: TestService;

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await MailServer.start();
});
afterAll(() => server.stop());

beforeEach(async () => {
  server.behaviours.clear();
  service = await startService({ clock: '2026-12-20T03:00:00Z', env: { SMTP_URL: server.url } });
});
afterEach(() => service.stop());

const contractOf = (startsOn: string) => renewingContract(service, { startsOn, locale: 'en', package: 'premier' });

const inEnglish = { 'accept-language': 'en' };

/** The customers in each column of the board. */
function columnsOf({ html }: Page): Record<string, number> {
  const columns = [...html.matchAll(/<section class="column (\w+)"[^>]*>([\s\S]*?)<\/section>/g)];
  return Object.fromEntries(
    columns.map(([, name, cards]) => [name, cards!.match(/class="renewal-card"/g)?.length ?? 0]),
  );
}

const notice = ({ id, csm }: RenewingContract) =>
  csm.post(`/v1/subscriptions/${id}/non-renewal-notices`, { party: 'customer', signedBy: 'A', channel: 'letter' });

test('the contract alone decides in which column a renewal stands', async () => {
  const contract = await contractOf('2026-04-01');
  const admin = await person(service, 'admin');
  // A session ends after weeks without a request.
  const board = async () => (await consoleClient(service, admin)).get('/console/renewals', inEnglish);
  const columns = async () => columnsOf(await board());
  const alone = { far: 0, near: 0, locked: 0, declined: 0, over: 0 };
  expect(await columns()).toEqual({ ...alone, far: 1 });
  await advance(service, '2027-01-10T03:00:00Z');
  expect(await columns()).toEqual({ ...alone, near: 1 });
  await advance(service, '2027-02-01T03:00:00Z');
  expect(await columns()).toEqual({ ...alone, locked: 1 });
  const declined = await contractOf('2026-06-01');
  await notice(declined);
  await advance(service, '2027-04-02T03:00:00Z');
  // The renewed term is over, and the next one is open.
  expect(await columns()).toEqual({ ...alone, far: 1, declined: 1, over: 1 });
  expect((await board()).text).toContain('Ended 31 March 2027 2 days ago 192 h expired');
  expect(contract.id).not.toBe(declined.id);
});

test('a CSM sees the own portfolio with its deadlines, and finance sees everything without verbs', async () => {
  const [mine, other] = [await contractOf('2026-04-01'), await contractOf('2026-04-01')];
  const reader = await consoleClient(service, mine.csm);
  const page = await reader.get('/console/renewals', inEnglish);
  expect(page.html).toContain(`id="renewal-${mine.id}"`);
  expect(page.html).not.toContain(`id="renewal-${other.id}"`);
  expect(page.text).toContain('Deadline 30 January 2027 in 41 days 192 h left 192 h will expire No outlook');
  expect(page.html).toContain(`href="/console/notices/new?subscription=${mine.id}"`);
  const link = `/console/notices/new?subscription=${mine.id}`;
  expect((await reader.get(link)).status).toBe(200);
  const finance = await consoleClient(service, await person(service, 'finance'));
  const all = await finance.get('/console/renewals', inEnglish);
  expect(all.html).toContain(`id="renewal-${mine.id}"`);
  expect(all.html).toContain(`id="renewal-${other.id}"`);
  expect(all.html).not.toContain('class="verbs"');
  expect(all.html).not.toContain('/console/notices/new');
  const customer = await consoleClient(service, mine.customer);
  expect((await customer.get('/console/renewals')).status).toBe(403);
});

test('an address keeps the view and the filter', async () => {
  const [april, june] = [await contractOf('2026-04-01'), await contractOf('2026-06-01')];
  const admin = await consoleClient(service, await person(service, 'admin'));
  const shown = async (query: string) => {
    const { html, status } = await admin.get(`/console/renewals?${query}`, inEnglish);
    expect(status).toBe(200);
    return [april, june].map(({ id }) => html.includes(`id="renewal-${id}"`));
  };
  expect(await shown('view=timeline')).toEqual([true, true]);
  expect(await shown('view=timeline&month=2027-01')).toEqual([true, false]);
  expect(await shown('month=2027-04')).toEqual([false, true]);
  expect(await shown(`view=timeline&csmId=${june.csm.id}`)).toEqual([false, true]);
  expect(await shown(`csmId=${june.csm.id}`)).toEqual([false, true]);
  await june.csm.put(`/v1/subscriptions/${june.id}/outlook`, { expectation: 'leaves' }, { 'if-match': '"0"' });
  expect(await shown('outlook=leaves')).toEqual([false, true]);
  expect(await shown('view=timeline&outlook=none')).toEqual([true, false]);
  expect(await shown('column=far')).toEqual([true, true]);
  expect((await admin.get('/console/renewals?month=soon')).status).toBe(400);
});

test('a CSM states the outlook in the card', async () => {
  const contract = await contractOf('2026-04-01');
  const reader = await consoleClient(service, contract.csm);
  const query = `edit=outlook&subscriptionId=${contract.id}`;
  const page = await reader.get(`/console/renewals?view=timeline&${query}`, inEnglish);
  const action = `/console/renewals/${contract.id}/outlook`;
  const fields = {
    version: '0',
    expectation: 'unsure',
    reason: 'New <b>head</b> of IT',
    from: '/console/renewals?view=timeline',
  };
  const refused = await reader.submit(page, action, { ...fields, nextStepOn: '2027-01-11' });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('New &lt;b>head&lt;/b> of IT');
  const stated = await reader.submit(page, action, { ...fields, nextStep: 'Call', nextStepOn: '2027-01-11' });
  expect(stated.location).toBe(`/console/renewals?view=timeline#renewal-${contract.id}`);
  const after = await reader.follow(stated);
  expect(after.text).toContain('Unsure Next step: Call Mon 11 Jan 2027');
  const stale = await reader.submit(await reader.get(`/console/renewals?${query}`), action, {
    ...fields,
    expectation: 'leaves',
  });
  expect(stale.status).toBe(412);
});

test('a CSM sets the next package with its sentence before the eyes, and takes it back', async () => {
  const contract = await contractOf('2026-04-01');
  const reader = await consoleClient(service, contract.csm);
  const page = await reader.get(`/console/renewals?edit=package&subscriptionId=${contract.id}`, inEnglish);
  expect(page.text).toContain('Premier stays: 192 h from 1 April 2027.');
  expect(page.text).toContain('Enterprise: 384 h from 1 April 2027 instead of 192 h.');
  const action = `/console/renewals/${contract.id}/next-package`;
  const version = /name="version" value="(\d+)"/.exec(page.html)![1]!;
  const set = await reader.follow(await reader.submit(page, action, { version, package: 'enterprise' }));
  expect(set.text).toContain('changes to Enterprise with 384 h on 1 April 2027.');
  expect(set.text).toContain('Changes to Enterprise with 384 h on 1 April 2027');
  const undone = await reader.follow(await reader.submit(set, `${action}/undo`));
  expect(undone.text).toContain('keeps Premier at the renewal on 1 April 2027.');
  const { body } = await contract.csm.get(`/v1/subscriptions/${contract.id}`);
  expect(body.nextPackage).toBeNull();
});

test('a CSM sends a failed mail again from the card', async () => {
  const contract = await contractOf('2026-04-01');
  server.behaviours.set(contract.contacts[0]!, { at: 'recipient', responseCode: 550 });
  await advance(service, '2027-01-01T03:00:00Z');
  const reader = await consoleClient(service, contract.csm);
  const page = await reader.get('/console/renewals', inEnglish);
  expect(page.text).toContain('A mail to Contact 1 was not delivered.');
  const action = /action="(\/console\/renewals\/mails\/[^"]+)"/.exec(page.html)![1]!;
  server.behaviours.clear();
  const sent = await reader.follow(await reader.submit(page, action, { from: '/console/renewals' }));
  expect(sent.text).toContain('The mail to Contact 1 is sent again.');
  expect(sent.text).not.toContain('was not delivered');
});
