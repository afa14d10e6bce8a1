import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// The overview of a subscription: what is left, why it needs somebody, its burn-down, and the outlook.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}`;
});
afterAll(() => service.stop());

test('a CSM reads what is left, the pace, the deadline with its reason, and what to do', async () => {
  const { status, text, html } = await (await consoleClient(service, subscription.csm)).get(path);
  expect(status).toBe(200);
  expect(text).toContain('144 h left');
  expect(text).toContain('behind the even plan');
  expect(text).toContain('The deadline does not move, so speak to the customer by 29 January 2027');
  expect(text).toContain('Plan a visit');
  expect(text).toContain('Unsure');
  expect(html).toContain('<title id="burn-down-title">Hours left over the term</title>');
});

test('a customer reads the own hours in Japanese, and nothing that is for staff', async () => {
  const reader = await consoleClient(service, subscription.customer);
  const { status, text } = await reader.get(path, { 'accept-language': 'ja' });
  expect(status).toBe(200);
  expect(text).toContain('残り 144時間');
  expect(text).toContain('次の契約期間には繰り越されません');
  expect(text).not.toContain('New head of IT');
  expect(text).not.toContain('試算');
});

test('finance reads the outlook and cannot state one', async () => {
  const reader = await consoleClient(service, subscription.finance);
  const { text } = await reader.get(path);
  expect(text).toContain('New head of IT');
  expect(text).not.toContain('State outlook');
});

test('the subscription of another CSM is not found', async () => {
  const stranger = await consoleClient(service, await person(service, 'csm'));
  expect((await stranger.get(path)).status).toBe(404);
  expect((await stranger.get('/console/subscriptions/nothing')).status).toBe(404);
});

describe('the outlook', () => {
  const typed = {
    expectation: 'leaves',
    reason: 'They build <b>their own</b> team',
    nextStep: '',
    nextStepOn: '2027-01-20',
  };

  test('keeps what was typed if it is refused, with the reason in place', async () => {
    const csm = await consoleClient(service, subscription.csm);
    const page = await csm.get(path);
    const refused = await csm.submit(page, `${path}/outlook`, { ...typed, version: '1' });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('They build &lt;b>their own&lt;/b> team');
    expect(refused.html).toContain('role="alert"');
  });

  test('is stated once, however often the form is sent', async () => {
    const csm = await consoleClient(service, subscription.csm);
    const page = await csm.get(path);
    const fields = { ...typed, nextStep: 'Visit them', version: '1' };
    const first = await csm.submit(page, `${path}/outlook`, fields);
    expect([first.status, first.location]).toEqual([303, `${path}#outlook`]);
    expect((await csm.follow(first)).text).toContain('The outlook is stated: Leaves.');
    const second = await csm.submit(page, `${path}/outlook`, fields);
    expect([second.status, second.location]).toEqual([303, `${path}#outlook`]);
    expect((await csm.get(path)).text).toContain('Earlier outlooks');
  });

  test('of an outdated page says what to do', async () => {
    const csm = await consoleClient(service, subscription.csm);
    const refused = await csm.submit(await csm.get(path), `${path}/outlook`, { ...typed, nextStep: 'x', version: '1' });
    expect(refused.status).toBe(412);
    expect(refused.text).toContain('Somebody else has changed this in the meantime');
  });

  test('is not stated without the token of the session', async () => {
    const csm = await consoleClient(service, subscription.csm);
    const page = await csm.get(path);
    const forged = await csm.submit(page, `${path}/outlook`, { ...typed, csrf: 'forged' });
    expect(forged.status).toBeGreaterThanOrEqual(400);
  });
});
