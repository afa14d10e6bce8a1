import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { api } from '../support/client.js';
import { soldContract } from '../support/contract.js';
import { readPdf, type Tag } from '../support/pdf.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';
import { use, usedContract, type UsedContract } from '../support/usage.js';

let service: TestService;
let finance: Person;

beforeAll(async () => {
  service = await startService({
    clock: '2026-10-15T03:00:00Z',
    env: { MAIL_FROM: 'Support Ltd. <trm@vendor.example>' },
  });
  finance = await person(service, 'finance');
});
afterAll(() => service.stop());

async function termIdOf({ id }: { id: string }): Promise<string> {
  const { body } = await api(service.baseUrl, service.adminToken).get(`/v1/subscriptions/${id}/terms`);
  return (body.data as { id: string; number: number }[]).find(({ number }) => number === 0)!.id;
}

const pathOf = async (contract: { id: string }) => `/v1/terms/${await termIdOf(contract)}/usage-statement`;

async function file(contract: { id: string }, query = ''): Promise<{ bytes: Buffer; headers: Headers }> {
  const authorization = `Bearer ${finance.token}`;
  const answer = await fetch(service.baseUrl + (await pathOf(contract)) + query, { headers: { authorization } });
  expect(answer.status).toBe(200);
  return { bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
}

/** The texts of each page. */
const pagesOf = async (contract: { id: string }, query = '') => readPdf((await file(contract, query)).bytes).pages;

/** Matches these texts if they follow each other directly. */
const inOrder = (...texts: string[]) => expect.stringContaining(texts.join('|')) as string;

const logMany = async (contract: UsedContract, entries: object[]) => {
  const { id: subscriptionId, consultantId, productLineIds, csm } = contract;
  const pair = { subscriptionId, consultantId, productLineId: productLineIds[0] };
  const work = { workDate: '2026-04-01', minutes: 7, activity: 'upgrade', delivery: 'remote', summary: 'Work' };
  const { body } = await csm.post('/v1/time-entries/batch', {
    atomic: true,
    entries: entries.map((entry) => ({ ...pair, ...work, ...entry })),
  });
  expect(body.refused).toBe(0);
};

test('a statement shows in the customer’s language the state of the term, every entry and the total', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01', locale: 'ja', package: 'premier' });
  await use(contract, '2026-04-02', 75, { summary: '構成の確認', reference: 'CASE-1' });
  const wrong = await use(contract, '2026-05-20', 20, { activity: 'enablement', summary: '研修' });
  await contract.csm.post(`/v1/time-entries/${wrong.id}/reversal`, {
    reason: '社内メモ',
    customerNote: '日付の誤りを訂正しました',
  });
  await use(contract, '2026-05-21', 40, { productLineId: contract.productLineIds[1] });

  const { bytes, headers } = await file(contract);
  expect(headers.get('content-type')).toBe('application/pdf');
  const disposition = decodeURIComponent(headers.get('content-disposition')!);
  expect(disposition).toContain('filename="usage-statement_2026-04-01_2027-03-31.pdf"');
  expect(disposition).toMatch(/filename\*=UTF-8''ご利用明細書_株式会社みどり\d+_2026-04-01～2027-03-31\.pdf$/);

  const { pages, embeddedFonts, language } = readPdf(bytes);
  expect([language, embeddedFonts, pages.length]).toEqual(['ja', ['NotoSansJP-Regular', 'NotoSansJP-Bold'], 1]);
  const text = pages[0]!.join('|');
  expect(text).toEqual(
    inOrder('ご利用明細書', 'Support Ltd.', '基準日：2026年10月15日(木)', '発行日：2026年10月15日(木)'),
  );
  expect(text).toMatch(/\|株式会社みどり\d+ 御中\|/);
  expect(text).toEqual(inOrder('パッケージ', 'プレミア', '契約期間', '2026年4月1日(水)～2027年3月31日(水)'));
  expect(text).toEqual(inOrder('付与時間', '192 時間', '192:00', '−', '使用済み時間', '1.92 時間', '1:55'));
  expect(text).toEqual(inOrder('失効した時間', '0 時間', '0:00', '=', '残り時間', '190.08 時間', '190:05'));
  expect(text).toEqual(inOrder('計画（均等利用）', '103.73 時間'));
  expect(text).toEqual(inOrder('訪問支援の時間', '0 時間（上限 48 時間）', '訪問回数', '0 回（上限 2 回）'));
  expect(text).toEqual(inOrder('使用時間の推移（累計）', '(時間)'));
  const pair = ['Suzuki Ichiro', 'Database'];
  expect(text).toEqual(
    inOrder(
      '2026年4月2日',
      ...pair,
      'ヘルスチェック',
      'リモート',
      '1:15',
      '1.25',
      'CASE-1：',
      '構成の確認',
      '2026年5月20日',
    ),
  );
  expect(text).toEqual(inOrder('2026年5月20日', ...pair, '技術習得支援', 'リモート', '0:20', '0.33', '研修'));
  expect(text).toEqual(
    inOrder(
      '2026年5月20日',
      ...pair,
      '技術習得支援',
      'リモート',
      '−0:20',
      '−0.33',
      '取消：',
      '日付の誤りを訂正しました',
    ),
  );
  expect(text).not.toContain('社内メモ');
  expect(text).toEqual(inOrder('Storage', 'ヘルスチェック', 'リモート', '0:40', '0.67', 'Health check of the cluster'));
  expect(text).toEqual(inOrder('使用済み時間の合計', '1:55', '1.92'));
  expect(text).toEqual(inOrder('付与時間 192:00 − 使用済み 1:55 − 失効 0:00 ＝ 残り 190:05'));
  expect(text).toEqual(inOrder('1 / ', '1'));
});

