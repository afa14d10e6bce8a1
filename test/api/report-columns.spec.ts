import { parse } from 'csv-parse/sync';
import type { Json } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { use, usedContract, type UsedContract } from '../support/usage.js';

let service: TestService;
let finance: Person;
const contracts: UsedContract[] = [];

beforeAll(async () => {
  service = await startService({ clock: '2026-05-01T03:00:00Z' });
  finance = await person(service, 'finance');
  for (let number = 1; number <= 3; number++) {
    const contract = await usedContract(service, { package: 'premier', startsOn: '2026-04-01' });
    contracts.push(contract);
    for (let day = 1; day <= 30; day++) await use(contract, `2026-04-${String(day).padStart(2, '0')}`, 20);
  }
});
afterAll(() => service.stop());

const april = 'from=2026-04-01&to=2026-04-30';

async function rows(report: string, query: string): Promise<Json[]> {
  const { status, body } = await finance.get(`/v1/reports/${report}?${query}`);
  expect([report, status]).toEqual([report, 200]);
  return body.data as Json[];
}

async function csv(report: string, query: string, delimiter = ','): Promise<string[][]> {
  const { body } = await finance.get(`/v1/reports/${report}?${query}&format=csv`);
  return parse(body as string, { delimiter, bom: true });
}

const hundredths = (hours: string | number): number => Math.round(Number(hours) * 100);

describe('the hours of three customers with 20 minutes on each of thirty days', () => {
  test.each(['usage-lines', 'usage-summary'])(
    'add up to 10.00 for each customer in %s, in JSON and in CSV',
    async (report) => {
      const [header, ...records] = await csv(report, april);
      const trailer = records.pop()!;
      const [id, hours] = [header!.indexOf('subscriptionId'), header!.indexOf('hours')];
      const lines = await rows(report, april);
      for (const contract of contracts) {
        const inCsv = records.filter((record) => record[id] === contract.id);
        expect(inCsv.reduce((sum, record) => sum + hundredths(record[hours]!), 0)).toBe(1_000);
        const inJson = lines.filter((line) => line.subscriptionId === contract.id);
        expect(inJson.reduce<number>((sum, line) => sum + hundredths(line.hours as number), 0)).toBe(1_000);
      }
      expect(trailer[hours]).toBe('30.00');
    },
  );
});

describe('a corrected entry', () => {
  test('is a line for the entry and one for its reversal; only staff see the reason and the new entry', async () => {
    const contract = contracts[0]!;
    const wrong = await use(contract, '2026-04-10', 50, { summary: 'To be corrected' });
    const { workDate, minutes, consultantId, productLineId, activity, delivery, summary } = wrong;
    const corrected = { workDate, minutes: minutes - 10, consultantId, productLineId, activity, delivery, summary };
    const { status, body } = await contract.csm.post(`/v1/time-entries/${wrong.id}/correction`, {
      reason: 'Ten minutes less',
      ...corrected,
    });
    expect(status).toBe(201);
    const all = await rows('usage-lines', april);
    expect(new Set(all.map(({ lineId }) => lineId)).size).toBe(all.length);
    const ofEntry = all.filter(({ entryId }) => entryId === wrong.id);
    expect(ofEntry).toMatchObject([
      { kind: 'entry', lineId: wrong.id, reversalReason: null, replacedByEntryId: null },
      { kind: 'reversal', reversalReason: 'Ten minutes less', replacedByEntryId: body.entry.id },
    ]);
    const customer = await person(service, 'customer', contract.customerId);
    const shown = (await customer.get(`/v1/reports/usage-lines?${april}`)).body.data as Json[];
    expect(shown.find(({ kind }) => kind === 'reversal')).toMatchObject({ reversalReason: null });
  });
});

