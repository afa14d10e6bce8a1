import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.js';
import { closeDataDir } from './data-dir.js';
import { mailLine } from '../mail/mailer.js';

const isRoot = process.getuid?.() === 0;
const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
/** If root runs the service, the server of the embedded database runs as another user and must pass through the folder. */
const closedMode = isRoot ? '711' : '700';

let parent: string;
let dataDir: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'trm-data-dir-'));
  dataDir = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

test('a mail is written to a file that only its owner can read', async () => {
  const transport = mailLine(readConfig({ DATA_DIR: dataDir }));
  const mailbox = join(dataDir, 'mailbox');
  const mail = { writtenAt: new Date(0), kind: 'term-ended', messageId: '1@trm', message: Buffer.from('Subject: x') };
  expect(await transport.handOver(mail as never)).toMatchObject({ outcome: 'filed' });
  expect([modeOf(dataDir), modeOf(mailbox)]).toEqual([closedMode, '700']);
  expect(readdirSync(mailbox).map((name) => modeOf(join(mailbox, name)))).toEqual(['600']);
});

test('an open data folder and its mails are closed to other users', () => {
  const mailbox = join(dataDir, 'mailbox');
  mkdirSync(mailbox, { recursive: true });
  writeFileSync(join(mailbox, '1.eml'), '');
  for (const [path, mode] of [
    [dataDir, 0o777],
    [mailbox, 0o755],
    [join(mailbox, '1.eml'), 0o644],
  ] as const)
    chmodSync(path, mode);
  closeDataDir(dataDir);
  expect([modeOf(dataDir), modeOf(mailbox), modeOf(join(mailbox, '1.eml'))]).toEqual([closedMode, '700', '600']);
});

test('a shared folder, or one without files of the service, keeps its mode', () => {
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o755);
  closeDataDir(dataDir);
  expect(modeOf(dataDir)).toBe('755');
  mkdirSync(join(dataDir, 'mailbox'), { mode: 0o755 });
  chmodSync(dataDir, 0o1777);
  closeDataDir(dataDir);
  expect([modeOf(dataDir), modeOf(join(dataDir, 'mailbox'))]).toEqual(['1777', '700']);
  expect(() => closeDataDir(join(parent, 'absent'))).not.toThrow();
});
