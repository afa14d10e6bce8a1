import type { Role } from '../../src/domain/access.js';
import { api, type Api } from './client.js';
import type { TestService } from './service.js';

/** A user, and a client with the user's token. */
export interface Person extends Api {
  readonly id: string;
  readonly token: string;
}

let people = 0;

/** Creates a user with a role and a token. Nudges are off by default, so that a test gets only the mails that it is about. */
export async function person(
  service: TestService,
  role: Role,
  customerId?: string,
  { nudges = false, ...settings }: { nudges?: boolean; locale?: 'ja' | 'en'; timeZone?: string } = {},
): Promise<Person> {
  const admin = api(service.baseUrl, service.adminToken);
  const number = ++people;
  const user = await admin.post('/v1/users', {
    name: `${role} ${number}`,
    email: `${role}-${number}@trm.example`,
    role,
    nudges,
    ...settings,
    ...(customerId !== undefined && { customerId }),
  });
  if (user.status !== 201) throw new Error(`The service did not create the user: ${JSON.stringify(user.body)}`);
  const { id } = user.body as { id: string };
  const given = await admin.post(`/v1/users/${id}/tokens`, { name: 'test' });
  const { token } = given.body as { token: string };
  return { id, token, ...api(service.baseUrl, token) };
}
