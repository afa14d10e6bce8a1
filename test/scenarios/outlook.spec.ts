import { expectations } from '../../src/domain/outlook.js';
import type { Json } from '../support/client.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// Two years of ten subscriptions.
jest.setTimeout(120_000);

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-20T03:00:00Z' });
});
afterAll(() => service.stop());

/** Everything that the contract decided: the terms, and the mails without their ids. */
async function history({ id, csm }: RenewingContract): Promise<Json> {
  const terms = (await csm.get(`/v1/subscriptions/${id}/terms`)).body.data as Json[];
  const mails = (await csm.get(`/v1/subscriptions/${id}/reminders?limit=200`)).body.data as Json[];
  const numbers = new Map(terms.map((term): [string, number] => [term.id, term.number]));
  const { body: subscription } = await csm.get(`/v1/subscriptions/${id}`);
  return {
    status: subscription.status,
    balance: { ...subscription.balance, termId: null },
    terms: terms.map((term) => ({ ...term, id: null })),
    mails: mails
      .map((mail) => [numbers.get(mail.termId), mail.kind, mail.plannedAt, mail.recipient.role].join(' '))
      .sort(),
  };
}

/** Subscriptions on the same day: one without an outlook, and one with each. */
const alike = (): Promise<RenewingContract[]> =>
  Promise.all(
    [0, ...expectations].map(() => renewingContract(service, { startsOn: '2026-04-01', package: 'premier' })),
  );

test('notices, locks and roll-overs are the same with any outlook', async () => {
  const renewing = await alike();
  const declining = await alike();
  for (const some of [renewing, declining]) {
    for (const [at, expectation] of expectations.entries()) {
      const { id, csm } = some[at + 1]!;
      const answer = await csm.put(`/v1/subscriptions/${id}/outlook`, { expectation }, { 'if-match': '"0"' });
      expect(answer.status).toBe(200);
    }
  }
  await advance(service, '2027-01-10T00:00:00Z');
  for (const { id, customer } of declining) {
    const notice = { party: 'customer', signedBy: 'A. Aoi', channel: 'portal' };
    const answer = await customer.post(`/v1/subscriptions/${id}/non-renewal-notices`, notice);
    expect(answer.body).toMatchObject({ effective: true, renewalState: 'declined' });
  }
  for (const to of ['2027-02-10T00:00:00Z', '2027-04-10T00:00:00Z']) {
    await advance(service, to);
    for (const some of [renewing, declining]) {
      const [without, ...others] = await Promise.all(some.map(history));
      for (const other of others) expect(other).toEqual(without);
    }
  }
  const { body } = await renewing[3]!.csm.get(`/v1/subscriptions/${renewing[3]!.id}`);
  expect([body.status, body.currentTerm.number]).toEqual(['active', 1]);
});
