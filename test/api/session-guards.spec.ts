import { newId } from '../../src/platform/ids.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

/** The database is the last guard of sessions and links, too. */

let service: TestService;
let csm: Person;
let other: Person;
let session: string;
let ended: string;
let link: string;
let used: string;

const hash = (name: string): Buffer => Buffer.alloc(32, name);

beforeAll(async () => {
  service = await startService();
  csm = await person(service, 'csm');
  other = await person(service, 'csm');
  [session, ended, link, used] = [newId(), newId(), newId(), newId()];
  await service.database.write(async (tx) => {
    const insertSession = `insert into sessions (id, user_id, token_hash, opened_with, created_at, last_seen_at, ended_at, address)
      values ($1, $2, $3, 'link', '2026-04-01 09:00Z', '2026-04-01 10:00Z', $4, '::1')`;
    await tx.query(insertSession, [session, csm.id, hash('session'), null]);
    await tx.query(insertSession, [ended, csm.id, hash('ended'), '2026-04-01 11:00Z']);
    const insertLink = `insert into sign_in_links (id, user_id, kind, token_hash, browser_hash, created_at, expires_at, used_at)
      values ($1, $2, 'sign-in', $3, $4, '2026-04-01 09:00Z', '2026-04-01 09:15Z', $5)`;
    await tx.query(insertLink, [link, csm.id, hash('link'), hash('browser'), null]);
    await tx.query(insertLink, [used, csm.id, hash('used'), hash('browser'), '2026-04-01 09:10Z']);
  });
});
afterAll(() => service.stop());

const refused: readonly (readonly [what: string, sql: () => [string, unknown[]], constraint: string])[] = [
  [
    'a session that has ended begins again',
    () => ['update sessions set ended_at = null where id = $1', [ended]],
    'sessions_stay_ended',
  ],
  [
    'an ended session is seen',
    () => [`update sessions set last_seen_at = '2026-04-01 12:00Z' where id = $1`, [ended]],
    'sessions_stay_ended',
  ],
  [
    'a session changes its user',
    () => ['update sessions set user_id = $2 where id = $1', [session, other.id]],
    'sessions_stay_ended',
  ],
  [
    'a session changes its token',
    () => ['update sessions set token_hash = $2 where id = $1', [session, hash('other')]],
    'sessions_stay_ended',
  ],
  [
    'a session was seen earlier than before',
    () => [`update sessions set last_seen_at = '2026-04-01 09:30Z' where id = $1`, [session]],
    'sessions_stay_ended',
  ],
  [
    'a session ends before it begins',
    () => [`update sessions set ended_at = '2026-04-01 08:00Z' where id = $1`, [session]],
    'sessions_times_in_order',
  ],
  [
    'two sessions have one token',
    () => [
      `insert into sessions (id, user_id, token_hash, opened_with, created_at, last_seen_at, address)
         values ($1, $2, $3, 'link', now(), now(), '::1')`,
      [newId(), other.id, hash('session')],
    ],
    'sessions_hash_once',
  ],
  [
    'a token is stored as it is',
    () => [
      `insert into sessions (id, user_id, token_hash, opened_with, created_at, last_seen_at, address)
         values ($1, $2, 'a-token', 'link', now(), now(), '::1')`,
      [newId(), other.id],
    ],
    'sessions_hash_length',
  ],
  [
    'a used link is unused again',
    () => ['update sign_in_links set used_at = null where id = $1', [used]],
    'sign_in_links_used_once',
  ],
  [
    'a link lives longer',
    () => [`update sign_in_links set expires_at = '2026-04-02 09:00Z' where id = $1`, [link]],
    'sign_in_links_used_once',
  ],
  [
    'a link moves to another browser',
    () => ['update sign_in_links set browser_hash = $2 where id = $1', [link, hash('thief')]],
    'sign_in_links_used_once',
  ],
  [
    'an expired link is used',
    () => [`update sign_in_links set used_at = '2026-04-01 09:15Z' where id = $1`, [link]],
    'sign_in_links_used_in_time',
  ],
  [
    'a link to sign in belongs to no browser',
    () => [
      `insert into sign_in_links (id, user_id, kind, token_hash, created_at, expires_at)
         values ($1, $2, 'sign-in', $3, now(), now() + interval '1 minute')`,
      [newId(), csm.id, hash('free')],
    ],
    'sign_in_links_bound_to_a_browser',
  ],
  [
    'nobody has invited the user',
    () => [
      `insert into sign_in_links (id, user_id, kind, token_hash, created_at, expires_at)
         values ($1, $2, 'invitation', $3, now(), now() + interval '1 minute')`,
      [newId(), csm.id, hash('uninvited')],
    ],
    'sign_in_links_invited_by_a_user',
  ],
];

test.each(refused)('the database refuses that %s', async (_what, sql, constraint) => {
  const [statement, values] = sql();
  await expect(service.database.write((tx) => tx.query(statement, values))).rejects.toMatchObject({ constraint });
});
