import type { ParsedMail } from 'mailparser';
import { advance } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { messagesAbout, use, usageMailsOf, usedContract, type UsedContract } from '../support/usage.js';

// The tests advance the clock over many months, which takes long.
jest.setTimeout(120_000);

// All tests share one service, and its clock only moves forward.
let service: TestService;
let premier: UsedContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T01:00:00Z' });
});
afterAll(() => service.stop());

async function statements(contract: UsedContract): Promise<ParsedMail[]> {
  return (await messagesAbout(service, contract)).filter(({ subject }) => /statement|ご利用明細/.test(subject!));
}

/** The hours of the table below a heading, in hundredths: of each row, and of the total. */
function column({ text }: ParsedMail, heading: string): { rows: number[]; total: number } {
  const lines = text!.split('\n');
  const table = lines.slice(lines.indexOf(heading) + 1).join('\n');
  const cells = table
    .slice(table.search(/\S.*(Hours|時間)/))
    .split('\n\n')[0]!
    .split('\n')
    .slice(1);
  const hundredths = cells.map((line) => Math.round(Number(/(\d+\.\d\d)$/.exec(line.trim())![1]) * 100));
  return { rows: hundredths.slice(0, -1), total: hundredths.at(-1)! };
}

const added = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

test('after each service month only the usage contacts get its statement, and all figures add up', async () => {
  const contract = await usedContract(service, { startsOn: '2026-04-01', package: 'premier', usageContacts: 2 });
  premier = contract;
  await advance(service, '2026-04-20T01:00:00Z');
  // Three thirds of an hour, each rounded alone, do not add up to an hour.
  for (const day of ['03', '04', '06']) await use(contract, `2026-04-${day}`, 20);
  const wrong = await use(contract, '2026-04-07', 111);
  const visit = await contract.csm.post(`/v1/subscriptions/${contract.id}/visits`, {
    startsOn: '2026-04-13',
    endsOn: '2026-04-14',
    place: 'Osaka',
    consultantIds: [contract.consultantId],
  });
  expect(visit.status).toBe(201);
  const onsite = { delivery: 'onsite', visitId: visit.body.id as string, productLineId: contract.productLineIds[1] };
  await use(contract, '2026-04-13', 400, { ...onsite, summary: 'Upgrade\nof the cluster' });
  await contract.csm.post(`/v1/time-entries/${wrong.id}/reversal`, { reason: 'Other customer' });

  await advance(service, '2026-04-30T23:59:59Z');
  expect(await statements(contract)).toEqual([]);
  await advance(service, '2026-05-01T00:00:00Z');
  expect(await usageMailsOf(contract, 'statement')).toEqual(['1 customer', '1 customer']);
  const [april] = await statements(contract);
  expect(april!.subject).toBe('[TRM] Premier (Database, Storage): usage statement, 2026-04-01 to 2026-04-30');
  expect(column(april!, 'Hours by product line')).toEqual({ rows: [100, 667], total: 767 });
  const work = column(april!, 'Work of the month');
  expect(work).toMatchObject({ total: 767 });
  expect(work.rows).toHaveLength(4);
  expect(added(work.rows)).toBe(767);
  for (const words of [
    '7.67 hours of 192 hours (3%)',
    '184.33 hours',
    '8.33 hours behind the even plan',
    '6.67 hours of 48 hours',
    '1 of 2',
    'Upgrade of the cluster',
  ]) {
    expect(april!.text).toContain(words);
  }
  expect(april!.text).not.toContain('Other customer');

  // May gets 60 entries, and April a late one.
  await advance(service, '2026-05-20T01:00:00Z');
  for (let at = 0; at < 60; at++) await use(contract, `2026-05-${String(1 + (at % 19)).padStart(2, '0')}`, 7 + at);
  await use(contract, '2026-04-30', 60);
  await advance(service, '2026-06-01T00:00:00Z');
  const may = (await statements(contract)).at(-1)!;
  const total = added(Array.from({ length: 60 }, (_, at) => 7 + at));
  const listed = column(may, 'Work of the month');
  expect(may.text).toContain('and 10 more entries');
  expect(listed.rows).toHaveLength(51);
  expect(added(listed.rows)).toBe(listed.total);
  expect(listed.total).toBe(Math.round((total * 100) / 60));
  expect(may.text).toContain(`${Number(((460 + 60 + total) / 60).toFixed(2))} hours of 192 hours`);
});

