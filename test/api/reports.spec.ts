import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { Actor, Role, Viewer } from '../../src/domain/access.js';
import { AdjustmentListService } from '../../src/features/hours/adjustment-list.service.js';
import { MonthOverviewService } from '../../src/features/periods/month-overview.service.js';
import { ReportService } from '../../src/features/reports/report.service.js';
import { askedFor, printedColumns } from '../../src/features/reports/printed-columns.js';
import type { Column, Report } from '../../src/features/reports/report.js';
import { reports, type ReportName } from '../../src/features/reports/reports.js';
import { api, type Answer, type Api, type Json } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// A story of four customers, in which January is closed before the end. The expected reports were worked out by hand.

let service: TestService;
let admin: Api;
let finance: Person;
let hana: Person;
let ken: Person;
let aoi: Contract;
let birch: Contract;
let cedar: Contract;
let customerOfAoi: Person;
let sato: string;
let suzuki: string;
/** The files of January on the basis `closed`, as exported just after January was closed. */
let frozen: string[];
/** The ids of entries and expenses, by their names in the story: e1, x1 … */
const ids = new Map<string, string>();
const shortName = (id: string): string => [...ids].find(([, each]) => each === id)?.[0] ?? id;

interface Contract {
  id: string;
  customerId: string;
}

