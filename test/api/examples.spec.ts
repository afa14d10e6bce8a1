import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customers } from '../../src/demo/cast.js';
import { opening } from '../../src/demo/story/opening.js';
import { ReportLinks } from '../../src/features/schedules/report-link.js';
import { examplesFile, readExamples } from '../../src/platform/http/openapi-examples.js';
import { api } from '../support/client.js';
import { ExampleRecorder, withStableValues } from '../support/example-recorder.js';
import { findWorld, playExamples, type TestAccess } from '../support/example-story.js';
import { startService, type TestService } from '../support/service.js';

// The examples of the API document are answers of a service with the data of the demo, at the time at which the demo ends.
// With DEMO_URL and DEMO_TOKEN (of an administrator), the test sends the same requests to a running demo.

jest.setTimeout(300_000);

const startsAt = '2026-03-31T01:00:00Z';
const endsAt = '2027-04-02T00:00:00Z';

/** The token of the personal link in the newest reminder to an address. */
function declineTokenIn(mailbox: string, address: string): string {
  const files = existsSync(mailbox) ? readdirSync(mailbox).filter((file) => file.includes('renewal-reminder')) : [];
  for (const file of files.sort().reverse()) {
    const message = readFileSync(join(mailbox, file), 'latin1').replace(/=\r?\n/g, '');
    const token = /\/decline\/([\w-]+)/.exec(message)?.[1];
    if (token !== undefined && message.includes(`<${address}>`)) return token;
  }
  throw new Error(`There is no reminder to ${address} in ${mailbox}`);
}

const contact = customers.alster.contact.email;

let service: TestService | undefined;
let recorder: ExampleRecorder;

beforeAll(async () => {
  const { DEMO_URL, DEMO_TOKEN } = process.env;
  if (DEMO_URL !== undefined && DEMO_TOKEN !== undefined) {
    recorder = await ExampleRecorder.of(DEMO_URL);
    await playExamples(recorder, await findWorld(DEMO_URL, DEMO_TOKEN, declineTokenIn('.demo/mailbox', contact)));
  } else {
    service = await filledLikeTheDemo();
    recorder = await ExampleRecorder.of(service.baseUrl);
    const declineToken = declineTokenIn(join(service.dataDir, 'mailbox'), contact);
    await playExamples(
      recorder,
      await findWorld(service.baseUrl, service.adminToken, declineToken),
      testAccessTo(service),
    );
  }
});
afterAll(() => service?.stop());

async function filledLikeTheDemo(): Promise<TestService> {
  const filled = await startService({ clock: startsAt });
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  await opening(filled.baseUrl, filled.adminToken);
  log.mockRestore();
  const admin = api(filled.baseUrl, filled.adminToken);
  for (const [path, body] of [
    ['/v1/clock/advance', { to: endsAt }],
    ['/v1/periods/2027-03/close', {}],
  ] as const) {
    expect([path, (await admin.post(path, body)).status]).toEqual([path, 200]);
  }
  return filled;
}

const testAccessTo = ({ app, database }: TestService): TestAccess => ({
  fail: (mailId) =>
    database.write(async (tx) => {
      // A trigger protects sent mails. This transaction switches it off.
      await tx.query('set local session_replication_role = replica');
      const failed = `status = 'failed', sent_at = null, delivered = false, server_answer = null, next_attempt_at = null`;
      await tx.query(`update mails set ${failed} where id = $1`, [mailId]);
    }),
  reportToken: (mailId) =>
    app
      .get(ReportLinks)
      .linkFor({ mailId, expiresAt: new Date('2027-05-01T00:00:00Z') })
      .split('/')
      .at(-1)!,
});

/** Operations without an example on a running demo: they need a failed mail or a very large report. */
const notOnDemo = ['resendReminder', 'resendMail', 'resendReportDelivery', 'showReportPage', 'downloadReport'];

test('every operation has an example that the service answered', () => {
  const missing = recorder.operationIds.filter((id) => recorder.examples[id] === undefined);
  expect(missing.sort()).toEqual(service ? [] : notOnDemo.sort());
});

/** `npm run openapi` records the examples again. */
test('the examples of the API document equal the answers of the service', () => {
  const answered = withStableValues(recorder.examples);
  if (!service) return expect(Object.values(answered).every(({ status }) => status < 300)).toBe(true);
  if (process.env.UPDATE_OPENAPI === 'yes') writeFileSync(examplesFile, `${JSON.stringify(answered, null, 2)}\n`);
  expect(answered).toEqual(readExamples());
});