test('a statement is in English if the request asks for it; two of the same instant are equal files', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01', locale: 'ja' });
  await use(contract, '2026-04-02', 75);
  const { bytes } = await file(contract, '?language=en');
  expect((await file(contract, '?language=en')).bytes.equals(bytes)).toBe(true);
  const { pages, language } = readPdf(bytes);
  expect(language).toBe('en');
  const text = pages[0]!.join('|');
  expect(text).toEqual(inOrder('Usage statement', 'Support Ltd.', 'As of: 2026-10-15 (Thursday)'));
  expect(text).toEqual(inOrder('Used', '1.25 hours', '1:15'));
  expect(text).toEqual(inOrder('Health check', 'Remote', '1:15', '1.25', 'Health check of the cluster', 'Total used'));
  expect(text).not.toContain('Onsite visits');
});

test('a term without entries has a statement too', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01', package: 'dedicated' });
  const [page] = await pagesOf(contract);
  const text = page!.join('|');
  expect(text).toEqual(inOrder('No work has been logged for this term.', 'Total used', '0:00', '0.00'));
  expect(text).toEqual(inOrder('Onsite visits', '0, any number included'));
});

test('the statement of an upcoming term is as of its first day', async () => {
  const contract = await usedContract(service, { startsOn: '2026-12-01' });
  const [page] = await pagesOf(contract);
  const text = page!.join('|');
  expect(text).toEqual(inOrder('As of: 2026-12-01 (Tuesday)', 'Issued: 2026-10-15 (Thursday)'));
});

test('long summaries are wrapped, without losing a character', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01' });
  const sentence = '新機能の導入支援として、設計を確認し、「運用手順書」のレビューを行いました。';
  const summary = sentence.repeat(50);
  await use(contract, '2026-04-02', 60, { summary });
  const lines = (await pagesOf(contract)).flat().filter((text) => /[を、。「」]/.test(text));
  expect(lines.join('')).toBe(summary);
  expect(lines.length).toBeGreaterThan(30);
  for (const line of lines) expect(line).not.toMatch(/^[、。」]|「$/);
});

test('characters that the font lacks are printed as 〓, which a note explains', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01', locale: 'ja' });
  await use(contract, '2026-04-02', 60, { summary: '絵文字👩‍👩‍👧と한국어、か\u3099①㈱𠮷' });
  const [page] = await pagesOf(contract);
  expect(page!.join('|')).toContain('絵文字〓と〓〓〓、が①㈱𠮷');
  expect(page!.join('|')).toContain('・「〓」は、本書で表示できない文字です。');
});

