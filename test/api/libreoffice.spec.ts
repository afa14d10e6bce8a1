import { buffer } from 'node:stream/consumers';
import { reports, reportNames } from '../../src/features/reports/reports.js';
import type { Column } from '../../src/features/reports/report.js';
import { zipped } from '../../src/platform/files/zip.js';
import type { Json } from '../support/client.js';
import { describeInLibreOffice, libreOffice, shownByLibreOffice, type ShownBook } from '../support/libreoffice.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { unzipped } from '../support/unzipped.js';
import { use, usedContract } from '../support/usage.js';

// LibreOffice opens every report as a workbook. It must show the same values as the JSON answer of the service.

const pathOf = (name: string) => `/v1/reports/${name}?from=2026-04-01&to=2026-06-30`;

describeInLibreOffice(`in LibreOffice (skipped if ${libreOffice} does not exist)`, () => {
  let service: TestService;
  let finance: Person;
  let workbooks: Map<string, ShownBook>;

  beforeAll(async () => {
    service = await startService({ clock: '2026-07-01T03:00:00Z' });
    finance = await person(service, 'finance');
    await fill(service);
    const files = new Map<string, Buffer>();
    for (const name of reportNames) files.set(name, await workbook(name));
    files.set('in-japanese', await workbook('usage-lines', '&headings=ja'));
    files.set('filtered', await withFirstRowHidden(files.get('usage-lines')!));
    files.set('without-values', await withoutValues(files.get('usage-lines')!));
    const whole = files.get('usage-lines')!;
    files.set('cut-off', whole.subarray(0, whole.length - 100));
    workbooks = await shownByLibreOffice(files);
  });
  afterAll(() => service?.stop());

  async function workbook(name: string, more = ''): Promise<Buffer> {
    const answer = await fetch(`${service.baseUrl}${pathOf(name)}&format=xlsx${more}`, {
      headers: { authorization: `Bearer ${finance.token}` },
    });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      `attachment; filename="${name}_from_2026-04-01_to_2026-06-30.xlsx"`,
    ]);
    return Buffer.from(await answer.arrayBuffer());
  }

  test.each(reportNames)('%s shows the headings, rows and totals of the JSON answer', async (name) => {
    const { columns, proof } = reports[name];
    const { data, rowCount } = (await finance.get(pathOf(name))).body as { data: Json[]; rowCount: number };
    const sheet = workbooks.get(name)!.get(name)!;
    const check = proof ? ['0'] : [];
    expect(sheet[0]).toEqual([...columns.map((column) => `"${column.name}"`), ...(proof ? ['"check"'] : [])]);
    expect(sheet.slice(1, 1 + rowCount)).toEqual(
      data.map((row: Json) => [...columns.map((column) => cellFor(column, row)), ...check]),
    );
    expect(sheet[1 + rowCount]!.join('')).toBe('');
    expect(sheet.slice(2 + rowCount)).toEqual([
      [...columns.map((column, at) => ['"TOTAL"', String(rowCount)][at] ?? totalFor(column, data)), ...check],
      ...currencyTotals(columns, data),
    ]);
  });

  test('the totals of usage-lines equal those of the service, to the minute', async () => {
    const { rowCount, totalMinutes } = (await finance.get(pathOf('usage-lines'))).body;
    const totals = workbooks.get('usage-lines')!.get('usage-lines')!.at(-1)!;
    const at = (name: string) => reports['usage-lines'].columns.findIndex((column) => column.name === name);
    expect([rowCount, totalMinutes]).toEqual([7, 1_260]);
    expect([totals[1], totals[at('minutes')], totals[at('hours')]]).toEqual(['7', '1,260', '21.00']);
  });

  test('the totals follow the filter', () => {
    const sheet = workbooks.get('filtered')!.get('usage-lines')!;
    const at = (name: string) => reports['usage-lines'].columns.findIndex((column) => column.name === name);
    const totals = sheet.at(-1)!;
    expect([totals[1], totals[at('minutes')], totals[at('hours')]]).toEqual(['6', '1,240', '20.67']);
  });

  test('the totals are calculated by formula, not read from the file', () => {
    expect(workbooks.get('without-values')!.get('usage-lines')).toEqual(
      workbooks.get('usage-lines')!.get('usage-lines'),
    );
  });

  test('the headings and the name of the sheet are in Japanese if the request says so', () => {
    const [headings] = workbooks.get('in-japanese')!.get('作業明細')!;
    expect(headings).toEqual(reports['usage-lines'].columns.map(({ ja }) => `"${ja}"`));
  });

  test('a file that is cut off cannot be opened', () => {
    expect([...workbooks.keys()]).toEqual([...reportNames, 'in-japanese', 'filtered', 'without-values']);
  });
});

