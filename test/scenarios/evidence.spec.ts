import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { simpleParser } from 'mailparser';
import { addDays, addMonths, daysBetween, startOfDay } from '../../src/domain/calendar.js';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { EvidenceService } from '../../src/features/evidence/evidence.service.js';
import { MailQueue } from '../../src/platform/mail/mail-queue.js';
import { api, type Api, type Json } from '../support/client.js';
import { runCheck, evidenceZip, type EvidenceZip } from '../support/evidence.js';
import { person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { unzipped, writeFiles } from '../support/unzipped.js';

// Zips and child processes are slow on a busy machine.
jest.setTimeout(120_000);

let service: TestService;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trm-evidence-'));
  service = await startService({ clock: '2026-12-20T03:00:00Z' });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.stop();
});

const byCustomer = { party: 'customer', signedBy: '山田 太郎', channel: 'email' };
const noticesOf = ({ id }: RenewingContract) => `/v1/subscriptions/${id}/non-renewal-notices`;

async function termsOf({ id, csm }: RenewingContract): Promise<Json[]> {
  return (await csm.get(`/v1/subscriptions/${id}/terms`)).body.data;
}

const evidenceOf = (termId: string, token = service.adminToken, of = service): Promise<EvidenceZip> =>
  evidenceZip(of, termId, token);

let unpackedSoFar = 0;

function unpacked({ files }: Pick<EvidenceZip, 'files'>): string {
  const directory = join(folder, String(++unpackedSoFar));
  writeFiles(directory, files);
  return directory;
}

/** Runs the script once for each file, with one byte in the middle of the file changed. One process is faster than many. */
function checkedWithOneByteChanged(directory: string, paths: string[]): Promise<Json> {
  const driver = `
    import { readFileSync, writeFileSync } from 'node:fs';
    const [directory, ...paths] = process.argv.slice(1);
    const codes = {};
    console.log = () => undefined;
    for (const path of paths) {
      const bytes = readFileSync(directory + '/' + path);
      const changed = Buffer.from(bytes);
      changed[changed.length >> 1] ^= 1;
      writeFileSync(directory + '/' + path, changed);
      process.exitCode = 0;
      await import('file://' + directory + '/check.mjs?' + path).catch(() => (process.exitCode = 1));
      codes[path] = process.exitCode;
      writeFileSync(directory + '/' + path, bytes);
    }
    process.exitCode = 0;
    process.stdout.write(JSON.stringify(codes));`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', driver, directory, ...paths], (error, stdout) => {
      if (error) reject(new Error(`The script could not be run: ${error.message}`));
      else resolve(JSON.parse(stdout));
    });
  });
}

/** Logs one entry for each number of minutes. Returns the ids of the entries. */
async function book({ id, csm, admin }: RenewingContract, workDate: string, ...minutes: number[]): Promise<string[]> {
  const idOf = async (path: string, body: object) => (await admin.post(path, body)).body.id as string;
  const code = `LINE-${id.slice(-6)}`;
  const productLineId = await idOf('/v1/product-lines', { code, name: 'Backup' });
  const consultantId = await idOf('/v1/consultants', { name: 'Suzuki', email: `${code}@trm.example` });
  const { headers, body } = await csm.get(`/v1/subscriptions/${id}`);
  const lines = { effectiveOn: body.currentTerm.startsOn as string, productLineIds: [productLineId] };
  await csm.put(`/v1/subscriptions/${id}/product-lines`, lines, { 'if-match': headers.get('etag')! });
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  await csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': '"0"' });
  const entries: string[] = [];
  for (const amount of minutes) {
    const work = { consultantId, productLineId, activity: 'upgrade', delivery: 'remote', summary: 'x' };
    const { body: logged } = await csm.post(`/v1/subscriptions/${id}/time-entries`, {
      ...work,
      workDate,
      minutes: amount,
    });
    entries.push(logged.entry.id as string);
  }
  return entries;
}

