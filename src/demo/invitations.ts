import type { Client } from './client.js';
import { invitationTo } from './mails.js';
import type { World } from './world.js';

/** Invites a user of each role to the console, and returns the links in the invitations. Each link signs in once. */
export async function invitations(
  { admin, csms, finance }: World,
  customer: Client,
): Promise<[role: string, link: string][]> {
  const invited: [role: string, user: Client][] = [
    ['as a CSM (Jonas Weber)', csms.jonas],
    ['as finance (Ryo Hayashi)', finance],
    ['as a customer (Katrin Schäfer)', customer],
    ['as an admin', admin],
  ];
  const addresses: [role: string, address: string][] = [];
  for (const [role, user] of invited) {
    const { id, email } = await user.get<{ id: string; email: string }>('/v1/me');
    await admin.post(`/v1/users/${id}/invitations`);
    addresses.push([role, email]);
  }
  // Returns when all mails have left.
  await admin.post('/v1/jobs/mail-delivery/run');
  return addresses.map(([role, address]) => [role, invitationTo(address)]);
}