describe('the customer code, contract number, purchase order and CSM', () => {
  test.each(['usage-lines', 'usage-summary', 'entitlements', 'renewals'])('are columns of %s', async (report) => {
    const { id, customerId, csm } = contracts[1]!;
    const tag = report;
    const contract = (await csm.get(`/v1/subscriptions/${id}`)).body;
    const customer = (await csm.get(`/v1/customers/${customerId}`)).body;
    const term = contract.currentTerm;
    const ifMatch = (version: unknown) => ({ 'if-match': `"${String(version)}"` });
    await csm.patch(`/v1/customers/${customerId}`, { code: `C-${tag}` }, ifMatch(customer.version));
    await csm.patch(`/v1/subscriptions/${id}`, { contractNumber: `N-${tag}` }, ifMatch(contract.version));
    const order = await csm.patch(`/v1/terms/${String(term.id)}`, { purchaseOrder: `P-${tag}` }, ifMatch(term.version));
    expect(order.status).toBe(200);
    const query = report === 'renewals' ? `customerId=${customerId}` : `${april}&customerId=${customerId}`;
    const [row] = await rows(report, query);
    expect(row).toMatchObject({
      customerCode: `C-${tag}`,
      contractNumber: `N-${tag}`,
      purchaseOrder: `P-${tag}`,
      csmId: csm.id,
    });
    const [header] = await csv(report, query);
    expect(header!.slice(header!.indexOf('customerCode'))).toEqual(
      expect.arrayContaining(['customerCode', 'contractNumber', 'purchaseOrder', 'csmId', 'csm']),
    );
  });
});

describe('a parameter of a report', () => {
  const one = () => `${april}&customerId=${contracts[2]!.customerId}`;

  test.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('separates cells with a %s, and puts text that contains one in quotes', async (name, delimiter) => {
    await use(contracts[2]!, '2026-04-11', 15, { summary: `a${delimiter}b ${name}` });
    const [header, ...records] = await csv('usage-lines', `${one()}&delimiter=${name}`, delimiter);
    const summaries = records.map((record) => record[header!.indexOf('summary')]);
    expect(summaries).toContain(`a${delimiter}b ${name}`);
    expect(records.every((record) => record.length === header!.length)).toBe(true);
  });

  test.each([
    ['', 'entry', 'health-check', 'premier'],
    ['&headings=en', 'Entry', 'Health check', 'Premier'],
    ['&headings=ja', '作業', 'ヘルスチェック', 'プレミア'],
  ])('prints codes as words if it asks for headings: %j', async (headings, kind, activity, sold) => {
    const [, record] = await csv('usage-lines', `${one()}${headings}`);
    expect(record).toEqual(expect.arrayContaining([kind, activity, sold]));
  });

  test('encodes these words like the rest of the file', async () => {
    const { token } = finance;
    const answer = await fetch(
      `${service.baseUrl}/v1/reports/usage-lines?${one()}&format=csv&headings=ja&charset=cp932`,
      {
        headers: { authorization: `Bearer ${token}` },
      },
    );
    const text = new TextDecoder('shift_jis').decode(await answer.arrayBuffer());
    expect(text).toContain('ヘルスチェック');
  });

  test('selects lines by the instant of recording: from recordedSince until just before recordedUntil', async () => {
    const [from, until] = ['2026-05-02T00:00:00Z', '2026-05-03T00:00:00Z'];
    await service.clock.advanceTo(new Date(from));
    const first = await use(contracts[2]!, '2026-04-12', 5);
    await service.clock.advanceTo(new Date(until));
    const second = await use(contracts[2]!, '2026-04-12', 6);
    const ids = async (query: string) => (await rows('usage-lines', query)).map(({ entryId }) => entryId);
    expect(await ids(`recordedSince=${from}&recordedUntil=${until}`)).toEqual([first.id]);
    expect(await ids(`recordedSince=${until}`)).toEqual([second.id]);
    const summary = await finance.get(`/v1/reports/usage-summary?recordedSince=${until}`);
    expect(summary.body.totalMinutes).toBe(6);
  });

  test.each(['entitlements', 'expired-hours', 'renewals'])(
    'cannot select %s by the instant of recording',
    async (report) => {
      const refused = await finance.get(`/v1/reports/${report}?recordedSince=2026-05-01T00:00:00Z`);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/recordedSince']);
    },
  );
});
