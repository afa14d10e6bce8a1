import { consoleClient } from '../support/console.js';
import { person } from '../support/people.js';
import { renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The page of the simulated clock.

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
  await renewingContract(service, { startsOn: '2026-04-01' });
});
afterAll(() => service.stop());

test('every page says that the time is simulated, and only administrators set it', async () => {
  const finance = await consoleClient(service, await person(service, 'finance'));
  const { text } = await finance.get('/console/keys');
  expect(text).toContain('Simulated time: 1 April 2026, 12:00 (UTC+09:00)');
  expect(text).not.toContain('Set the clock');
  expect((await finance.get('/console/clock')).status).toBe(403);
});

test('an administrator advances the clock to a day, and to the next event', async () => {
  const admin = await consoleClient(service, await person(service, 'admin'));
  const page = await admin.get('/console/clock');
  expect(page.text).toContain('What falls due next');
  const day = await admin.follow(await admin.submit(page, '/console/clock', { day: '2026-04-20', time: '18:30' }));
  expect(day.text).toContain('The clock shows 20 April 2026, 18:30 (UTC+09:00).');
  expect(service.clock.now().toISOString()).toBe('2026-04-20T09:30:00.000Z');
  const at = /name="at" value="([^"]*)"/.exec(day.html)![1]!;
  const next = await admin.follow(await admin.submit(day, '/console/clock', { at }));
  expect(next.text).toContain('The clock shows');
  expect(service.clock.now().toISOString()).toBe(at);
});

test('the clock does not go back, and keeps what was typed', async () => {
  const admin = await consoleClient(service, await person(service, 'admin'));
  const again = await admin.submit(await admin.get('/console/clock'), '/console/clock', { day: '2026-04-02' });
  expect(again.status).toBe(422);
  expect(again.text).toContain('cannot be set back');
  expect(again.html).toContain('value="2026-04-02"');
});