test('hundreds of entries continue over pages, each with its page number and the heading row', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01', package: 'dedicated' });
  const days = Array.from({ length: 180 }, (_, day) => new Date(Date.UTC(2026, 3, 1 + day)).toISOString().slice(0, 10));
  await logMany(
    contract,
    Array.from({ length: 400 }, (_, at) => ({ workDate: days[at % 180]!, summary: `Work ${at}` })),
  );
  const pages = await pagesOf(contract);
  expect(pages.length).toBeGreaterThan(10);
  pages.forEach((page, at) => {
    const text = page.join('|');
    expect(text).toEqual(inOrder(`${at + 1} / `, String(pages.length)));
    expect(text).toEqual(inOrder('Work day', 'Consultant', 'Product line', 'Activity', 'Delivery', 'h:mm', 'Hours'));
  });
  const work = pages.flat().filter((text) => /^Work \d+$/.test(text));
  expect(new Set(work).size).toBe(400);
  expect(pages.at(-1)!.join('|')).toEqual(inOrder('Total used', '46:40', '46.67'));
});

test('a booking for a closed month is an adjustment that names the month', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01' });
  const entry = await use(contract, '2026-04-02', 60);
  expect((await finance.post('/v1/periods/2026-04/close')).status).toBe(200);
  await contract.csm.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'Wrong customer' });
  const [page] = await pagesOf(contract);
  expect(page!.join('|')).toEqual(inOrder('−1:00', '−1.00', 'Reversal / Adjustment of 2026-04', 'Total used'));
  expect(page!.join('|')).not.toContain('Wrong customer');
});

test('the statement of an upgraded term names its packages, and that of a closed term the expired hours', async () => {
  const contract = await usedContract(service, { startsOn: '2026-10-01', locale: 'en' });
  await use(contract, '2026-10-02', 60);
  await contract.csm.post(`/v1/subscriptions/${contract.id}/upgrade`, {
    package: 'premier',
    effectiveOn: '2026-10-15',
  });
  const learner = { learnerName: 'Aoi', learnerEmail: 'aoi@customer.example' };
  await contract.csm.post(`/v1/subscriptions/${contract.id}/seats`, learner);
  const [open] = await pagesOf(contract);
  expect(open!.join('|')).toEqual(inOrder('Learning seats', '1 of 2'));
  expect(open!.join('|')).toEqual(inOrder('Package', 'Basic from 2026-10-01, Premier from 2026-10-15'));
  expect(open!.join('|')).toEqual(inOrder('Unused hours expire', 'at the end of 2027-09-30 (Thursday)'));

  await service.clock.advanceTo(new Date('2027-10-02T00:00:00Z'));
  await runDue(service, RollOverService);
  const [closed] = await pagesOf(contract);
  const text = closed!.join('|');
  expect(text).toEqual(inOrder('As of: 2027-09-30 (Thursday)', 'Issued: 2027-10-02 (Saturday)'));
  expect(text).toEqual(
    inOrder('The term', 'ended on 2027-09-30 (Thursday)', 'Unused hours', '187.33 hours expired with the term'),
  );
  // The seats have expired with the term, but the statement still says how many were in use.
  expect(text).toEqual(inOrder('Learning seats', '1 of 2'));
  expect(text).toEqual(inOrder('Granted 188:20 − used 1:00 − expired 187:20 = left 0:00'));
});

test('customer code, contract number and purchase order are printed if they are set', async () => {
  const contract = await usedContract(service, { startsOn: '2027-04-01' });
  const admin = api(service.baseUrl, service.adminToken);
  const change = async (path: string, body: object): Promise<void> => {
    const { headers } = await admin.get(path);
    expect((await admin.patch(path, body, { 'if-match': headers.get('etag')! })).status).toBe(200);
  };
  const { customerId, currentTerm } = (await admin.get(`/v1/subscriptions/${contract.id}`)).body;
  const [bare] = await pagesOf(contract);
  expect(bare!.join('|')).not.toMatch(/Customer code|Contract number|Purchase order/);
  await change(`/v1/customers/${customerId}`, { code: 'M-0042' });
  await change(`/v1/subscriptions/${contract.id}`, { contractNumber: 'C-1047' });
  await change(`/v1/terms/${currentTerm.id}`, { purchaseOrder: 'PO 4711' });
  const [page] = await pagesOf(contract);
  const numbers = ['Customer code', 'M-0042', 'Contract number', 'C-1047', 'Purchase order', 'PO 4711'];
  expect(page!.join('|')).toEqual(inOrder(...numbers, 'Subscription ID', contract.id));
});

/** The types and texts of all elements below a tag. */
const outline = (tag: Tag): string[] =>
  tag.tags.flatMap((inner) => [`${inner.type} ${inner.texts.join(' ')}`.trim(), ...outline(inner)]);

