import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// The renewal of a subscription: what will happen, the mails, notices, the next package and an upgrade.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeEach(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/renewal`;
});
afterEach(() => service.stop());

test('the time line shows sent and planned mails with their recipients and attempts', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const { status, text } = await csm.get(path);
  expect(status).toBe(200);
  expect(text).toContain('Without a notice by 30 January 2027, the subscription renews on 1 April 2027 as Premier');
  expect(text).toContain(
    'Renewal reminder, 90 days before the end to 佐藤 花子 (customer) Filed, not delivered 1 attempt',
  );
  expect(text).toContain('Renewal reminder, 60 days before the end to 佐藤 花子 (customer) Planned');
  expect(text.indexOf('Today')).toBeLessThan(text.lastIndexOf('Last day for a notice'));
});

test('an upgrade is previewed without a change, and then recorded once', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const preview = await csm.get(`${path}?upgradeTo=enterprise&upgradeOn=2027-01-01`);
  expect(preview.text).toContain('This is a preview. Nothing is recorded yet.');
  expect((await csm.get(path)).text).not.toContain('Enterprise from');
  const fields = { upgradeTo: 'enterprise', upgradeOn: '2027-01-01' };
  const recorded = await csm.submit(preview, `${path}/upgrade`, fields);
  expect((await csm.follow(recorded)).text).toContain('The term is Enterprise from 1 January 2027');
  expect((await csm.submit(preview, `${path}/upgrade`, fields)).status).toBe(303);
});

test('an upgrade that is impossible is refused in the preview', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const { status, html } = await csm.get(`${path}?upgradeTo=enterprise&upgradeOn=2027-06-01`);
  expect(status).toBe(200);
  expect(html).toContain('role="alert"');
  expect(html).toContain('value="2027-06-01"');
});

test('the next package is set and dropped, and an outdated page says what to do', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const page = await csm.get(path);
  const version = /name="version" value="(\d+)"/.exec(page.html)![1]!;
  const set = await csm.submit(page, `${path}/next-package`, { version, nextPackage: 'basic' });
  const after = await csm.follow(set);
  expect(after.text).toContain('The next term will be Basic.');
  const outdated = await csm.submit(await csm.get(path), `${path}/next-package`, { version, nextPackage: 'premier' });
  expect(outdated.status).toBe(412);
  expect(outdated.text).toContain('Somebody else has changed this in the meantime');
  const newest = /name="version" value="(\d+)"/.exec(outdated.html)![1]!;
  const dropped = await csm.submit(outdated, `${path}/next-package/dropped`, { version: newest });
  expect((await csm.follow(dropped)).text).toContain('The next term keeps the present package.');
});

test('a CSM records a notice with its time of receipt, and withdraws it', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const form = await csm.get(`${path}/notice`);
  const notice = { party: 'customer', signedBy: '佐藤 花子', channel: 'letter', receivedOn: '2027-01-04', note: '' };
  const refused = await csm.submit(form, `${path}/notice`, { ...notice, receivedTime: '' });
  expect(refused.status).toBe(400);
  expect(refused.html).toContain('佐藤 花子');
  const recorded = await csm.submit(refused, `${path}/notice`, { ...notice, receivedTime: '16:45' });
  const after = await csm.follow(recorded);
  expect(after.text).toContain('The notice is recorded.');
  expect(after.text).toContain('received 4 January 2027, 16:45 (UTC+09:00)');
  expect(after.text).toContain('The subscription ends with the term, at the end of 31 March 2027.');
  const withdrawal = /href="([^"]*\/withdrawal)"/.exec(after.html)![1]!;
  const page = await csm.get(withdrawal);
  const withdrawn = await csm.submit(page, withdrawal, {
    signedBy: '佐藤 花子',
    otherPartySignedBy: '',
    reason: 'They stay',
  });
  expect((await csm.follow(withdrawn)).text).toContain('The notice is withdrawn.');
});

test('a customer gives a notice, and takes it back', async () => {
  const customer = await consoleClient(service, subscription.customer);
  const form = await customer.get(`${path}/notice`);
  expect(form.text).toContain('I am authorised to give this notice');
  const fields = { signedBy: 'Sato Hanako', note: '' };
  expect((await customer.submit(form, `${path}/notice`, fields)).status).toBe(400);
  const given = await customer.submit(await customer.get(`${path}/notice`), `${path}/notice`, {
    ...fields,
    authorised: 'true',
  });
  const after = await customer.follow(given);
  expect(after.text).toContain('Your notice is received. The subscription ends at the end of 31 March 2027.');
  const withdrawal = /href="([^"]*\/withdrawal)"/.exec(after.html)![1]!;
  const withdrawn = await customer.submit(await customer.get(withdrawal), withdrawal, {
    signedBy: 'Sato Hanako',
    reason: 'We stay',
  });
  expect((await customer.follow(withdrawn)).text).toContain('The notice is withdrawn.');
});

test('an administrator accepts a late notice', async () => {
  await subscription.admin.post('/v1/clock/advance', { to: '2027-02-10T00:00:00Z' });
  const admin = await consoleClient(service, subscription.admin);
  const form = await admin.get(`${path}/notice`);
  const notice = { party: 'customer', signedBy: 'Sato', channel: 'email', receivedOn: '', receivedTime: '', note: '' };
  const late = await admin.follow(await admin.submit(form, `${path}/notice`, notice));
  expect(late.text).toContain('It was late, so it has no effect unless both sides accept it.');
  const waiver = /href="([^"]*\/waiver)"/.exec(late.html)![1]!;
  const fields = { customerSignedBy: 'Sato', providerSignedBy: 'Tanaka', reason: 'Agreed by phone' };
  const accepted = await admin.submit(await admin.get(waiver), waiver, fields);
  expect((await admin.follow(accepted)).text).toContain('Late, accepted by both sides');
});

test('finance reads the renewal and changes nothing', async () => {
  const finance = await consoleClient(service, subscription.finance);
  const { status, text } = await finance.get(path);
  expect(status).toBe(200);
  expect(text).toContain('Evidence of this term');
  expect(text).not.toContain('Record notice');
  expect(text).not.toContain('Record upgrade');
  expect((await finance.get(`${path}/notice`)).status).toBe(403);
});
