import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customers } from '../../src/demo/cast.js';
import { opening } from '../../src/demo/story/opening.js';
import { ReportLinks } from '../../src/features/schedules/report-link.js';
import { examplesFile, readExamples } from '../../src/platform/http/openapi-examples.js';
import { api } from '../support/client.js';
import { ExampleRecorder, withStableValues } from '../support/example-recorder.js';
import { findWorld, playExamples, type Staged } from '../support/example-story.js';
import { startService, type TestService } from '../support/service.js';

// The examples of the API document are requests that the service has answered. It is filled like the demo and its time stands where
// the demo ends. With DEMO_URL and DEMO_TOKEN (of an admin), the same requests go to a demo that is running.

jest.setTimeout(300_000);

const startsAt = '2026-03-31T01:00:00Z';
const endsAt = '2027-04-02T00:00:00Z';

/** The secret part of the personal link in the newest reminder to an address. */
function declineTokenIn(mailbox: string, address: string): string {
  const files = existsSync(mailbox) ? readdirSync(mailbox).filter((file) => file.includes('renewal-reminder')) : [];
  for (const file of files.sort().reverse()) {
    const message = readFileSync(join(mailbox, file), 'latin1').replace(/=\r?\n/g, '');
    const token = /\/decline\/([\w-]+)/.exec(message)?.[1];
    if (token !== undefined && message.includes(`<${address}>`)) return token;
  }
  throw new Error(`There is no reminder to ${address} in ${mailbox}`);
}

const { DEMO_URL, DEMO_TOKEN } = process.env;
const onDemo = DEMO_URL !== undefined && DEMO_TOKEN !== undefined;
const contact = customers.alster.contact.email;

(onDemo ? test : test.skip)('every example works against the running demo', async () => {
  const play = await ExampleRecorder.of(DEMO_URL!);
  await playExamples(play, await findWorld(DEMO_URL!, DEMO_TOKEN!, declineTokenIn('.demo/mailbox', contact)));
  expect(Object.keys(play.examples).length).toBeGreaterThan(100);
});

(onDemo ? describe.skip : describe)('the examples of the API document', () => {
  let service: TestService;
  let play: ExampleRecorder;

  beforeAll(async () => {
    service = await startService({ clock: startsAt });
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await opening(service.baseUrl, service.adminToken);
    log.mockRestore();
    const admin = api(service.baseUrl, service.adminToken);
    for (const [path, body] of [
      ['/v1/clock/advance', { to: endsAt }],
      ['/v1/periods/2027-03/close', {}],
    ] as const) {
      expect([path, (await admin.post(path, body)).status]).toEqual([path, 200]);
    }
    const staged: Staged = {
      fail: async (mailId) => {
        const failed = `status = 'failed', sent_at = null, delivered = false, server_answer = null, next_attempt_at = null`;
        await service.database.write(async (tx) => {
          // A sent mail cannot change; the trigger that says so is off in this transaction.
          await tx.query('set local session_replication_role = replica');
          await tx.query(`update mails set ${failed} where id = $1`, [mailId]);
        });
      },
      reportToken: (mailId) =>
        service.app
          .get(ReportLinks)
          .linkFor({ mailId, expiresAt: new Date('2027-05-01T00:00:00Z') })
          .split('/')
          .at(-1)!,
    };
    const declineToken = declineTokenIn(join(service.dataDir, 'mailbox'), contact);
    play = await ExampleRecorder.of(service.baseUrl);
    await playExamples(play, await findWorld(service.baseUrl, service.adminToken, declineToken), staged);
  });
  afterAll(() => service.stop());

  test('there is one for every operation', () => {
    expect(play.operationIds.filter((id) => play.examples[id] === undefined)).toEqual([]);
  });

  /** `npm run openapi` records them anew. */
  test('are what the service answers', () => {
    const answered = withStableValues(play.examples);
    if (process.env.UPDATE_OPENAPI === 'yes') writeFileSync(examplesFile, `${JSON.stringify(answered, null, 2)}\n`);
    expect(answered).toEqual(readExamples());
  });
});
