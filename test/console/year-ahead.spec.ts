import { consoleClient } from '../support/console.js';
import { financeStory, type FinanceStory } from '../support/finance-story.js';

let story: FinanceStory;

beforeAll(async () => {
  story = await financeStory();
  const { hana, acme, aoi } = story;
  const first = { 'if-match': '"0"' };
  const state = (id: string, expectation: string) =>
    hana.put(`/v1/subscriptions/${id}/outlook`, { expectation, reason: 'They said so' }, first);
  expect((await state(acme.id, 'renews')).status).toBe(200);
  expect((await state(aoi.id, 'unsure')).status).toBe(200);
});
afterAll(() => story.service.stop());

test('the year ahead shows hours by month and outlook, what will expire, and links to the renewals', async () => {
  const finance = await consoleClient(story.service, story.finance);
  const { status, html, text } = await finance.get('/console/year-ahead');
  expect(status).toBe(200);
  expect(text).toContain('192 h 1 renewal expected');
  expect(text).toContain('384 h 1 renewal unsure, leaving or declined');
  expect(text).toContain('96 h 1 renewal without an outlook');
  expect(text).toContain('Will probably renew: 1 renewal, 192 h');
  expect(text).toMatch(/October 2026 1 96 h .*?No outlook stated 1/);
  expect(text).toMatch(/March 2027 2 576 h .*?Will probably renew 1, Unsure 1/);
  expect(html).toContain('href="/console/portfolio?outlook=unsure"');
  const links = [...html.matchAll(/href="(\/console\/(?:renewals|portfolio)\?[^"]*)"/g)].map(([, link]) => link!);
  expect(links).toContain('/console/renewals?month=2027-01');
  for (const link of links) expect([link, (await finance.get(link)).status]).toEqual([link, 200]);
});

test('a CSM sees the own portfolio, and a customer nothing', async () => {
  const ken = await consoleClient(story.service, story.ken);
  const { text } = await ken.get('/console/year-ahead', { 'accept-language': 'ja' });
  expect(text).toContain('2026年10月');
  expect(text).toContain('96時間 1 件 見込み未入力');
  expect(text).not.toContain('576');
  const user = { name: 'Sato', email: 'sato@acme.example', role: 'customer', customerId: story.acme.customerId };
  const sato = await consoleClient(story.service, (await story.admin.post('/v1/users', user)).body as { id: string });
  expect((await sato.get('/console/year-ahead')).status).toBe(403);
});