/** Enters hours with summaries that a spreadsheet could misread, a reversed entry, and a visit with expenses in two currencies. */
async function fill(service: TestService): Promise<void> {
  const contract = await usedContract(service, { package: 'premier', startsOn: '2026-04-01', locale: 'ja' });
  const { id, csm, consultantId } = contract;
  await use(contract, '2026-04-01', 20, { summary: '=HYPERLINK("http://x","y")', reference: '0012' });
  await use(contract, '2026-04-02', 20, { summary: '設定の確認 <b> & "引用" _x000D_\n二行目' });
  await use(contract, '2026-04-02', 20, { summary: "'+1-2@\t ", severity: 2 });
  await use(contract, '2026-04-03', 600);
  await use(contract, '2026-04-04', 600);
  const wrong = await use(contract, '2026-05-31', 90);
  await bodyOf(csm.post(`/v1/time-entries/${wrong.id}/reversal`, { reason: 'Wrong customer' }));
  const onsite = { startsOn: '2026-06-02', endsOn: '2026-06-03', place: '大阪', consultantIds: [consultantId] };
  const visit = await bodyOf(csm.post(`/v1/subscriptions/${id}/visits`, onsite));
  for (const expense of [
    { amount: '14720', currency: 'JPY', description: '新幹線' },
    { amount: '1234.5', currency: 'USD', description: '=1+1' },
  ]) {
    await bodyOf(csm.post(`/v1/visits/${visit.id}/expenses`, expense));
  }
}

async function bodyOf(request: Promise<{ status: number; body: Json }>): Promise<Json> {
  const { status, body } = await request;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

/** The same workbook with a wrong value beside every formula. */
async function withoutValues(bytes: Buffer): Promise<Buffer> {
  const parts = [...(await unzipped(bytes))].map(([path, content]) => ({
    path,
    pieces: () => [content.toString().replaceAll(/<\/f><v>.*?<\/v>/g, '</f><v>7</v>')],
  }));
  return buffer(zipped(parts));
}

/** The same workbook with its first row hidden, as by a filter. */
async function withFirstRowHidden(bytes: Buffer): Promise<Buffer> {
  const parts = [...(await unzipped(bytes))].map(([path, content]) => ({
    path,
    pieces: () => [content.toString().replace('<row r="2">', '<row r="2" hidden="1">')],
  }));
  return buffer(zipped(parts));
}

/** The text that LibreOffice shows for a value of the JSON answer. */
function cellFor(column: Column, row: Json): string {
  const value = row[column.name] as string | number | null;
  if (value === null) return '';
  switch (column.type) {
    case 'text':
    case 'code':
      return JSON.stringify(value);
    case 'minutes':
      return grouped(value, 0);
    case 'hours':
      return grouped(minutesOf(row, column) / 60, 2);
    case 'amount':
      return grouped(value, String(value).split('.')[1]?.length ?? 0);
    case 'instant':
      return `${String(value).slice(0, 10)} ${String(value).slice(11, 19)} UTC`;
    default:
      return String(value);
  }
}

/** The minutes of a cell of hours, which a workbook does not round. */
const minutesOf = (row: Json, column: Column): number => (column.type === 'hours' ? Number(row[column.of]) : 0);

function totalFor(column: Column, data: Json[]): string {
  if (column.type === 'minutes')
    return grouped(
      sumOf(data, (row) => Number(row[column.name])),
      0,
    );
  return column.type === 'hours' ? grouped(sumOf(data, (row) => minutesOf(row, column)) / 60, 2) : '';
}

/** The rows below the totals: one for each currency. */
function currencyTotals(columns: readonly Column[], data: Json[]): string[][] {
  const currencies = [...new Set(data.flatMap(({ currency }) => (currency as string | undefined) ?? []))].sort();
  return currencies.map((currency) => {
    const spent = sumOf(data, (row) => (row.currency === currency ? Number(row.amount) : 0));
    const shown: Record<string, string> = {
      amount: grouped(spent, currency === 'JPY' ? 0 : 2),
      currency: JSON.stringify(currency),
    };
    return columns.map(({ name }, at) => (at === 0 ? '"TOTAL"' : (shown[name] ?? '')));
  });
}

const sumOf = (data: Json[], valueOf: (row: Json) => number): number =>
  data.reduce<number>((total, row) => total + valueOf(row), 0);

const grouped = (value: string | number, decimals: number): string =>
  Number(value).toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