beforeAll(async () => {
  service = await startService({ clock: '2026-01-25T00:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  hana = await person(service, 'csm');
  ken = await person(service, 'csm');
  sato = (await created(admin.post('/v1/consultants', { name: 'Sato', email: 'sato@trm.example' }))).id;
  suzuki = (await created(admin.post('/v1/consultants', { name: 'Suzuki', email: 'suzuki@trm.example' }))).id;
  const lines: Json[] = [];
  for (const code of ['DB', 'STO']) lines.push(await created(admin.post('/v1/product-lines', { code, name: code })));
  const [db, sto] = lines.map(({ id }) => id as string) as [string, string];

  aoi = await contract(hana, 'あおい', 'premier', '2026-01-01', [db, sto], [sato, suzuki]);
  birch = await contract(ken, 'Birch', 'basic', '2025-02-10', [db], [sato]);
  cedar = await contract(hana, 'Cedar', 'basic', '2026-01-01', [db], [sato]);
  customerOfAoi = await person(service, 'customer', aoi.customerId);
  await created(
    ken.post(`/v1/subscriptions/${birch.id}/seats`, { learnerName: 'Bo', learnerEmail: 'bo@birch.example' }),
  );

  const visit = { startsOn: '2026-01-21', endsOn: '2026-01-22', place: '大阪', consultantIds: [sato] };
  const visitId = (await created(hana.post(`/v1/subscriptions/${aoi.id}/visits`, visit))).id as string;
  const onDb = { consultantId: sato, productLineId: db, activity: 'health-check', delivery: 'remote', summary: 'ok' };
  const onSto = { ...onDb, consultantId: suzuki, productLineId: sto, activity: 'upgrade' };
  const onsite = { ...onDb, delivery: 'onsite', visitId };
  await book('e1', hana, aoi, { ...onDb, workDate: '2026-01-10', minutes: 60 });
  await book('e2', hana, aoi, { ...onSto, workDate: '2026-01-20', minutes: 50 });
  await book('e3', hana, aoi, { ...onsite, workDate: '2026-01-21', minutes: 100 });
  await book('e4', ken, birch, { ...onDb, workDate: '2026-01-15', minutes: 45 });
  await reverse('e2', hana);
  await addExpense('x1', visitId, { amount: '12500', currency: 'JPY', description: '=新幹線' });
  await addExpense('x2', visitId, { amount: '8000', currency: 'JPY', description: 'Hotel' });
  await created(hana.post(`/v1/expenses/${ids.get('x2')}/reversal`, { reason: 'paid by the customer' }));

  await advanceTo('2026-02-03T00:00:00Z');
  expect((await finance.post('/v1/periods/2026-01/close')).status).toBe(200);
  frozen = await filesOfJanuary();
  await rename(`/v1/customers/${aoi.customerId}`, 'あおいHD');
  await rename(`/v1/consultants/${sato}`, 'Sato-Kimura');
  await reverse('e1', hana);
  const corrected = { ...onsite, workDate: '2026-01-21', minutes: 90, reason: 'ten less' };
  const correction = await created(hana.post(`/v1/time-entries/${ids.get('e3')}/correction`, corrected));
  ids.set('e3b', correction.entry.id);
  await book('e5', hana, aoi, { ...onSto, workDate: '2026-02-02', minutes: 30, activity: 'enablement' });
  await book('e6', ken, birch, { ...onDb, workDate: '2026-02-02', minutes: 15 });
  await addExpense('x3', visitId, { amount: '3000', currency: 'JPY', description: 'Taxi' });

  await advanceTo('2026-02-11T00:00:00Z');
  await book('e7', ken, birch, { ...onDb, workDate: '2026-02-09', minutes: 20 });
  await reverse('e6', ken);
  await created(hana.post(`/v1/subscriptions/${cedar.id}/upgrade`, { package: 'premier' }));
  await contract(hana, 'Dogwood', 'dedicated', '2026-06-01', [], []);
  const { headers } = await hana.get(`/v1/subscriptions/${aoi.id}`);
  const chosen = { package: 'basic' };
  const ifMatch = { 'if-match': headers.get('etag')! };
  expect((await hana.put(`/v1/subscriptions/${aoi.id}/next-package`, chosen, ifMatch)).status).toBe(200);
});
afterAll(() => service.stop());

const january = 'from=2026-01-01&to=2026-01-31';
const february = 'from=2026-02-01&to=2026-02-28';

describe('usage-lines', () => {
  const columns = 'entryId kind workDate month customer consultant minutes onsiteMinutes adjustsMonth';

  test('on the basis corrected, lists every line under its work day', async () => {
    expect(await table('usage-lines', '', columns)).toEqual([
      'e1 entry 2026-01-10 2026-01 あおいHD Sato-Kimura 60 0 -',
      'e1 adjustment 2026-01-10 2026-01 あおいHD Sato-Kimura -60 0 2026-01',
      'e4 entry 2026-01-15 2026-01 Birch Sato-Kimura 45 0 -',
      'e2 entry 2026-01-20 2026-01 あおいHD Suzuki 50 0 -',
      'e2 reversal 2026-01-20 2026-01 あおいHD Suzuki -50 0 -',
      'e3 entry 2026-01-21 2026-01 あおいHD Sato-Kimura 100 100 -',
      'e3 adjustment 2026-01-21 2026-01 あおいHD Sato-Kimura -100 -100 2026-01',
      'e3b adjustment 2026-01-21 2026-01 あおいHD Sato-Kimura 90 90 2026-01',
      'e5 entry 2026-02-02 2026-02 あおいHD Suzuki 30 0 -',
      'e6 entry 2026-02-02 2026-02 Birch Sato-Kimura 15 0 -',
      'e6 reversal 2026-02-02 2026-02 Birch Sato-Kimura -15 0 -',
      'e7 entry 2026-02-09 2026-02 Birch Sato-Kimura 20 0 -',
    ]);
  });

  test('on the basis closed, lists January as it was closed, and later changes of it in February', async () => {
    expect(await table('usage-lines', 'basis=closed', columns)).toEqual([
      'e1 entry 2026-01-10 2026-01 あおい Sato 60 0 -',
      'e4 entry 2026-01-15 2026-01 Birch Sato 45 0 -',
      'e2 entry 2026-01-20 2026-01 あおい Suzuki 50 0 -',
      'e2 reversal 2026-01-20 2026-01 あおい Suzuki -50 0 -',
      'e3 entry 2026-01-21 2026-01 あおい Sato 100 100 -',
      'e5 entry 2026-02-02 2026-02 あおいHD Suzuki 30 0 -',
      'e6 entry 2026-02-02 2026-02 Birch Sato-Kimura 15 0 -',
      'e6 reversal 2026-02-02 2026-02 Birch Sato-Kimura -15 0 -',
      'e7 entry 2026-02-09 2026-02 Birch Sato-Kimura 20 0 -',
      'e1 adjustment 2026-01-10 2026-02 あおいHD Sato-Kimura -60 0 2026-01',
      'e3 adjustment 2026-01-21 2026-02 あおいHD Sato-Kimura -100 -100 2026-01',
      'e3b adjustment 2026-01-21 2026-02 あおいHD Sato-Kimura 90 90 2026-01',
    ]);
  });

  test.each([
    ['january', '', 135],
    ['january', '&basis=closed', 205],
    ['february', '', 50],
    ['february', '&basis=closed', -20],
    ['from=2026-02-01&to=2026-02-27', '&basis=closed', 50],
    ['from=2026-02-28&to=2026-02-28', '&basis=closed', -70],
    ['from=2026-02-28&to=2026-03-01', '&basis=closed', -70],
    ['from=1900-01-01&to=2199-12-31', '&basis=closed', 185],
  ])('with %s%s adds up to %i minutes', async (period, basis, minutes) => {
    const days = { january, february }[period] ?? period;
    expect((await read('usage-lines', days + basis)).totalMinutes).toBe(minutes);
  });
});

describe('usage-summary', () => {
  const columns = 'month customer productLine consultant activity delivery entries minutes hours lines';

  test('on the basis corrected counts time under its work day', async () => {
    expect(await table('usage-summary', '', columns)).toEqual([
      '2026-01 Birch DB Sato-Kimura health-check remote 1 45 0.75 1',
      '2026-01 あおいHD DB Sato-Kimura health-check onsite 1 90 1.5 3',
      '2026-01 あおいHD DB Sato-Kimura health-check remote 0 0 0 2',
      '2026-01 あおいHD STO Suzuki upgrade remote 0 0 0 2',
      '2026-02 Birch DB Sato-Kimura health-check remote 1 20 0.33 3',
      '2026-02 あおいHD STO Suzuki enablement remote 1 30 0.5 1',
    ]);
  });

  test('on the basis closed counts time in its period', async () => {
    expect(await table('usage-summary', 'basis=closed', columns)).toEqual([
      '2026-01 Birch DB Sato health-check remote 1 45 0.75 1',
      '2026-01 あおい DB Sato health-check onsite 1 100 1.67 1',
      '2026-01 あおい DB Sato health-check remote 1 60 1 1',
      '2026-01 あおい STO Suzuki upgrade remote 0 0 0 2',
      '2026-02 Birch DB Sato-Kimura health-check remote 1 20 0.33 3',
      '2026-02 あおいHD DB Sato-Kimura health-check onsite 0 -10 -0.17 2',
      '2026-02 あおいHD DB Sato-Kimura health-check remote -1 -60 -1 1',
      '2026-02 あおいHD STO Suzuki enablement remote 1 30 0.5 1',
    ]);
  });
});

describe('utilisation', () => {
  const columns = 'consultant month minutes hours onsiteMinutes customers';

  test('on the basis corrected counts time under its work day', async () => {
    expect(await table('utilisation', '', columns)).toEqual([
      'Sato-Kimura 2026-01 135 2.25 90 2',
      'Sato-Kimura 2026-02 20 0.33 0 1',
      'Suzuki 2026-01 0 0 0 0',
      'Suzuki 2026-02 30 0.5 0 1',
    ]);
  });

  test('on the basis closed counts time in its period', async () => {
    expect(await table('utilisation', 'basis=closed', columns)).toEqual([
      'Sato 2026-01 205 3.42 100 2',
      'Sato-Kimura 2026-02 -50 -0.84 -10 2',
      'Suzuki 2026-01 0 0 0 0',
      'Suzuki 2026-02 30 0.5 0 1',
    ]);
  });

  test('for a CSM counts only time worked for the customers of that CSM', async () => {
    expect(await table('utilisation', '', columns, ken)).toEqual([
      'Sato-Kimura 2026-01 45 0.75 0 1',
      'Sato-Kimura 2026-02 20 0.33 0 1',
    ]);
  });
});

describe('entitlements', () => {
  const columns =
    'customer package termNumber startsOn endsOn status openingMinutes grantedMinutes usedMinutes reversedMinutes expiredMinutes closingMinutes';

  test('without a period covers whole terms; granted includes upgrades, and expired excludes late entries', async () => {
    expect(await table('entitlements', '', columns)).toEqual([
      'Birch basic 0 2025-02-10 2026-02-09 closed 0 5760 80 15 5695 0',
      'Birch basic 1 2026-02-10 2027-02-09 open 0 5760 0 0 0 5760',
      'Cedar premier 0 2026-01-01 2026-12-31 open 0 10873 0 0 0 10873',
      'Dogwood dedicated 0 2026-06-01 2027-05-31 upcoming 0 96000 0 0 0 96000',
      'あおいHD premier 0 2026-01-01 2026-12-31 open 0 11520 330 210 0 11400',
    ]);
  });

  test('of February opens with the balance of January as it is corrected today', async () => {
    expect(await table('entitlements', february, columns)).toEqual([
      'Birch basic 0 2025-02-10 2026-02-09 closed 5715 0 35 15 5695 0',
      'Birch basic 1 2026-02-10 2027-02-09 open 0 5760 0 0 0 5760',
      'Cedar premier 0 2026-01-01 2026-12-31 open 5760 5113 0 0 0 10873',
      'あおいHD premier 0 2026-01-01 2026-12-31 open 11430 0 30 0 0 11400',
    ]);
  });

  test('on the basis closed counts the adjustments of January in February', async () => {
    expect(await table('entitlements', `${january}&basis=closed`, columns)).toEqual([
      'Birch basic 0 2025-02-10 2026-02-09 open 5760 0 45 0 0 5715',
      'Cedar basic 0 2026-01-01 2026-12-31 open 0 5760 0 0 0 5760',
      'あおい premier 0 2026-01-01 2026-12-31 open 0 11520 210 50 0 11360',
    ]);
    expect((await table('entitlements', `${february}&basis=closed`, columns)).at(-1)).toBe(
      'あおいHD premier 0 2026-01-01 2026-12-31 open 11360 0 120 160 0 11400',
    );
  });

  test('closes each day with the balance of that day; opening + granted − used + reversed − expired = closing', async () => {
    for (const on of ['2026-01-15', '2026-01-31', '2026-02-08', '2026-02-09', '2026-02-10', '2026-02-28']) {
      const { data, totalMinutes } = await read('entitlements', `from=${on}&to=${on}`);
      for (const row of data) {
        const balance = await finance.get(`/v1/subscriptions/${row.subscriptionId}/balance?on=${on}`);
        expect([on, row.customer, row.closingMinutes]).toEqual([on, row.customer, balance.body.remainingMinutes]);
      }
      expect(totalMinutes).toBe(sum(data, 'closingMinutes'));
    }
    const { header, trailer } = await csv('entitlements', february);
    const total = (name: string) => Number(trailer[header.indexOf(name)]);
    expect(provenTotal(total)).toBe(total('closingMinutes'));
    expect(total('closingMinutes')).toBe(5760 + 10873 + 11400);
  });

  test('selects by the package at the end of the period', async () => {
    const packages = async (query: string) => (await read('entitlements', query)).data.map((row: Json) => row.customer);
    expect(await packages(`${january}&package=basic`)).toEqual(['Birch', 'Cedar']);
    expect(await packages(`${february}&package=basic`)).toEqual(['Birch', 'Birch']);
    expect(await packages(`${february}&package=premier`)).toEqual(['Cedar', 'あおいHD']);
  });
});

describe('expired-hours', () => {
  const row = 'Birch basic 0 2026-02-09 5695 94.92 1';

  test.each([
    ['', [row]],
    ['from=2026-02-09&to=2026-02-09', [row]],
    ['from=2026-02-10', []],
    ['to=2026-02-08', []],
    ['package=basic&basis=closed', [row]],
    ['package=premier', []],
  ])('with the query “%s” lists the terms that ended then', async (query, rows) => {
    const columns = 'customer package termNumber endsOn expiredMinutes expiredHours seatsExpired';
    expect(await table('expired-hours', query, columns)).toEqual(rows);
  });
});

describe('renewals', () => {
  const all = [
    'Cedar premier - 2026-12-31 2026-11-01 open 10873 0',
    'あおいHD premier basic 2026-12-31 2026-11-01 open 11400 0',
    'Birch basic - 2027-02-09 2026-12-11 open 5760 1',
    'Dogwood dedicated - 2027-05-31 2027-04-01 open 96000 0',
  ];

  test.each([
    ['', all],
    ['from=2026-11-01&to=2026-11-01', all.slice(0, 2)],
    ['from=2026-11-02&to=2027-03-31', all.slice(2, 3)],
    ['from=2027-04-01', all.slice(3)],
    ['package=premier&basis=closed', all.slice(0, 2)],
  ])('with the query “%s” lists the terms with these notice deadlines', async (query, rows) => {
    const columns = 'customer package nextPackage endsOn noticeDeadline renewalState remainingMinutes seatsInUse';
    expect(await table('renewals', query, columns)).toEqual(rows);
  });
});

describe('travel-expenses', () => {
  const columns = 'expenseId kind customer startsOn endsOn place amount currency description month adjustsMonth';

  test('counts a later expense of a closed month there (corrected) or in the next open month (closed)', async () => {
    const of = (customer: string) => `${customer} 2026-01-21 2026-01-22 大阪`;
    expect(await table('travel-expenses', '', columns)).toEqual([
      `x1 expense ${of('あおいHD')} 12500 JPY =新幹線 2026-01 -`,
      `x2 expense ${of('あおいHD')} 8000 JPY Hotel 2026-01 -`,
      `x2 reversal ${of('あおいHD')} -8000 JPY Hotel 2026-01 -`,
      `x3 adjustment ${of('あおいHD')} 3000 JPY Taxi 2026-01 2026-01`,
    ]);
    expect(await table('travel-expenses', 'basis=closed', columns)).toEqual([
      `x1 expense ${of('あおい')} 12500 JPY =新幹線 2026-01 -`,
      `x2 expense ${of('あおい')} 8000 JPY Hotel 2026-01 -`,
      `x2 reversal ${of('あおい')} -8000 JPY Hotel 2026-01 -`,
      `x3 adjustment ${of('あおいHD')} 3000 JPY Taxi 2026-02 2026-01`,
    ]);
  });

  test.each([
    [january, 'x1 x2 x2 x3', '15500'],
    [`${january}&basis=closed`, 'x1 x2 x2', '12500'],
    [`${february}&basis=closed`, 'x3', '3000'],
    [february, '', ''],
    ['from=2026-01-22', '', ''],
    ['package=premier', 'x1 x2 x2 x3', '15500'],
    ['package=basic', '', ''],
  ])('with “%s” lists “%s”, and adds up to %s', async (query, expenses, amount) => {
    const { header, records, trailer } = await csv('travel-expenses', query);
    const listed = records.map((record) => shortName(record[header.indexOf('expenseId')]!));
    expect([listed.join(' '), trailer[header.indexOf('amount')]]).toEqual([expenses, amount]);
    expect((await read('travel-expenses', query)).totalMinutes).toBe(0);
  });

  test.each([
    ['0.10 0.20 -0.05', '0.25'],
    ['-0.05', '-0.05'],
    ['12500 -12500', '0'],
    ['9999999999.999 0.001', '10000000000.000'],
    ['9007199254740993 1', '9007199254740994'],
  ])('adds up %s exactly, to %s', (amounts, total) => {
    const report = reports['travel-expenses'];
    const amount = printedColumns(report).find(({ column }) => column.type === 'amount')!;
    const columns = askedFor(report);
    for (const each of amounts.split(' ')) {
      expect(amount.print(columns.map((name) => ({ amount: each, currency: 'KWD' })[name] ?? null))).toBe(each);
    }
    expect(amount.total()).toBe(total);
  });

  test('has one total for each currency', async () => {
    const visitId = (await read('travel-expenses', '')).data[0].visitId as string;
    await addExpense('x4', visitId, { amount: '10.50', currency: 'USD', description: 'Roaming' });
    const { header, records, trailer } = await csv('travel-expenses', '');
    expect(records.at(-1)![header.indexOf('amount')]).toBe('10.50');
    expect(trailer[header.indexOf('amount')]).toBe('15500 JPY; 10.50 USD');
    const { totalAmounts } = await read('travel-expenses', '');
    expect(totalAmounts).toEqual({ JPY: '15500', USD: '10.50' });
  });
});

test('the files of a closed month stay the same after renames, reversals, a roll-over and an upgrade', async () => {
  await rename(`/v1/customers/${cedar.customerId}`, 'A customer without work in January');
  try {
    expect(await filesOfJanuary()).toEqual(frozen);
  } finally {
    await rename(`/v1/customers/${cedar.customerId}`, 'Cedar');
  }
});

describe('every report', () => {
  const names = Object.keys(reports) as ReportName[];

  /** The customers in the rows of a report, sorted. */
  const customersIn = async (who: Api, name: ReportName, query = ''): Promise<string> => {
    const { data } = await read(name, query, who);
    return [...new Set((data as Json[]).map(({ customer }) => customer as string))].sort().join(' ');
  };

  // prettier-ignore
  test.each([
    //                                    admin and finance               Hana                       Ken
    ['usage-lines',     'reports.usage', 'Birch あおいHD',               'あおいHD',               'Birch'],
    ['usage-summary',   'reports.usage', 'Birch あおいHD',               'あおいHD',               'Birch'],
    ['entitlements',    'reports.usage', 'Birch Cedar Dogwood あおいHD', 'Cedar Dogwood あおいHD', 'Birch'],
    ['expired-hours',   'reports.read',  'Birch',                        '',                       'Birch'],
    ['renewals',        'reports.read',  'Birch Cedar Dogwood あおいHD', 'Cedar Dogwood あおいHD', 'Birch'],
    ['travel-expenses', 'reports.read',  'あおいHD',                     'あおいHD',               ''],
  ] as const)('shows each user only the rows of visible customers: %s', async (name, permission, ofAll, ofHana, ofKen) => {
    expect(await customersIn(admin, name)).toBe(ofAll);
    expect(await customersIn(finance, name)).toBe(ofAll);
    expect(await customersIn(hana, name)).toBe(ofHana);
    expect(await customersIn(ken, name)).toBe(ofKen);
    expect(await customersIn(finance, name, `csmId=${hana.id}`)).toBe(ofHana);
    expect(await customersIn(finance, name, `csmId=${ken.id}`)).toBe(ofKen);
    expect(await customersIn(ken, name, `customerId=${aoi.customerId}`)).toBe('');
    expect(await customersIn(hana, name, `csmId=${ken.id}`)).toBe('');
    const ofCustomer = await customerOfAoi.get(`/v1/reports/${name}`);
    expect([reports[name].permission, ofCustomer.status]).toEqual([permission, permission === 'reports.usage' ? 200 : 403]);
    if (permission === 'reports.read') return;
    expect(await customersIn(customerOfAoi, name)).toBe('あおいHD');
    expect(await customersIn(customerOfAoi, name, `customerId=${birch.customerId}`)).toBe('');
  });

  test('about utilisation is forbidden to customers', async () => {
    expect((await customerOfAoi.get('/v1/reports/utilisation')).status).toBe(403);
  });

  test('with an unknown name gets 404', async () => {
    for (const name of ['usage', 'Usage-lines', 'usage-lines.csv', '__proto__', 'constructor']) {
      expect((await finance.get(`/v1/reports/${name}`)).status).toBe(404);
    }
  });

  const publishedColumns: Record<ReportName, string> = {
    'usage-lines':
      'entryId kind customerId customer subscriptionId package termNumber workDate month consultant productLine activity ' +
      'delivery visitId minutes hours onsiteMinutes reference severity summary recordedAt recordedBy adjustsMonth',
    'usage-summary':
      'month customerId customer subscriptionId productLine consultant activity delivery entries minutes hours',
    entitlements:
      'customerId customer subscriptionId package termNumber startsOn endsOn status openingMinutes grantedMinutes ' +
      'usedMinutes reversedMinutes expiredMinutes closingMinutes',
    'expired-hours':
      'customerId customer subscriptionId package termNumber endsOn expiredMinutes expiredHours seatsExpired',
    renewals:
      'customerId customer subscriptionId package nextPackage endsOn noticeDeadline renewalState remainingMinutes seatsInUse',
    utilisation: 'consultantId consultant month minutes hours onsiteMinutes customers',
    'travel-expenses': 'customerId customer subscriptionId visitId startsOn endsOn place amount currency description',
  };

  test.each(names)(
    '%s keeps its published columns and their order, and its rows have just these columns',
    async (name) => {
      const columns = reports[name].columns.map((column) => column.name);
      expect(`${columns.join(' ')} `.startsWith(`${publishedColumns[name]} `)).toBe(true);
      expect(new Set(columns).size).toBe(columns.length);
      const { data } = await read(name, '');
      expect(data.length).toBeGreaterThan(0);
      for (const row of data as Json[]) expect(Object.keys(row as object)).toEqual(columns);
      expect((await csv(name, '')).header).toEqual(columns);
    },
  );

  test.each(names)(
    '%s has distinct headings in both languages, and empty cells only in columns that may be empty',
    async (name) => {
      const { columns } = reports[name];
      for (const language of ['en', 'ja'] as const) {
        const headings = columns.map((column) => column[language]);
        expect(new Set(headings).size).toBe(columns.length);
        expect((await csv(name, `headings=${language}`)).header).toEqual(headings);
      }
      expect(columns.filter(({ ja }) => !/[^\x20-\x7e]/.test(ja))).toEqual([]);
      const { data } = await read(name, '');
      const empty = columns.filter((column) => (data as Json[]).some((row) => row[column.name] === null));
      expect(empty.filter(({ mayBeEmpty }) => !mayBeEmpty)).toEqual([]);
    },
  );

  test.each(names)('%s has a trailer with the totals of minutes and hours', async (name) => {
    const report = reports[name];
    const { header, records, trailer } = await csv(name, '');
    expect(trailer.slice(0, 2)).toEqual(['TOTAL', String(records.length)]);
    const summed = report.columns.filter(({ type }) => type === 'minutes' || type === 'hours');
    for (const column of summed) {
      const cents = (record: string[]) => Math.round(Number(record[header.indexOf(column.name)]) * 100);
      expect([column.name, cents(trailer)]).toEqual([column.name, records.reduce((all, each) => all + cents(each), 0)]);
    }
    const { totalMinutes } = await read(name, '');
    expect(totalMinutes).toBe(report.totalOf === undefined ? 0 : Number(trailer[header.indexOf(report.totalOf)]));
  });

  test('refers in its definition only to its own columns', () => {
    for (const { columns, totalOf, proof } of Object.values<Report>(reports)) {
      const minutes = columns.filter(({ type }) => type === 'minutes').map(({ name }) => name);
      const referred = [totalOf, proof?.of, ...Object.keys(proof?.from ?? {}), ...columns.flatMap(hoursOf)];
      expect(minutes).toEqual(expect.arrayContaining(referred.filter((name) => name !== undefined)));
    }
  });

  test('has a description of each column and of the trailer in the OpenAPI document', async () => {
    const { body } = await api(service.baseUrl).get('/openapi.json');
    for (const [name, { columns, proof }] of Object.entries<Report>(reports)) {
      const { description, responses } = body.paths[`/v1/reports/${name}`].get;
      for (const column of columns) expect(description).toContain(`| \`${column.name}\` | `);
      expect(description).toContain('`TOTAL`');
      expect(description.includes('= `closingMinutes`')).toBe(proof !== undefined);
      const { properties } = responses['200'].content['application/json'].schema.properties.data.items;
      expect(Object.keys(properties as object)).toEqual(columns.map((column) => column.name));
    }
  });
});

describe('the preview of a report', () => {
  const names = Object.keys(reports) as ReportName[];
  const bothBases = names.flatMap((name) => (['corrected', 'closed'] as const).map((basis) => [name, basis] as const));

  const previewed = (name: ReportName, basis: 'corrected' | 'closed', mostRows: number, headings?: 'en' | 'ja') =>
    service.app.get(ReportService).preview(viewer(finance), reports[name], { basis, headings }, mostRows);

  test.each(bothBases)('of %s on the basis %s prints the cells and the totals of its file', async (name, basis) => {
    const file = await csv(name, `basis=${basis}&headings=ja`);
    const preview = await previewed(name, basis, 50, 'ja');
    const cells = preview.rows.map((row) => row.map((cell) => (cell ?? '').replace(/^(?==)/, "'")));
    expect(cells).toEqual(file.records);
    expect(preview.rowCount).toBe(file.records.length);
    expect(preview.totals.slice(2).map((total) => total ?? '')).toEqual(file.trailer.slice(2));
  });

  test.each(bothBases)('of %s on the basis %s has only the first rows, but the totals of all', async (name, basis) => {
    const [all, first] = [await previewed(name, basis, 50), await previewed(name, basis, 1)];
    expect(first).toEqual({ ...all, rows: all.rows.slice(0, 1) });
  });

  test('shows only the rows of visible customers, and is forbidden like the report itself', async () => {
    const reporting = service.app.get(ReportService);
    const ofKen = await reporting.preview(viewer(ken, 'csm'), reports['usage-lines'], {}, 50);
    const places = ofKen.columns.map(({ name }) => name);
    expect(new Set(ofKen.rows.map((row) => row[places.indexOf('customer')]))).toEqual(new Set(['Birch']));
    expect(ofKen.totals[places.indexOf('minutes')]).toBe('65');
    const customer = viewer(customerOfAoi, 'customer', aoi.customerId);
    await expect(reporting.preview(customer, reports.renewals, {}, 50)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the overview of the months', () => {
  test('has each month on both bases, and sums that agree with each other and with the ledgers', async () => {
    const overview = await service.database.read((tx) => service.app.get(MonthOverviewService).overview(tx));
    const { months, sums, ledgerMinutes, agree } = overview;
    const shown = months.map(({ month, status, rows, minutes, taken, given, corrected }) =>
      [month, status, rows, minutes, taken.minutes, given.minutes, corrected.rows, corrected.minutes].join(' '),
    );
    expect(shown.slice(0, 3)).toEqual([
      '2026-02 open 7 -20 -70 0 4 50',
      '2026-01 closed 5 205 0 -70 8 135',
      '2025-12 closed 0 0 0 0 0 0',
    ]);
    expect(months.at(-1)!.month).toBe('2025-02');
    expect(months[1]).toMatchObject({ closedAt: new Date('2026-02-03T00:00:00Z'), onsiteMinutes: 100 });
    expect(months[1]!.closedBy).toMatch(/^finance/);
    expect(sums.closed).toEqual({ rows: 12, minutes: 185, onsiteMinutes: 90 });
    expect(sums.corrected).toEqual(sums.closed);
    expect([sums.taken.rows, ledgerMinutes, agree]).toEqual([3, 185, true]);
  });

  test('lists the adjustments of a month from both sides, and only those that the user may see', async () => {
    const list = (who: Viewer, month: string) =>
      service.database.read((tx) => service.app.get(AdjustmentListService).list(tx, who as Actor, month));
    const ofJanuary = await list(viewer(finance), '2026-01');
    expect(ofJanuary.count).toBe(3);
    const shown = ofJanuary.listed.map(({ kind, timeEntryId, minutes, reason, accountingMonth }) =>
      [kind, shortName(timeEntryId), minutes, reason, accountingMonth].join(' '),
    );
    expect(shown.sort()).toEqual([
      'entry e3b 90  2026-02',
      'reversal e1 -60 mistaken 2026-02',
      'reversal e3 -100 ten less 2026-02',
    ]);
    expect((await list(viewer(finance), '2026-02')).listed).toEqual(ofJanuary.listed);
    expect((await list(viewer(ken, 'csm'), '2026-01')).count).toBe(0);
  });
});

const viewer = ({ id: userId }: Person, role: Role = 'finance', customerId: string | null = null): Viewer => ({
  ...{ userId, role, customerId },
  deputyFor: [],
});

describe('with random parameters', () => {
  const day = fc.constantFrom(
    '2025-12-31',
    '2026-01-10',
    '2026-01-20',
    '2026-01-31',
    '2026-02-09',
    '2026-02-27',
    '2026-02-28',
  );
  const parameters = fc.record({
    basis: fc.constantFrom('corrected', 'closed'),
    from: fc.option(day),
    to: fc.option(day),
    customer: fc.constantFrom(
      undefined,
      () => aoi.customerId,
      () => birch.customerId,
    ),
    csm: fc.constantFrom(
      undefined,
      () => hana.id,
      () => ken.id,
    ),
    package: fc.option(fc.constantFrom('basic', 'premier')),
  });

  test('usage-summary, utilisation and entitlements add up to usage-lines', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async ({ basis, from, to, customer, csm, package: sold }) => {
        fc.pre(!from || !to || from <= to);
        const query = new URLSearchParams({
          basis,
          ...(from && { from }),
          ...(to && { to }),
          ...(customer && { customerId: customer() }),
          ...(csm && { csmId: csm() }),
        }).toString();
        const sameWork = query + (sold ? `&package=${sold}` : '');
        const lines = await read('usage-lines', sameWork);
        const summary = await read('usage-summary', sameWork);
        const worked = await read('utilisation', sameWork);
        expect([summary.totalMinutes, worked.totalMinutes]).toEqual([lines.totalMinutes, lines.totalMinutes]);
        expect(sum(summary.data, 'lines')).toBe(lines.rowCount);
        expect(sum(worked.data, 'onsiteMinutes')).toBe(sum(lines.data, 'onsiteMinutes'));
        expect(sum(summary.data, 'hours')).toBeCloseTo(sum(lines.data, 'hours'), 6);

        const statement = await read('entitlements', query);
        const allLines = sold ? await read('usage-lines', query) : lines;
        expect(sum(statement.data, 'usedMinutes') - sum(statement.data, 'reversedMinutes')).toBe(allLines.totalMinutes);
        for (const row of statement.data as Json[]) {
          expect(provenTotal((name) => row[name] as number)).toBe(row.closingMinutes);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('two parts of a period add up to the whole; the second opens with the closing balances of the first', async () => {
    const splits = fc.constantFrom('2026-01-09', '2026-01-10', '2026-01-20', '2026-01-31', '2026-02-02', '2026-02-27');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('corrected', 'closed'), splits, async (basis, split) => {
        const before = `basis=${basis}&from=2026-01-01&to=${split}`;
        const after = `basis=${basis}&from=${dayAfter(split)}&to=2026-02-28`;
        const whole = `basis=${basis}&from=2026-01-01&to=2026-02-28`;
        for (const name of ['usage-lines', 'usage-summary', 'utilisation'] as const) {
          const [one, other, both] = [await read(name, before), await read(name, after), await read(name, whole)];
          expect((one.totalMinutes as number) + (other.totalMinutes as number)).toBe(both.totalMinutes);
        }
        const key = (row: Json) => `${row.subscriptionId} ${row.termNumber}`;
        const closings = new Map(
          (await read('entitlements', before)).data.map((row: Json) => [key(row), row.closingMinutes]),
        );
        for (const row of (await read('entitlements', after)).data as Json[]) {
          expect(row.openingMinutes).toBe(closings.get(key(row)) ?? 0);
        }
      }),
      { numRuns: 8 },
    );
  });
});

const hoursOf = (column: Column): string[] => (column.type === 'hours' ? [column.of] : []);

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

const sum = (rows: Json[], name: string): number =>
  rows.reduce((total: number, row) => total + (row[name] as number), 0);

/** opening + granted − used + reversed − expired */
const provenTotal = (of: (name: string) => number): number =>
  of('openingMinutes') + of('grantedMinutes') - of('usedMinutes') + of('reversedMinutes') - of('expiredMinutes');

async function read(name: ReportName, query: string, who: Api = finance): Promise<Json> {
  const { status, body } = await who.get(`/v1/reports/${name}?${query}`);
  expect([name, query, status]).toEqual([name, query, 200]);
  return body;
}

/** The rows, each as one line of these columns: an id as its name in the story, an empty cell as `-`. */
async function table(name: ReportName, query: string, columns: string, who: Api = finance): Promise<string[]> {
  const { data } = await read(name, query, who);
  return (data as Json[]).map((row) =>
    columns
      .split(' ')
      .map((column) => shortName(String(row[column] ?? '-')))
      .join(' '),
  );
}

/** The reports that depend on the basis. */
async function filesOfJanuary(): Promise<string[]> {
  const files: string[] = [];
  for (const name of ['usage-lines', 'usage-summary', 'entitlements', 'utilisation', 'travel-expenses']) {
    const { status, body } = await finance.get(`/v1/reports/${name}?format=csv&basis=closed&${january}`);
    expect([name, status]).toEqual([name, 200]);
    files.push(body as string);
  }
  return files;
}

async function csv(name: ReportName, query: string) {
  const { body } = await finance.get(`/v1/reports/${name}?format=csv&${query}`);
  const [header, ...records] = parse(body as string);
  return { header: header!, trailer: records.pop()!, records };
}

async function created(answer: Promise<Answer>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

async function contract(
  csm: Person,
  name: string,
  sold: string,
  startsOn: string,
  productLineIds: string[],
  consultantIds: string[],
): Promise<Contract> {
  const customerId = (await created(csm.post('/v1/customers', { name, locale: 'ja', timeZone: 'Asia/Tokyo' }))).id;
  const subscription = { customerId, package: sold, startsOn, productLineIds };
  const { id } = await created(csm.post('/v1/subscriptions', subscription));
  const path = `/v1/subscriptions/${id}/allocations`;
  const allocations = consultantIds.flatMap((consultantId) =>
    productLineIds.map((productLineId) => ({ consultantId, productLineId, minutes: 0 })),
  );
  if (allocations.length > 0) {
    const { headers } = await csm.get(path);
    await created(csm.put(path, { allocations }, { 'if-match': headers.get('etag')! }));
  }
  return { id, customerId };
}

async function book(name: string, csm: Person, { id }: Contract, entry: object): Promise<void> {
  ids.set(name, (await created(csm.post(`/v1/subscriptions/${id}/time-entries`, entry))).entry.id);
}

async function reverse(name: string, csm: Person): Promise<void> {
  await created(csm.post(`/v1/time-entries/${ids.get(name)}/reversal`, { reason: 'mistaken' }));
}

async function addExpense(name: string, visitId: string, expense: object): Promise<void> {
  ids.set(name, (await created(hana.post(`/v1/visits/${visitId}/expenses`, expense))).id);
}

async function rename(path: string, name: string): Promise<void> {
  const { headers } = await admin.get(path);
  await created(admin.patch(path, { name }, { 'if-match': headers.get('etag')! }));
}

async function advanceTo(to: string): Promise<void> {
  await created(admin.post('/v1/clock/advance', { to }));
}