test('the statement of a term’s last month names the hours that expired', async () => {
  const contract = await usedContract(service, { startsOn: '2025-07-15', locale: 'ja' });
  await use(contract, '2026-05-20', 90);
  await advance(service, '2026-07-16T00:00:00Z');
  expect(await usageMailsOf(contract, 'statement')).toEqual(['11 customer', '12 customer']);
  const [before, last] = await statements(contract);
  expect(before!.subject).toBe('【TRM】ベーシック（Database） 月次ご利用明細（2026年5月15日～2026年6月14日）');
  expect(before!.text).toContain('今回の契約期間の 11 か月目');
  expect(column(before!, '■ 当月の作業記録')).toEqual({ rows: [150], total: 150 });
  expect(last!.text).toContain('94.5 時間（契約期間の満了時に未使用だった時間）');
  expect(last!.text).toContain('当月の作業記録はありません');
});

test('after missed months only the newest statement is sent, and none for months before the contract was entered', async () => {
  const missed = await usedContract(service, { startsOn: '2026-07-16' });
  const takenOver = await usedContract(service, { startsOn: '2026-02-10' });
  const unread = await usedContract(service, { startsOn: '2026-07-16', usageContacts: 0 });
  // The clock moves by three months without running the jobs.
  await service.clock.advanceTo(new Date('2026-10-20T00:00:00Z'));
  await advance(service, '2026-10-20T00:00:00Z');
  await advance(service, '2026-10-21T00:00:00Z');
  expect(await usageMailsOf(missed, 'statement')).toEqual(['3 customer']);
  expect(await usageMailsOf(takenOver, 'statement')).toEqual(['8 customer']);
  expect(await usageMailsOf(unread, 'statement')).toEqual([]);
  await advance(service, '2026-11-17T00:00:00Z');
  expect(await usageMailsOf(missed, 'statement')).toEqual(['3 customer', '4 customer']);
  expect(await usageMailsOf(takenOver, 'statement')).toEqual(['8 customer', '9 customer']);
});

test('a due statement waits for the morning in the customer’s new zone, and no month gets a second statement', async () => {
  const contract = await usedContract(service, { startsOn: '2026-11-01' });
  await advance(service, '2026-12-02T00:00:00Z');
  expect(await usageMailsOf(contract, 'statement')).toEqual(['1 customer']);
  // In Tokyo it is 09:30 on the day of the second statement, in Honolulu the day before; no job has run.
  await service.clock.advanceTo(new Date('2027-01-01T00:30:00Z'));
  const { customerId } = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body as { customerId: string };
  const { headers } = await contract.csm.get(`/v1/customers/${customerId}`);
  const contacts = [{ name: 'Newcomer', email: 'newcomer@customer.example', roles: ['usage'] }];
  const change = { timeZone: 'Pacific/Honolulu', contacts };
  const moved = await contract.csm.patch(`/v1/customers/${customerId}`, change, { 'if-match': headers.get('etag')! });
  expect(moved.status).toBe(200);
  await advance(service, '2027-01-01T18:59:59Z');
  expect(await usageMailsOf(contract, 'statement')).toEqual(['1 customer']);
  await advance(service, '2027-01-01T19:00:00Z');
  expect(await usageMailsOf(contract, 'statement')).toEqual(['1 customer', '2 customer']);
});

test('statements are sent through the year, and in the last one the used and expired hours add up to the granted ones', async () => {
  await advance(service, '2027-04-02T00:00:00Z');
  const sent = (await usageMailsOf(premier, 'statement')).filter((_, at) => at % 2 === 0);
  expect(sent.map((mail) => Number(mail.split(' ')[0]))).toEqual([1, 2, 3, 6, 7, 8, 9, 10, 11, 12]);
  const last = (await statements(premier)).at(-1)!;
  const [, used] = /Hours used: +([\d.]+) hours of 192 hours/.exec(last.text!)!;
  const [, expired] = /Expired: +([\d.]+) hours/.exec(last.text!)!;
  expect(Number(used) + Number(expired)).toBe(192);
});
