import { soldContract, type SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

// A refusal says how to continue: it names the assigned consultants, the terms, the possible visits or the first open month.

let service: TestService;
let sold: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { id, csm, consultantIds, productLineIds } = sold;
  const allocations = [
    { consultantId: consultantIds[0], productLineId: productLineIds[0], minutes: 600 },
    { consultantId: consultantIds[1], productLineId: productLineIds[1], minutes: 600 },
  ];
  const set = await csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
});
afterAll(() => service.stop());

const entry = (change: object) => ({
  workDate: '2026-07-09',
  minutes: 30,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: 'Check',
  ...change,
});

const log = (change: object, headers: Record<string, string> = {}) =>
  sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries`, entry(change), headers);

const plan = async (startsOn: string, endsOn: string, place: string): Promise<string> => {
  const visit = { startsOn, endsOn, place, consultantIds: [sold.consultantIds[0]] };
  const { status, body } = await sold.csm.post(`/v1/subscriptions/${sold.id}/visits`, visit);
  expect(status).toBe(201);
  return body.id as string;
};

describe('the refusal of a consultant who is not assigned', () => {
  test('names the consultants who are assigned on the product line', async () => {
    const { status, body } = await log({ productLineId: sold.productLineIds[1] });
    expect([status, body.code]).toEqual([422, 'consultant-not-assigned']);
    const [violation] = body.violations;
    expect(violation.assigned).toEqual([
      {
        consultantId: sold.consultantIds[1],
        consultant: 'Consultant 2',
        productLineId: sold.productLineIds[1],
        productLine: expect.stringMatching(/^LINE-/) as string,
      },
    ]);
    expect(violation.detail).toMatch(/Assigned consultants: Consultant 2 \(LINE-\d+-2\)\.$/);
    expect(body.detail).toBe(violation.detail);
    const japanese = await log({ productLineId: sold.productLineIds[1] }, { 'accept-language': 'ja' });
    expect(japanese.body.detail).toMatch(/割り当て済みのコンサルタント：Consultant 2 \(LINE-\d+-2\)$/);
  });

  test('is the same if the request is repeated with its idempotency key', async () => {
    const key = { 'idempotency-key': 'not-assigned' };
    const first = await log({ productLineId: sold.productLineIds[1] }, key);
    const again = await log({ productLineId: sold.productLineIds[1] }, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  test('says that no consultant is assigned yet', async () => {
    const empty = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
    const { id, csm, consultantIds, productLineIds } = empty;
    const work = entry({ consultantId: consultantIds[0], productLineId: productLineIds[0] });
    const { body } = await csm.post(`/v1/subscriptions/${id}/time-entries`, work);
    expect(body.violations[0]).toMatchObject({ code: 'consultant-not-assigned', assigned: [] });
    expect(body.detail).toContain('No consultant is assigned yet');
  });

  test('names the assigned consultants by id only in a batch', async () => {
    const row = { subscriptionId: sold.id, ...entry({ productLineId: sold.productLineIds[1] }) };
    const { body } = await sold.csm.post('/v1/time-entries/batch', { atomic: false, entries: [row] });
    const [violation] = body.results[0].problem.violations;
    expect(violation.assigned).toEqual([
      { consultantId: sold.consultantIds[1], productLineId: sold.productLineIds[1] },
    ]);
    expect(violation.detail).toMatch(/on 2026-07-09\.$/);
  });
});

test('the refusal of a day outside all terms names the terms', async () => {
  const { body } = await log({ workDate: '2026-03-31' });
  expect(body.violations[0]).toMatchObject({
    code: 'term-not-found',
    terms: [{ number: 0, startsOn: '2026-04-01', endsOn: '2027-03-31' }],
  });
  expect(body.detail).toContain('2026-04-01 – 2027-03-31');
  const balance = await sold.csm.get(`/v1/subscriptions/${sold.id}/balance?on=2026-03-31`);
  expect(balance.body.violations[0].terms).toEqual(body.violations[0].terms);
});

test('the refusal of work in a closed month names the first open month', async () => {
  const closed = await sold.admin.post('/v1/periods/2026-05/close');
  expect(closed.status).toBeLessThan(300);
  const { body } = await log({ workDate: '2026-05-12' });
  expect(body.violations[0]).toMatchObject({ code: 'period-closed', month: '2026-05', firstOpenMonth: '2026-06' });
  expect(body.detail).toContain('adjustment');
});

describe('onsite work that names no visit', () => {
  const onsite = { delivery: 'onsite' };

  test('is refused with an empty list of visits if the day has no visit', async () => {
    const { status, body } = await log(onsite);
    expect([status, body.code, body.violations[0].visits]).toEqual([422, 'visit-required', []]);
    expect(body.detail).toContain('No visit of this consultant includes 2026-07-09');
  });

  test('belongs to the consultant’s only visit on that day, also in a dry run, a batch and a correction', async () => {
    const visitId = await plan('2026-07-08', '2026-07-09', 'Osaka');
    const path = `/v1/subscriptions/${sold.id}/time-entries`;
    const dryRun = await sold.csm.post(`${path}?dryRun=true`, entry(onsite));
    expect([dryRun.status, dryRun.body.entry.visitId]).toEqual([200, visitId]);
    const logged = await log(onsite);
    expect([logged.status, logged.body.entry.visitId]).toEqual([201, visitId]);
    const row = { subscriptionId: sold.id, ...entry({ ...onsite, minutes: 15 }) };
    const batch = await sold.csm.post('/v1/time-entries/batch', { atomic: true, entries: [row] });
    expect(batch.body.results[0].entry.visitId).toBe(visitId);
    const correction = { reason: 'Shorter', ...entry({ ...onsite, minutes: 20 }) };
    const corrected = await sold.csm.post(`/v1/time-entries/${logged.body.entry.id}/correction`, correction);
    expect([corrected.status, corrected.body.entry.visitId]).toEqual([201, visitId]);
  });

  test('is refused with the possible visits if the day has several visits', async () => {
    const second = await plan('2026-07-09', '2026-07-10', 'Kyoto');
    const { body } = await log(onsite);
    expect(body.violations[0].visits).toEqual([
      expect.objectContaining({ place: 'Osaka', startsOn: '2026-07-08', endsOn: '2026-07-09' }),
      { id: second, startsOn: '2026-07-09', endsOn: '2026-07-10', place: 'Kyoto' },
    ]);
    expect(body.detail).toContain('Osaka (2026-07-08 – 2026-07-09), Kyoto (2026-07-09 – 2026-07-10)');
    expect((await log({ ...onsite, visitId: second })).status).toBe(201);
  });
});