describe('the evidence of a term with bookings, an upgrade, a withdrawn notice, a late notice and mails', () => {
  let contract: RenewingContract;
  let term: Json;
  let zip: EvidenceZip;

  beforeAll(async () => {
    contract = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en' });
    const [entry] = await book(contract, '2026-04-01', 90, 60);
    await contract.csm.post(`/v1/time-entries/${entry}/reversal`, { reason: 'twice' });
    await contract.csm.post(`/v1/subscriptions/${contract.id}/upgrade`, {
      package: 'premier',
      effectiveOn: '2026-04-01',
    });
    await advance(service, '2027-01-10T00:00:00Z');
    const first = await contract.customer.post(noticesOf(contract), byCustomer);
    await advance(service, '2027-01-20T00:00:00Z');
    const withdrawal = { signedBy: '山田 太郎', reason: 'We stay' };
    await contract.customer.post(`/v1/non-renewal-notices/${first.body.id}/withdrawal`, withdrawal);
    await advance(service, '2027-01-30T15:00:00Z');
    const documentSha256 = 'ab'.repeat(32);
    await contract.csm.post(noticesOf(contract), { ...byCustomer, channel: 'letter', documentSha256 });
    await advance(service, '2027-04-02T00:00:00Z');
    [term] = await termsOf(contract);
    zip = await evidenceOf(term.id);
  });

  test('is a zip with a name that identifies the term, and contains all files', () => {
    expect(zip.headers.get('content-type')).toBe('application/zip');
    expect(zip.headers.get('content-disposition')).toBe(
      `attachment; filename="trm-evidence_2026-04-01_to_2027-03-31_${term.id}.zip"`,
    );
    const names = [...zip.files.keys()];
    expect(names.filter((name) => !name.startsWith('mails/'))).toEqual([
      'README.txt',
      'check.mjs',
      'term.json',
      'decision.json',
      'notices.json',
      'ledger.json',
      'ledger.csv',
      'mails.json',
      'manifest.json',
      'SHA256SUMS',
    ]);
    const mails = names.filter((name) => name.startsWith('mails/'));
    expect(mails.length).toBe(zip.json('mails.json').mails.length);
    expect(mails).toContainEqual(expect.stringMatching(/^mails\/\d\d-renewal-reminder-90-customer\.eml$/));
  });

  test('contains the term and its packages as they were sold', () => {
    const sold = zip.json('term.json');
    expect(sold).toMatchObject({
      term: {
        id: term.id,
        startsOn: '2026-04-01',
        endsOn: '2027-03-31',
        timeZone: 'Asia/Tokyo',
        noticeDeadlineOn: '2027-01-30',
        noticeDeadlinePassesAt: '2027-01-30T15:00:00.000Z',
        renewalState: 'renewed',
        closedAt: '2027-03-31T15:00:00.000Z',
      },
      entitlement: { grantedMinutes: 11_520, maxVisits: 2, learningSeats: 2 },
      packages: [
        { code: 'basic', inForceFrom: '2026-04-01', grantedMinutes: 5_760, onsite: { maxVisits: 0 } },
        { code: 'premier', inForceFrom: '2026-04-01', grantedMinutes: 11_520, onsite: { maxVisits: 2 } },
      ],
      productLines: [{ name: 'Backup', fromOn: '2026-04-01' }],
      customer: { id: contract.customerId, locale: 'en' },
      csm: { id: contract.csm.id },
    });
  });

  test('contains the whole ledger, which adds up', () => {
    const { entries, totals, kept, addsUp } = zip.json('ledger.json');
    expect(
      (entries as Json[]).map(({ kind, minutes, balanceAfterMinutes }) => [kind, minutes, balanceAfterMinutes]),
    ).toEqual([
      ['grant', 5_760, 5_760],
      ['use', -90, 5_670],
      ['use', -60, 5_610],
      ['reversal', 90, 5_700],
      ['upgrade', 5_760, 11_460],
      ['expiry', -11_460, 0],
    ]);
    const total = { grantedMinutes: 11_520, usedMinutes: 60, expiredMinutes: 11_460, remainingMinutes: 0 };
    expect([totals, kept, addsUp]).toMatchObject([total, total, true]);
    const rows = zip.files.get('ledger.csv')!.toString().split('\r\n');
    expect([rows.length, rows.at(-2)]).toEqual([9, 'TOTAL,6,0']);
  });

  test('contains every notice and the user who recorded it', () => {
    expect(zip.json('notices.json').notices).toMatchObject([
      {
        signedBy: '山田 太郎',
        receivedAt: '2027-01-10T00:00:00.000Z',
        effective: true,
        recordedBy: { id: contract.customer.id },
        withdrawnAt: '2027-01-20T00:00:00.000Z',
        withdrawalReason: 'We stay',
      },
      {
        channel: 'letter',
        effective: false,
        reason: 'late',
        documentSha256: 'ab'.repeat(32),
        recordedBy: { id: contract.csm.id },
        withdrawnAt: null,
      },
    ]);
  });

  test('contains every mail exactly as it was sent, with the server’s answer', async () => {
    const { mails } = zip.json('mails.json');
    const listed = (await contract.csm.get(`/v1/subscriptions/${contract.id}/reminders?limit=200`)).body.data as Json[];
    const ofTerm = listed.filter(({ termId }) => termId === term.id);
    expect((mails as Json[]).map(({ messageId }) => messageId)).toEqual(ofTerm.map(({ messageId }) => messageId));
    for (const { file, sha256, messageId, recipient, subject, attempts } of mails as Json[]) {
      const message = zip.files.get(file)!;
      expect(createHash('sha256').update(message).digest('hex')).toBe(sha256);
      const parsed = await simpleParser(message);
      expect([parsed.messageId, parsed.subject]).toEqual([`<${messageId}>`, subject]);
      expect(parsed.to).toMatchObject({ value: [{ address: recipient.address }] });
      expect(attempts).toMatchObject([{ number: 1, answer: expect.any(String) as string }]);
    }
  });

  test('contains the decision and its reasons, as data and in words', () => {
    const decision = zip.json('decision.json');
    expect(decision).toMatchObject({
      agreesWithRecord: true,
      state: 'renewed',
      deadline: {
        endsOn: '2027-03-31',
        noticeDays: 60,
        noticeDeadlineOn: '2027-01-30',
        timeZone: 'Asia/Tokyo',
        utcOffset: '+09:00',
        passedAt: '2027-01-30T15:00:00.000Z',
      },
      differences: [],
      jobs: { renewalLockRanAt: '2027-01-30T15:00:00.000Z', rollOverRanAt: '2027-03-31T15:00:00.000Z' },
      nextTerm: { package: 'premier', startsOn: '2027-04-01', endsOn: '2028-03-31' },
    });
    expect((decision.steps as Json[]).map(({ event, received, to }) => [event, received, to])).toEqual([
      ['notice', 'in-time', 'declined'],
      ['withdrawal', undefined, 'open'],
      ['deadline-passed', undefined, 'locked'],
      ['notice', 'late', 'locked'],
      ['roll-over', undefined, 'renewed'],
    ]);
    expect(decision.inWords).toMatchSnapshot();
  });

  test('is the same bytes when downloaded twice', async () => {
    expect((await evidenceOf(term.id)).bytes.equals(zip.bytes)).toBe(true);
    const other = await evidenceOf(term.id, contract.csm.token);
    const changed = [...zip.files].filter(([name, bytes]) => !other.files.get(name)!.equals(bytes));
    expect(changed.map(([name]) => name)).toEqual(['manifest.json', 'SHA256SUMS']);
  });

  test('contains a script that finds no difference, in both languages', async () => {
    const directory = unpacked(zip);
    expect(await runCheck(directory)).toEqual({
      code: 0,
      output: expect.stringMatching(/OK .*\nEverything agrees\.\n$/) as string,
    });
    const japanese = await runCheck(directory, 'ja');
    expect([japanese.code, japanese.output.split('\n').length]).toEqual([0, 7]);
    expect(japanese.output).toMatch(/付与 11520 − 使用済み 60 − 失効 11460 = 残り 0 分/);
  });

  test('contains a script that detects one changed byte in any file', async () => {
    const codes = await checkedWithOneByteChanged(unpacked(zip), [...zip.files.keys()]);
    expect(codes).toEqual(Object.fromEntries([...zip.files.keys()].map((path) => [path, 1])));
  });

  /** The test changes one file and corrects all checksums. The script must detect that the files contradict each other. */
  test.each<[string, string, (content: Json) => void, RegExp]>([
    [
      'one more used minute in the ledger',
      'ledger.json',
      ({ entries }) => (entries[1].minutes -= 1),
      /balance after entry 2/,
    ],
    [
      'an earlier time of a notice',
      'notices.json',
      ({ notices }) => (notices[1].receivedAt = '2027-01-30T14:00:00.000Z'),
      /in time/,
    ],
    [
      'another hash of a mail',
      'mails.json',
      ({ mails }) => (mails[0].sha256 = '0'.repeat(64)),
      /is not the message that was sent/,
    ],
    [
      'a later last day of the term',
      'decision.json',
      ({ deadline }) => (deadline.endsOn = '2027-04-01'),
      /minus 60 days/,
    ],
    ['another decision about the renewal', 'decision.json', (decision) => (decision.state = 'ended'), /says ended/],
  ])('contains a script that detects, despite correct checksums, %s', async (_, path, change, says) => {
    const content = zip.json(path);
    change(content);
    const files = new Map(zip.files).set(path, Buffer.from(JSON.stringify(content)));
    const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    const manifest = JSON.parse(files.get('manifest.json')!.toString());
    for (const file of manifest.files)
      Object.assign(file, { size: files.get(file.path)!.length, sha256: sum(files.get(file.path)!) });
    files.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
    const lines = [...files.keys()]
      .filter((name) => name !== 'SHA256SUMS')
      .map((name) => `${sum(files.get(name)!)}  ${name}\n`);
    const directory = unpacked({ ...zip, files: files.set('SHA256SUMS', Buffer.from(lines.join(''))) });
    expect(await runCheck(directory)).toEqual({ code: 1, output: expect.stringMatching(says) as string });
  });
});

