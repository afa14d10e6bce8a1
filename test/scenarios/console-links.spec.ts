import type { ParsedMail } from 'mailparser';
import { advance, allMails, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// Mails lead into the console, but only recipients who can sign in.
let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-12-20T03:00:00Z' });
});
afterEach(() => service.stop());

const to = (mail: ParsedMail): string => [mail.to!].flat()[0]!.value[0]!.address!;

/** The paths of the console in the newest mail to an address. */
async function linksTo(address: string): Promise<string[]> {
  const mail = (await allMails(service)).filter((one) => to(one) === address).at(-1)!;
  return [...mail.text!.matchAll(/\S+(\/console\/\S+)/g)].map(([, path]) => path!);
}

const user = (contract: RenewingContract, email: string, more: object = {}) =>
  contract.admin.post('/v1/users', {
    name: 'Contact 1',
    email,
    role: 'customer',
    customerId: contract.customerId,
    nudges: false,
    ...more,
  });

const contractOf = () =>
  renewingContract(service, { startsOn: '2026-04-01', locale: 'en', package: 'premier', contacts: 4 });

test('a reminder links to the hours only for contacts with an active user of the same customer', async () => {
  const contract = await contractOf();
  const [active, inactive, stranger, without] = contract.contacts as [string, string, string, string];
  expect((await user(contract, active.toUpperCase())).status).toBe(201);
  const { headers, body } = await user(contract, inactive);
  await contract.admin.patch(`/v1/users/${body.id}`, { active: false }, { 'if-match': headers.get('etag')! });
  const other = await contractOf();
  await user(contract, stranger, { customerId: other.customerId });
  const csm = (await contract.csm.get('/v1/me')).body.email as string;

  await advance(service, '2027-01-01T03:00:00Z');
  expect(await linksTo(active)).toEqual([`/console/own?subscriptionId=${contract.id}`]);
  expect(await linksTo(inactive)).toEqual([]);
  expect(await linksTo(stranger)).toEqual([]);
  expect(await linksTo(without)).toEqual([]);
  // Copies lead the CSM to the page for staff.
  expect(await linksTo(csm)).toEqual([`/console/subscriptions/${contract.id}`]);
});
