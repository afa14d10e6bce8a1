import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { api, type Json } from '../support/client.js';
import { runCheck, evidenceZip, type EvidenceZip } from '../support/evidence.js';
import { person, type Person } from '../support/people.js';
import { advance, mailbox, renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { writeFiles } from '../support/unzipped.js';

// Zips and child processes are slow on a busy machine.
jest.setTimeout(120_000);

let service: TestService;
let folder: string;
let finance: Person;
let contract: RenewingContract;
let termId: string;
/** The personal link that the contact received. */
let link: string;
/** The evidence of the term while it is open. */
let evidenceWhileOpen: EvidenceZip;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trm-evidence-links-'));
  service = await startService({ clock: '2026-12-20T03:00:00Z' });
  finance = await person(service, 'finance');
  contract = await renewingContract(service, { startsOn: '2026-04-01', locale: 'ja' });
  await advance(service, '2027-01-20T00:00:00Z');
  termId = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body.currentTerm.id as string;
  link = service.app.get(DeclineLinks).linkFor({ termId, address: contract.contacts[0]! });
  evidenceWhileOpen = await evidenceZip(service, termId, finance.token);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.stop();
});

const tokenOf = (address: string): string => address.split('/').at(-1)!;

/** All texts that a reader can find in a file: its bytes and, for a mail, each part decoded and unfolded. */
async function readings(path: string, bytes: Buffer): Promise<string[]> {
  const raw = bytes.toString('latin1');
  const texts = [raw, raw.replaceAll(/=\r?\n/g, ''), raw.replaceAll(/\r?\n[ \t]/g, '')];
  if (!path.endsWith('.eml')) return texts;
  const { text, html, textAsHtml, attachments } = await simpleParser(bytes);
  const parts = [text, html, textAsHtml, ...attachments.map(({ content }) => content.toString('latin1'))].map(String);
  return [...texts, ...parts, ...parts.map((part) => part.replaceAll(/\r?\n[ \t]/g, ''))];
}

async function linksIn({ files }: EvidenceZip): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [path, bytes] of files) {
    for (const text of await readings(path, bytes)) {
      const unescaped = text.replaceAll(/&#x([0-9a-f]+);/gi, (_, code: string) =>
        String.fromCharCode(parseInt(code, 16)),
      );
      for (const [, token] of unescaped.matchAll(/decline\/([\w-]+)/g)) found.add(token!);
      if (text.includes(tokenOf(link))) found.add(tokenOf(link));
    }
  }
  return found;
}

const giveNotice = (token: string) =>
  api(service.baseUrl).send('POST', `/decline/${token}`, new URLSearchParams({ signedBy: '山田 太郎' }).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  });

let unpackedSoFar = 0;

function unpacked(files: ReadonlyMap<string, Buffer>): string {
  const directory = join(folder, String(++unpackedSoFar));
  writeFiles(directory, files);
  return directory;
}

test('the evidence of an open term contains no link with which its reader could give a notice', async () => {
  expect((await mailbox(service)).some(({ text }) => text!.includes(link))).toBe(true);
  const reminders = [...evidenceWhileOpen.files.keys()].filter((path) =>
    /renewal-reminder-\d\d-customer\.eml$/.test(path),
  );
  expect(reminders.length).toBeGreaterThan(0);
  const found = await linksIn(evidenceWhileOpen);
  const mask = `masked--${createHash('sha256').update(tokenOf(link)).digest('hex')}--masked`;
  expect(found).toContain(mask);
  // A line break in the bytes of a message can cut the mask.
  expect([...found].every((part) => mask.startsWith(part))).toBe(true);
  for (const token of found)
    expect(await giveNotice(token)).toMatchObject({ status: 404, body: { code: 'link-not-valid' } });
  expect(await renewalStates(contract)).toEqual(['open']);
});