describe('the evidence of another term', () => {
  test('shows the renewal as open, as declined after a notice, and as ended after the last day', async () => {
    const contract = await renewingContract(service, { startsOn: '2026-06-03', locale: 'ja' });
    const [term] = await termsOf(contract);
    const open = await evidenceOf(term.id);
    expect(open.json('decision.json')).toMatchObject({
      state: 'open',
      steps: [],
      agreesWithRecord: true,
      nextTerm: null,
    });
    const [address] = contract.contacts as [string];
    const link = new URL(service.app.get(DeclineLinks).linkFor({ termId: term.id, address }));
    const form = new URLSearchParams({ signedBy: '山田 太郎' });
    await fetch(service.baseUrl + link.pathname, { method: 'POST', body: form, headers: { 'user-agent': 'Phone' } });
    const declined = await evidenceOf(term.id);
    expect(declined.json('decision.json')).toMatchObject({ state: 'declined', agreesWithRecord: true });
    const sha256 = createHash('sha256').update(link.pathname.split('/').at(-1)!).digest('hex');
    const used = { contactEmail: address, sha256, address: expect.stringContaining('127.0.0.1'), userAgent: 'Phone' };
    expect(declined.json('notices.json').notices).toMatchObject([{ recordedBy: null, recordedByLink: used }]);
    await advance(service, '2027-06-03T00:00:00Z');
    const ended = await evidenceOf(term.id);
    expect(ended.json('decision.json')).toMatchObject({ state: 'ended', agreesWithRecord: true, nextTerm: null });
    for (const zip of [open, declined, ended]) expect((await runCheck(unpacked(zip))).code).toBe(0);
    expect(ended.json('decision.json').inWords.ja).toMatchSnapshot();
  });

  test('is correct for a term that ended before its contract was recorded, and for the term after it', async () => {
    const now = service.clock.now().toISOString().slice(0, 4);
    const contract = await renewingContract(service, { startsOn: `${Number(now) - 2}-02-28` });
    for (const { id, renewalState } of await termsOf(contract)) {
      const zip = await evidenceOf(id);
      expect(zip.json('decision.json')).toMatchObject({ state: renewalState, agreesWithRecord: true });
      expect(await runCheck(unpacked(zip))).toMatchObject({ code: 0 });
    }
  });

  test('names a zone change on the day of the deadline, and its script calculates the deadline again', async () => {
    // The notice deadline is about five weeks away.
    const startsOn = new Date(service.clock.now().getTime() - 270 * 86_400_000).toISOString().slice(0, 10);
    const contract = await renewingContract(service, { startsOn, timeZone: 'America/Los_Angeles', locale: 'en' });
    const [term] = await termsOf(contract);
    const lastDay = term.noticeDeadline as string;
    const dayAfter = new Date(Date.parse(`${lastDay}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    await advance(service, `${lastDay}T20:00:00Z`);
    const path = `/v1/customers/${contract.customerId}`;
    await contract.csm.patch(path, { timeZone: 'Asia/Tokyo' }, { 'if-match': '"1"' });
    await advance(service, `${lastDay}T23:00:00Z`);
    await contract.csm.post(noticesOf(contract), { ...byCustomer, receivedAt: `${lastDay}T22:59:00Z` });
    const zip = await evidenceOf(term.id);
    const { deadline, inWords, ...decision } = zip.json('decision.json');
    expect(decision).toMatchObject({ state: 'declined', agreesWithRecord: true, steps: [{ received: 'in-time' }] });
    expect(deadline).toMatchObject({
      timeZone: 'America/Los_Angeles',
      passedAt: expect.stringContaining(`${dayAfter}T0`) as string,
      zoneChanges: [
        {
          at: `${lastDay}T20:00:00.000Z`,
          from: 'America/Los_Angeles',
          to: 'Asia/Tokyo',
          announced: true,
          effect: 'kept',
        },
      ],
    });
    expect(inWords.en[3]).toMatch(/changed from America\/Los_Angeles to Asia\/Tokyo\. .*never moves earlier \(§3\)/);
    expect(inWords.ja[3]).toMatch(/America\/Los_Angeles から Asia\/Tokyo に変更されました。.*早まることはないため/);
    expect(await runCheck(unpacked(zip))).toMatchObject({ code: 0 });
    // The script detects evidence in which the announced deadline has moved.
    const [change] = deadline.zoneChanges;
    Object.assign(change, { effect: 'moved', passesAfter: `${lastDay}T15:00:00.000Z` });
    const forged = { ...zip.json('decision.json'), deadline };
    const files = new Map(zip.files).set('decision.json', Buffer.from(JSON.stringify(forged)));
    expect((await runCheck(unpacked({ ...zip, files }))).output).toMatch(/the change of the zone at .* \(kept\)/);
  });

  test('contains a whole ledger of ten thousand entries, which adds up', async () => {
    const contract = await renewingContract(service, {});
    const [term] = await termsOf(contract);
    await service.database.write((tx) =>
      tx.query(
        `insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, balance_after_minutes)
         select gen_random_uuid(), $1, n, case when n % 2 = 0 then 'expiry' else 'expiry-reversal' end,
           case when n % 2 = 0 then -1 else 1 end, $2, $3, 5760 - (n + 1) % 2 from generate_series(2, 10001) n`,
        [term.id, term.startsOn, service.clock.now()],
      ),
    );
    const zip = await evidenceOf(term.id);
    expect(zip.json('ledger.json').entries).toHaveLength(10_001);
    expect(await runCheck(unpacked(zip))).toMatchObject({ code: 0 });
  });
});

test('the download reads many mails one by one from the database, and contains every mail', async () => {
  const contract = await renewingContract(service, {});
  const [term] = await termsOf(contract);
  // More mails than one query reads. Random bytes do not shrink in a zip.
  const count = 130;
  const message = randomBytes(128 * 1024);
  const sha256 = createHash('sha256').update(message).digest('hex');
  await service.database.write((tx) =>
    tx.query(
      `insert into mails (id, kind, subscription_id, term_id, occasion, recipient_role, recipient_name, recipient_address,
         locale, message_id, subject, message, message_sha256, queued_at, status)
       select gen_random_uuid(), 'usage-alert', $1, $2, n, 'csm', 'x', 'x@trm.example', 'en', gen_random_uuid(), 'x', $3, $4,
         $5, 'failed' from generate_series(1, $6) n`,
      [contract.id, term.id, gzipSync(message), sha256, service.clock.now(), count],
    ),
  );
  const messageReads = jest.spyOn(service.app.get(MailQueue), 'messageOf');
  try {
    const actor = {
      userId: contract.csm.id,
      name: 'x',
      email: 'x',
      role: 'admin',
      customerId: null,
      deputyFor: [],
      tokenId: 'x',
    } as const;
    const body = (await service.app.get(EvidenceService).zip(actor, term.id)).getStream();
    const pieces: Buffer[] = [];
    let bytes = 0;
    let mostReadAhead = 0;
    for await (const piece of body as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      mostReadAhead = Math.max(mostReadAhead, messageReads.mock.calls.length - Math.floor(bytes / message.length));
    }
    // The service reads the next mail while the stream still has bytes of the one before.
    expect(mostReadAhead).toBeLessThanOrEqual(2);
    const files = await unzipped(Buffer.concat(pieces));
    const mails = [...files].filter(([path]) => path.startsWith('mails/'));
    expect(mails.map(([path]) => path)).toEqual(
      mails.map((_, at) => `mails/${String(at + 1).padStart(3, '0')}-usage-alert-csm.eml`),
    );
    expect([mails.length, messageReads.mock.calls.length]).toEqual([count, count]);
    expect(mails.every(([, content]) => content.equals(message))).toBe(true);
    expect(await runCheck(unpacked({ files }))).toMatchObject({ code: 0 });
  } finally {
    messageReads.mockRestore();
  }
  // Two downloads that read nothing use up the share of their user, until the service cuts them off.
  const env = { HTTP_LIMITS: 'rate=100000,patience=0.5' };
  const strict = await startService({ databaseUrl: service.databaseUrl, env });
  try {
    const headers = { authorization: `Bearer ${contract.csm.token}` };
    const url = `${strict.baseUrl}/v1/terms/${term.id}/evidence`;
    const paused = [1, 2].map(() => get(url, { agent: false, headers }).on('error', () => undefined));
    await Promise.all(paused.map((request) => once(request, 'response')));
    while ((await fetch(url, { method: 'HEAD', headers })).status !== 200) await setImmediate();
    for (const request of paused) request.destroy();
  } finally {
    await strict.stop();
  }
});

describe('after the setting noticeDays was changed', () => {
  let changed: TestService;

  beforeAll(async () => {
    const { databaseUrl } = service;
    changed = await startService({ databaseUrl, rules: { noticeDays: 90, reminderDays: [120, 90] } });
  });
  afterAll(() => changed.stop());

  const forecastOf = async ({ id, csm }: RenewingContract, until: string): Promise<Json[]> => {
    const { body } = await api(changed.baseUrl, csm.token).get(`/v1/forecast?until=${until}&limit=200`);
    return (body.data as Json[]).filter(({ subscriptionId }) => subscriptionId === id);
  };

  test('the evidence of an open term still uses the notice days of its opening', async () => {
    const startsOn = new Date(service.clock.now().getTime() - 320 * 86_400_000).toISOString().slice(0, 10);
    const contract = await renewingContract(service, { startsOn });
    const [term] = await termsOf(contract);
    const inTime = `${term.noticeDeadline}T14:59:59.999Z`;
    const tooLate = `${term.noticeDeadline}T15:00:00.000Z`;
    const recordNotice = async (receivedAt: string, party: string) =>
      (await contract.csm.post(noticesOf(contract), { ...byCustomer, party, receivedAt })).body;
    expect(await recordNotice(inTime, 'customer')).toMatchObject({ effective: true, deadlineAt: tooLate });
    expect(await recordNotice(tooLate, 'provider')).toMatchObject({
      effective: false,
      reason: 'late',
      deadlineAt: tooLate,
    });

    const zip = await evidenceOf(term.id, service.adminToken, changed);
    expect(zip.json('term.json').term).toMatchObject({ noticeDays: 60, noticeDeadlineOn: term.noticeDeadline });
    const { deadline, inWords, ...decision } = zip.json('decision.json');
    expect(decision).toMatchObject({ state: 'declined', differences: [], agreesWithRecord: true });
    expect(deadline).toMatchObject({ noticeDays: 60, noticeDeadlineOn: term.noticeDeadline });
    expect(inWords.en[1]).toContain('no later than 60 days before');
    expect((zip.json('notices.json').notices as Json[]).map(({ deadlineAt }) => deadlineAt)).toEqual([
      tooLate,
      tooLate,
    ]);
    expect(await runCheck(unpacked(zip))).toMatchObject({ code: 0 });

    // The script detects a notice that was judged by a wrong deadline.
    const notices = zip.json('notices.json');
    notices.notices[1].deadlineAt = inTime;
    const files = new Map(zip.files).set('notices.json', Buffer.from(JSON.stringify(notices)));
    expect((await runCheck(unpacked({ ...zip, files }))).output).toContain(
      `was judged by the deadline ${inTime}, but the deadline was ${tooLate}`,
    );
  });

  test('an open term keeps its deadline, and later terms get the new one', async () => {
    const contract = await renewingContract(service, {});
    const [term] = await termsOf(contract);
    const until = new Date(Date.parse(term.endsOn as string) + 320 * 86_400_000).toISOString().slice(0, 10);
    const locks = (await forecastOf(contract, until))
      .filter(({ event }) => event === 'lock')
      .map(({ at }) => at as string);
    const afterNext = addMonths(addDays(term.endsOn as string, 1), 12);
    const midnight = (day: string) => startOfDay(day, 'Asia/Tokyo').toISOString();
    expect(locks).toEqual([midnight(addDays(term.noticeDeadline as string, 1)), midnight(addDays(afterNext, -90))]);
    expect(daysBetween(term.noticeDeadline as string, term.endsOn as string)).toBe(60);

    const newContract = await renewingContract(changed, {});
    const { body } = await api(changed.baseUrl, newContract.csm.token).get(`/v1/subscriptions/${newContract.id}/terms`);
    const [{ id, noticeDeadline, endsOn }] = body.data as Json[];
    expect(daysBetween(noticeDeadline as string, endsOn as string)).toBe(90);
    expect((await evidenceOf(id as string)).json('decision.json').deadline).toMatchObject({ noticeDays: 90 });
  });

  test('the database refuses notice days that do not lead to the deadline', async () => {
    const change = service.database.write((tx) => tx.query('update terms set notice_days = notice_days + 30'));
    await expect(change).rejects.toMatchObject({ constraint: 'terms_notice_days_lead_to_deadline' });
  });
});

describe('access to the evidence', () => {
  test('is given to administrators, finance and the CSM of the contract, and to nobody else', async () => {
    const contract = await renewingContract(service, {});
    const [term] = await termsOf(contract);
    const path = `/v1/terms/${term.id}/evidence`;
    const statusFor = async (api: Api) => (await api.get(path)).status;
    const [finance, otherCsm] = [await person(service, 'finance'), await person(service, 'csm')];
    expect(
      await Promise.all([contract.admin, finance, contract.csm, otherCsm, contract.customer].map(statusFor)),
    ).toEqual([200, 200, 200, 404, 403]);
    const missing = await contract.admin.get('/v1/terms/0199a000-0000-7000-8000-000000000000/evidence');
    expect([missing.status, missing.body.code]).toEqual([404, 'not-found']);
    expect((await contract.admin.get('/v1/terms/nothing/evidence')).status).toBe(404);
  });

  test('keeps no database connection after the client disconnects or sends HEAD', async () => {
    const contract = await renewingContract(service, {});
    const [term] = await termsOf(contract);
    const url = `${service.baseUrl}/v1/terms/${term.id}/evidence`;
    const headers = { authorization: `Bearer ${service.adminToken}` };
    for (let reader = 0; reader < 6; reader++) {
      const gone = new AbortController();
      await fetch(url, { headers, signal: gone.signal });
      gone.abort();
      expect((await fetch(url, { method: 'HEAD', headers })).status).toBe(200);
    }
    expect((await evidenceOf(term.id)).files.size).toBeGreaterThan(9);
  });
});