describe('the tags of a statement, for screen readers', () => {
  beforeAll(() => service.clock.advanceTo(new Date('2027-10-15T03:00:00Z')));

  test.each([
    ['en', 'Usage statement', 'Work of the term', 'Work day', 'Total used 1:15 1.25'],
    ['ja', 'ご利用明細書', '契約期間中の作業記録', '作業日', '使用済み時間の合計 1:15 1.25'],
  ] as const)(
    'contain its language, headings, the table and a text for the picture: %s',
    async (locale, title, entries, day, total) => {
      const contract = await usedContract(service, { startsOn: '2027-04-01', locale });
      await use(contract, '2027-04-02', 75, { summary: 'Review' });
      const { structure, language, artifacts } = readPdf((await file(contract)).bytes);
      expect([language, structure.type]).toEqual([locale, 'Document']);
      const tags = outline(structure);
      expect(tags.filter((tag) => tag.startsWith('H1'))).toEqual([`H1 ${title}`]);
      expect(tags.filter((tag) => tag.startsWith('H2'))).toHaveLength(3);
      expect(tags).toContain(`H2 ${entries}`);
      const figures = structure.tags.filter(({ type }) => type === 'Figure');
      expect(figures.map(({ alt }) => alt)).toEqual([expect.stringContaining('1.25')]);
      const [table] = structure.tags.filter(({ type }) => type === 'Table');
      expect(table!.tags.map(({ type }) => type)).toEqual(['TR', 'TR', 'TR']);
      const [head, row, last] = table!.tags;
      expect(head!.tags.map(({ type }) => type)).toEqual(Array.from({ length: 7 }, () => 'TH'));
      expect(head!.tags[0]!.texts).toEqual([day]);
      const cells = row!.tags.map(({ type, texts }) => `${type} ${texts.join('')}`);
      expect(cells.slice(1, 3)).toEqual(['TD Suzuki Ichiro', 'TD Database']);
      expect(cells.slice(5)).toEqual(['TD 1:15', 'TD 1.25', 'TD Review']);
      expect(last!.tags.flatMap(({ texts }) => texts).join(' ')).toBe(total);
      // Only the footer of the page and the mark on the bar are outside the tags.
      const untagged = new Set(artifacts);
      for (const text of ['Support Ltd.', '1 / ', '1', contract.id]) expect(untagged).toContain(text);
      expect(untagged.size).toBe(5);
    },
  );

  test('contain the heading row once for all pages, and one row for an entry that continues on the next page', async () => {
    const contract = await usedContract(service, { startsOn: '2027-04-01', package: 'dedicated' });
    const days = Array.from({ length: 60 }, (_, at) => new Date(Date.UTC(2027, 3, 1 + at)).toISOString().slice(0, 10));
    await logMany(
      contract,
      days.map((workDate) => ({ workDate, summary: 'Much has been done on this day. '.repeat(60) })),
    );
    const { pages, structure } = readPdf((await file(contract)).bytes);
    expect(pages.length).toBeGreaterThan(10);
    const [table] = structure.tags.filter(({ type }) => type === 'Table');
    expect(table!.tags).toHaveLength(1 + days.length + 1);
    expect(outline(structure).filter((tag) => tag.startsWith('TH'))).toHaveLength(7);
    for (const row of table!.tags.slice(1, -1)) {
      expect(row.tags).toHaveLength(8);
      const summary = row.tags[7]!.texts.join(' ').replace(/ +/g, ' ');
      expect(summary.match(/Much has been done/g)).toHaveLength(60);
    }
  });
});

test('the customer, its CSM, finance and administrators read a statement; others get 404', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2027-04-01' });
  const other = await soldContract(service, { package: 'premier', startsOn: '2027-04-01' });
  const path = await pathOf(contract);
  for (const reader of [contract.customer, contract.csm, contract.admin, finance]) {
    expect((await reader.get(path)).status).toBe(200);
  }
  for (const stranger of [other.customer, other.csm]) expect((await stranger.get(path)).status).toBe(404);
  expect((await api(service.baseUrl).get(path)).status).toBe(401);
  for (const nothing of ['nothing', contract.id]) {
    expect((await finance.get(`/v1/terms/${nothing}/usage-statement`)).status).toBe(404);
  }
  expect((await finance.get(`${path}?language=fr`)).status).toBe(400);
});
