import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { api, type Json } from '../support/client.js';
import { checked, evidenceZip, type EvidenceZip } from '../support/evidence.js';
import { person, type Person } from '../support/people.js';
import { advance, mailbox, renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { writeFiles } from '../support/unzipped.js';

// A busy machine takes its time over zips and processes.
jest.setTimeout(120_000);

let service: TestService;
let folder: string;
let finance: Person;
let contract: RenewingContract;
let termId: string;
/** The personal link as its contact got it. */
let link: string;
let open: EvidenceZip;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trm-evidence-links-'));
  service = await startService({ clock: '2026-12-20T03:00:00Z' });
  finance = await person(service, 'finance');
  contract = await renewingContract(service, { startsOn: '2026-04-01', locale: 'ja' });
  await advance(service, '2027-01-20T00:00:00Z');
  termId = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body.currentTerm.id as string;
  link = service.app.get(DeclineLinks).linkFor({ termId, address: contract.contacts[0]! });
  open = await evidenceZip(service, termId, finance.token);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.stop();
});

const tokenOf = (address: string): string => address.split('/').at(-1)!;

/** Everything that a reader of a file can see in it: its bytes, and of a mail every part, decoded and unfolded. */
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

const confirm = (token: string) =>
  api(service.baseUrl).send('POST', `/decline/${token}`, new URLSearchParams({ signedBy: '山田 太郎' }).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  });

let unpackedSoFar = 0;

function unpacked(files: ReadonlyMap<string, Buffer>): string {
  const place = join(folder, String(++unpackedSoFar));
  writeFiles(place, files);
  return place;
}

test('finance unpacks the evidence of an open term and finds no link with which a notice can be given', async () => {
  expect((await mailbox(service)).some(({ text }) => text!.includes(link))).toBe(true);
  const reminders = [...open.files.keys()].filter((path) => /renewal-reminder-\d\d-customer\.eml$/.test(path));
  expect(reminders.length).toBeGreaterThan(0);
  const found = await linksIn(open);
  const mask = `masked--${createHash('sha256').update(tokenOf(link)).digest('hex')}--masked`;
  expect(found).toContain(mask);
  // In the bytes of a message a line ends amid the mask.
  expect([...found].every((part) => mask.startsWith(part))).toBe(true);
  for (const token of found)
    expect(await confirm(token)).toMatchObject({ status: 404, body: { code: 'link-not-valid' } });
  expect(await renewalStates(contract)).toEqual(['open']);
});

test('no other answer that staff get shows the link', async () => {
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

test('the script explains the masks, and proves the masked mails to whom the link was sent', async () => {
  const place = unpacked(open.files);
  const without = await checked(place);
  expect(without).toEqual({
    code: 0,
    says: expect.stringMatching(
      /note {2}\d+ mails contain a personal link that is masked.*\n.*except for \d+ with a masked link/,
    ) as string,
  });
  expect((await checked(place, 'ja')).says).toMatch(/リンクがマスクされた \d+ 通を除き/);
  const withLink = await checked(place, 'en', link);
  expect(withLink.code).toBe(0);
  expect(withLink.says).not.toMatch(/masked/);
  const [stranger] = (await renewingContract(service, {})).contacts;
  const wrong = await checked(place, 'en', service.app.get(DeclineLinks).linkFor({ termId, address: stranger! }));
  expect(wrong.says).toMatch(/except for/);
});

test('a mask excuses no other change of a mail once the link is given, and no change of a mail without one', async () => {
  const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  /** Changes a mail and makes all checksums fit again. */
  const forged = (wanted: RegExp): string => {
    const path = [...open.files.keys()].find((each) => wanted.test(each))!;
    const bytes = Buffer.from(
      open.files
        .get(path)!
        .toString('latin1')
        .replace(/^Date: .*$/m, 'Date: today'),
      'latin1',
    );
    const files = new Map(open.files).set(path, bytes);
    const named = open.json('manifest.json');
    for (const file of named.files as Json[])
      Object.assign(file, { size: files.get(file.path)!.length, sha256: sum(files.get(file.path)!) });
    files.set('manifest.json', Buffer.from(JSON.stringify(named)));
    const lines = [...files]
      .filter(([name]) => name !== 'SHA256SUMS')
      .map(([name, content]) => `${sum(content)}  ${name}\n`);
    return unpacked(files.set('SHA256SUMS', Buffer.from(lines.join(''))));
  };
  const ofContact = forged(/reminder-\d\d-customer\.eml$/);
  expect((await checked(ofContact, 'en', link)).says).toMatch(/1 mail contains a personal link that is masked/);
  expect(await checked(forged(/reminder-\d\d-csm\.eml$/))).toMatchObject({
    code: 1,
    says: expect.stringMatching(/-csm\.eml is not the message that was sent/) as string,
  });
});

test('once the term is over its mails are shown as they were sent, and the link in them is dead', async () => {
  await advance(service, '2027-04-02T00:00:00Z');
  const closed = await evidenceZip(service, termId, finance.token);
  expect(await linksIn(closed)).toContain(tokenOf(link));
  for (const { file, sha256 } of closed.json('mails.json').mails as Json[]) {
    expect(createHash('sha256').update(closed.files.get(file)!).digest('hex')).toBe(sha256);
  }
  expect(await checked(unpacked(closed.files))).toMatchObject({
    code: 0,
    says: expect.not.stringMatching(/masked/) as string,
  });
  expect(await confirm(tokenOf(link))).toMatchObject({ status: 404 });
});
