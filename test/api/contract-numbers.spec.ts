import { api, type Api } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let csm: Person;
let customerId: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-10-01T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  csm = await person(service, 'csm');
  customerId = (await csm.post('/v1/customers', customerCalled('Acme'))).body.id as string;
});
afterAll(() => service.stop());

const customerCalled = (name: string) => ({ name, locale: 'ja', timeZone: 'Asia/Tokyo' });
const purchase = (more: object) => ({ customerId, package: 'premier', ...more });

describe('a customer code', () => {
  test('can be entered, changed, removed, and given to another customer', async () => {
    const first = await csm.post('/v1/customers', { ...customerCalled('First'), code: 'C-001' });
    expect(first.body).toMatchObject({ code: 'C-001' });
    const path = `/v1/customers/${first.body.id}`;
    const moved = await csm.patch(path, { code: 'C-002' }, { 'if-match': '"1"' });
    expect(moved.body).toMatchObject({ code: 'C-002', version: 2 });
    expect((await csm.post('/v1/customers', { ...customerCalled('Second'), code: 'C-001' })).status).toBe(201);
    const none = await csm.patch(path, { code: null }, { 'if-match': '"2"' });
    expect(none.body).toMatchObject({ code: null, name: 'First' });
  });

  test('belongs to one customer only, and a customer can have none', async () => {
    await csm.post('/v1/customers', { ...customerCalled('Owner'), code: 'C-100' });
    const other = await csm.post('/v1/customers', customerCalled('Other'));
    const entered = await csm.post('/v1/customers', { ...customerCalled('Third'), code: 'C-100' });
    expect([entered.status, entered.body.code, entered.body.detail]).toEqual([
      409,
      'code-already-used',
      'The code C-100 is already in use.',
    ]);
    const changed = await csm.patch(`/v1/customers/${other.body.id}`, { code: 'C-100' }, { 'if-match': '"1"' });
    expect([changed.status, changed.body.code]).toEqual([409, 'code-already-used']);
  });

  test.each(['', '   ', 'two\nlines', 'x'.repeat(51), 7])('cannot be %j', async (code) => {
    const refused = await csm.post('/v1/customers', { ...customerCalled('Wrong'), code });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/code']);
  });
});

describe('a contract number', () => {
  test('can be entered, listed, changed and removed, and stays when another field changes', async () => {
    const { body } = await csm.post('/v1/subscriptions', purchase({ contractNumber: 'TRM-2026-1' }));
    expect(body).toMatchObject({ contractNumber: 'TRM-2026-1' });
    const path = `/v1/subscriptions/${body.id}`;
    const changed = await csm.patch(path, { pacePolicy: 'enforce' }, { 'if-match': '"1"' });
    expect(changed.body).toMatchObject({ contractNumber: 'TRM-2026-1', pacePolicy: 'enforce' });
    const moved = await csm.patch(path, { contractNumber: 'TRM-2026-2' }, { 'if-match': '"2"' });
    expect(moved.body).toMatchObject({ contractNumber: 'TRM-2026-2', pacePolicy: 'enforce', csmId: csm.id });
    const list = await csm.get(`/v1/subscriptions?customerId=${customerId}`);
    expect(list.body.data.map(({ contractNumber }: { contractNumber: string }) => contractNumber)).toContain(
      'TRM-2026-2',
    );
    const none = await csm.patch(path, { contractNumber: null }, { 'if-match': '"3"' });
    expect(none.body).toMatchObject({ contractNumber: null });
  });

  test('belongs to one subscription only', async () => {
    await csm.post('/v1/subscriptions', purchase({ contractNumber: 'TRM-9' }));
    const entered = await csm.post('/v1/subscriptions', purchase({ contractNumber: 'TRM-9' }));
    expect([entered.status, entered.body.code, entered.body.detail]).toEqual([
      409,
      'contract-number-already-used',
      'Another subscription already has the contract number TRM-9.',
    ]);
    const { body } = await csm.post('/v1/subscriptions', purchase({}));
    const changed = await csm.patch(`/v1/subscriptions/${body.id}`, { contractNumber: 'TRM-9' }, { 'if-match': '"1"' });
    expect([changed.status, changed.body.code]).toEqual([409, 'contract-number-already-used']);
  });
});

describe('a purchase order', () => {
  test('belongs to one term, can be changed under its ETag, and does not move to the next term', async () => {
    const bought = purchase({ startsOn: '2025-10-15', purchaseOrder: 'PO-1' });
    const { body: contract } = await csm.post('/v1/subscriptions', bought);
    const path = `/v1/terms/${contract.currentTerm.id}`;
    const read = await csm.get(path);
    expect(read.body).toEqual(contract.currentTerm);
    expect(read.body).toMatchObject({ purchaseOrder: 'PO-1', version: 1 });
    expect(read.headers.get('etag')).toBe('"1"');

    const changed = await csm.patch(path, { purchaseOrder: 'PO-2' }, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(changed.body).toEqual({ ...read.body, purchaseOrder: 'PO-2', version: 2 });
    const stale = await csm.patch(path, { purchaseOrder: 'PO-3' }, { 'if-match': '"1"' });
    expect([stale.status, (await csm.patch(path, { purchaseOrder: 'PO-3' })).status]).toEqual([412, 428]);

    await service.clock.advanceTo(new Date('2026-10-14T15:00:00Z'));
    await admin.post('/v1/jobs/term-roll-over/run');
    const terms = (await csm.get(`/v1/subscriptions/${contract.id}/terms`)).body.data;
    expect(terms).toMatchObject([
      { status: 'closed', purchaseOrder: 'PO-2' },
      { status: 'open', purchaseOrder: null },
    ]);
    const late = await csm.patch(path, { purchaseOrder: null }, { 'if-match': '"2"' });
    expect(late.body).toMatchObject({ status: 'closed', purchaseOrder: null, version: 3 });
  });

  test('can be read but not changed by the customer, and its term is hidden from other CSMs', async () => {
    const { body: contract } = await csm.post('/v1/subscriptions', purchase({}));
    const path = `/v1/terms/${contract.currentTerm.id}`;
    const otherCsm = await person(service, 'csm');
    const customer = await person(service, 'customer', customerId);
    const change = [{ purchaseOrder: 'PO' }, { 'if-match': '"1"' }] as const;
    expect((await customer.get(path)).status).toBe(200);
    expect((await customer.patch(path, ...change)).status).toBe(403);
    expect((await otherCsm.get(path)).status).toBe(404);
    expect((await otherCsm.patch(path, ...change)).status).toBe(404);
  });
});