test('no other answer and no mail to staff contains the link', async () => {
  const { admin, csm, id } = contract;
  const paths = [
    '/v1/mails?limit=200',
    `/v1/subscriptions/${id}/reminders?limit=200`,
    `/v1/subscriptions/${id}/non-renewal-notices`,
    `/v1/subscriptions/${id}/terms`,
    '/v1/renewals?endsFrom=2027-01-01&endsTo=2027-12-31',
    '/v1/jobs',
  ];
  for (const path of paths) {
    for (const staff of [admin, finance, csm]) {
      const { status, body } = await staff.get(path);
      if (status === 200) expect(JSON.stringify(body)).not.toContain('/decline/');
    }
  }
  for (const { to, text, html } of await mailbox(service)) {
    if (JSON.stringify(to).includes('@trm.example')) expect(`${text} ${html}`).not.toContain('/decline/');
  }
});

test('the script reports masked mails, and verifies them for a person who has the personal link', async () => {
  const directory = unpacked(evidenceWhileOpen.files);
  const withoutLink = await runCheck(directory);
  expect(withoutLink).toEqual({
    code: 0,
    output: expect.stringMatching(
      /note {2}\d+ mails contain a personal link that is masked.*\n.*except for \d+ with a masked link/,
    ) as string,
  });
  expect((await runCheck(directory, 'ja')).output).toMatch(/リンクがマスクされた \d+ 通を除き/);
  const withLink = await runCheck(directory, 'en', link);
  expect(withLink.code).toBe(0);
  expect(withLink.output).not.toMatch(/masked/);
  const [stranger] = (await renewingContract(service, {})).contacts;
  const wrong = await runCheck(directory, 'en', service.app.get(DeclineLinks).linkFor({ termId, address: stranger! }));
  expect(wrong.output).toMatch(/except for/);
});

test('a changed masked mail stays unverified even with the link, and a changed unmasked mail is detected', async () => {
  const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  /** Changes a mail and corrects all checksums. Returns the folder of the unpacked files. */
  const forged = (pathPattern: RegExp): string => {
    const path = [...evidenceWhileOpen.files.keys()].find((name) => pathPattern.test(name))!;
    const bytes = Buffer.from(
      evidenceWhileOpen.files
        .get(path)!
        .toString('latin1')
        .replace(/^Date: .*$/m, 'Date: today'),
      'latin1',
    );
    const files = new Map(evidenceWhileOpen.files).set(path, bytes);
    const manifest = evidenceWhileOpen.json('manifest.json');
    for (const file of manifest.files as Json[])
      Object.assign(file, { size: files.get(file.path)!.length, sha256: sum(files.get(file.path)!) });
    files.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
    const lines = [...files]
      .filter(([name]) => name !== 'SHA256SUMS')
      .map(([name, content]) => `${sum(content)}  ${name}\n`);
    return unpacked(files.set('SHA256SUMS', Buffer.from(lines.join(''))));
  };
  const ofContact = forged(/reminder-\d\d-customer\.eml$/);
  expect((await runCheck(ofContact, 'en', link)).output).toMatch(/1 mail contains a personal link that is masked/);
  expect(await runCheck(forged(/reminder-\d\d-csm\.eml$/))).toMatchObject({
    code: 1,
    output: expect.stringMatching(/-csm\.eml is not the message that was sent/) as string,
  });
});

test('after the term, the evidence contains the mails as they were sent, and the links in them no longer work', async () => {
  await advance(service, '2027-04-02T00:00:00Z');
  const closed = await evidenceZip(service, termId, finance.token);
  expect(await linksIn(closed)).toContain(tokenOf(link));
  for (const { file, sha256 } of closed.json('mails.json').mails as Json[]) {
    expect(createHash('sha256').update(closed.files.get(file)!).digest('hex')).toBe(sha256);
  }
  expect(await runCheck(unpacked(closed.files))).toMatchObject({
    code: 0,
    output: expect.not.stringMatching(/masked/) as string,
  });
  expect(await giveNotice(tokenOf(link))).toMatchObject({ status: 404 });
});
