import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'iconv-lite';
import { projectPath } from '../../src/platform/project-root.js';
import { api, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// `npm run import` as whoever sends a file meets it: what it says, what it leaves behind, and how it ends.

let service: TestService;
let folder: string;
let sold: SoldContract;
let names: { customer: string; consultant: string; line: string };

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', consultants: 1, productLines: 1 });
  const admin = api(service.baseUrl, service.adminToken);
  const of = async (path: string): Promise<Json> => (await admin.get(path)).body;
  names = {
    customer: (await of(`/v1/customers/${sold.customerId}`)).name as string,
    consultant: (await of(`/v1/consultants/${sold.consultantIds[0]}`)).email as string,
    line: (await of(`/v1/product-lines/${sold.productLineIds[0]}`)).code as string,
  };
  const path = `/v1/subscriptions/${sold.id}/allocations`;
  const { headers } = await admin.get(path);
  const allocations = [{ consultantId: sold.consultantIds[0], productLineId: sold.productLineIds[0], minutes: 6_000 }];
  await admin.put(path, { allocations }, { 'if-match': headers.get('etag')! });
});
afterAll(() => service.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trm-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  code: number | null;
  /** What it printed, without where the folder lies. */
  said: string;
}

/** `node dist/src/import/main.js`, in a folder of its own. */
function run(typed: string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const surroundings = { PATH: process.env.PATH, TRM_TOKEN: service.adminToken, PUBLIC_URL: service.baseUrl };
  return ended(process.execPath, [projectPath('dist', 'src', 'import', 'main.js'), ...typed], folder, {
    ...surroundings,
    ...env,
  });
}

function ended(program: string, typed: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(program, typed, { cwd, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    child.once('close', (code) => resolve({ code, said: said.replaceAll(folder, '').trim() }));
  });
}

const write = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);
const read = (name: string): Buffer => readFileSync(join(folder, name));

const headings = 'customer,workDate,hours,consultant,productLine,activity,delivery,summary';
const row = (workDate: string, hours: string, summary: string, consultant = names.consultant): string =>
  `${names.customer},${workDate},${hours},${consultant},${names.line},upgrade,remote,${summary}`;

describe('npm run import', () => {
  it('shows a dry run, books the accepted rows, and writes the refused rows to a file', async () => {
    const lines = [
      headings,
      row('2026-05-04', '1:30', '"Planned, on two\nlines"'),
      row('2026-05-05', '2', 'By whom?', 'nobody@trm.example'),
      row('2026/5/6', '0.5', 'Followed up'),
      row('2026-05-07', '200', '"A ""long"" day"'),
    ];
    write('hours.csv', `${lines.join('\r\n')}\r\n`);
    const told = [
      '4 rows: 2 accepted with 2 h, 2 refused.',
      expect.stringMatching(/^ {2}Line 4: .*nobody@trm\.example/),
      expect.stringMatching(/^ {2}Line 6: .*The largest acceptable value is 24 h \(1440 minutes\)\.$/),
      'The 2 refused rows are in /hours.refused.csv, with their reasons.',
    ];

    const tried = await run(['hours.csv', '--dry-run']);
    expect([tried.code, tried.said.split('\n')]).toEqual([
      1,
      [
        'Dry run: nothing was written. This is what would happen.',
        ...told,
        'Nothing is booked yet. Correct the refused rows in your file, and send the whole file without --dry-run.',
      ],
    ]);
    const sent = await run(['hours.csv']);
    expect([sent.code, sent.said.split('\n')]).toEqual([
      1,
      [
        ...told,
        'Correct these rows in the file that you sent, and send the whole file again with the same options. No row is booked twice.',
      ],
    ]);
    expect(readdirSync(folder)).toEqual(['hours.csv', 'hours.refused.csv']);
    const refused = read('hours.refused.csv').toString().split('\r\n');
    expect(refused).toEqual([
      `${headings},"refusedBecause"`,
      expect.stringMatching(/^.*,By whom\?,".*nobody@trm\.example.*"$/),
      expect.stringMatching(/,200,.*,"A ""long"" day",".*1440 minutes\)\."$/),
      '',
    ]);

    const halfMended = refused.map((line) =>
      line.replace('nobody@trm.example', names.consultant).replace(',200,', ',201,'),
    );
    write('hours.refused.csv', halfMended.join('\r\n'));
    const again = await run(['hours.refused.csv']);
    expect([again.code, again.said.split('\n')[0]]).toEqual([1, '2 rows: 1 accepted with 2 h, 1 refused.']);
    const [headingsLeft, left, end] = read('hours.refused.refused.csv').toString().split('\r\n');
    expect([headingsLeft, left!.split('refusedBecause').length, end]).toEqual([refused[0], 1, '']);
    expect(left!.match(/The largest acceptable value/g)).toHaveLength(1);

    // What lies beside the file now is somebody's work.
    const repeated = await run(['hours.csv', '--dry-run']);
    expect(repeated.said).toContain('2 rows were booked before and are not booked again.');
    expect(repeated.said).toContain('/hours.refused-2.csv');
    expect(read('hours.refused.csv').toString()).toBe(halfMended.join('\r\n'));
  });

  it('books only the missing rows when the whole corrected file is sent again', async () => {
    const lines = [headings, row('2026-05-11', '1', 'One'), row('2026-05-12', '1', 'Two', 'nobody@trm.example')];
    write('whole.csv', lines.join('\n'));
    expect((await run(['whole.csv'])).code).toBe(1);
    write('whole.csv', lines.join('\n').replace('nobody@trm.example', names.consultant));
    const tried = await run(['whole.csv', '--dry-run']);
    const told = ['2 rows: 1 accepted with 1 h, 0 refused.', '1 row was booked before and is not booked again.'];
    expect([tried.code, tried.said.split('\n')]).toEqual([
      0,
      [
        'Dry run: nothing was written. This is what would happen.',
        ...told,
        'Nothing is booked yet. Send the file without --dry-run to book the accepted rows.',
      ],
    ]);
    const sent = await run(['whole.csv']);
    expect([sent.code, sent.said.split('\n')]).toEqual([0, told]);
    const { body } = await api(service.baseUrl, service.adminToken).get('/v1/imports?limit=2');
    expect(body.data).toMatchObject([
      { fileName: 'whole.csv', accepted: 1, present: 1, refused: 0 },
      { fileName: 'whole.csv', accepted: 1, present: 0, refused: 1 },
    ]);
  });

  it('advises to send only the refused rows with --duplicates book', async () => {
    write('twice.csv', [headings, row('2026-05-13', '1', 'Twice'), row('2026-07-20', '1', 'Later')].join('\n'));
    await run(['twice.csv', '--duplicates', 'book']);
    const { said } = await run(['twice.csv', '--duplicates', 'book']);
    expect(said).toContain('2 rows: 1 accepted with 1 h, 1 refused.');
    expect(said).toContain('Correct the rows there and send only that file');
  });

  it('says what to state, keeps the delimiter of a file, and its first line for spreadsheets', async () => {
    const european = [names.customer, '3.4.2026', '"1,5"', 'nobody', names.line, 'upgrade', 'remote', 'x'].join(';');
    write('eu.csv', ['sep=;', headings.replaceAll(',', ';'), european].join('\n'));
    const refused = await run(['eu.csv']);
    expect(refused.said).toContain('Send decimal=comma');
    expect(refused.said).toContain('Send dates=dmy');
    expect(refused.said).toContain('--name value');
    await run(['eu.csv', '--decimal', 'comma', '--dates', 'dmy']);
    const [separator, heads, line] = read('eu.refused.csv').toString().split('\r\n');
    expect([separator, heads]).toEqual(['sep=;', `${headings.replaceAll(',', ';')};"refusedBecause"`]);
    expect(line).toMatch(/;"1,5";nobody;.*;x;".*nobody.*"$/);
  });

  it('ends with 0 where all was taken, for the parameters of the whole file too', async () => {
    write('token', `${service.adminToken}\n`);
    write('all.csv', 'workDate,minutes,consultant\n2026-06-01,45,' + names.consultant);
    const wholes = ['--customer', names.customer, '--product-line', names.line, '--activity', 'upgrade'];
    const told = ['--delivery', 'remote', '--summary', 'As agreed', '--token-file', 'token', '--url', service.baseUrl];
    const { code, said } = await run(['all.csv', ...wholes, ...told], { TRM_TOKEN: undefined, PUBLIC_URL: undefined });
    expect([code, said]).toEqual([0, '1 row: 1 accepted with 45 min, 0 refused.']);
    expect(readdirSync(folder)).toEqual(['all.csv', 'token']);
  });

  it('books no row of an atomic file with a refused row', async () => {
    const rows = [row('2026-06-02', '1', 'Good'), row('2026-06-03', '1', 'Not good', 'nobody@trm.example')];
    write('atomic.csv', [headings, ...rows].join('\n'));
    const { code, said } = await run(['atomic.csv', '--atomic']);
    expect([code, said.split('\n').slice(0, 2)]).toEqual([
      1,
      [
        '2 rows: 0 accepted with 0 min, 1 refused.',
        'No row was booked, because some rows were refused and --atomic was set.',
      ],
    ]);
    expect(readdirSync(folder)).toEqual(['atomic.csv']);
  });

  it('speaks Japanese, and keeps rows in the encoding of their file', async () => {
    const japanese = headings.replace('summary', '作業概要');
    write('jikan.csv', encode([japanese, row('2026-06-04', '1', '設定の見直し', '不明')].join('\r\n'), 'cp932'));
    const { code, said } = await run(['jikan.csv', '--encoding', 'cp932'], { LANG: 'ja_JP.UTF-8' });
    expect([code, said.split('\n')[0]]).toEqual([1, '1 行のうち 0 行（0 分）を受け付け、1 行を取り込めませんでした。']);
    const [heads, line] = decode(read('jikan.refused.csv'), 'cp932').split('\r\n');
    expect(heads).toBe(`${japanese},"取り込めなかった理由"`);
    expect(line).toMatch(/設定の見直し,".*不明.*"$/);
  });

  it('says by line and column what is wrong with the form of a file', async () => {
    write('broken.csv', `${headings}\n${row('2026-06-05', '1', 'Ended')}\n${row('2026-06-05', '1', '"never ends')}`);
    const { code, said } = await run(['broken.csv']);
    expect([code, said]).toEqual([1, expect.stringMatching(/Line 3, column 8: The quotation mark that opens here/)]);
  });

  const beyond: readonly (readonly [what: string, typed: string[], env: NodeJS.ProcessEnv, said: RegExp])[] = [
    ['no file is named', [], {}, /^Name the file/],
    ['there is no such file', ['absent.csv'], {}, /^The file \/absent\.csv does not exist\.$/],
    ['an option is unknown', ['there.csv', '--dryrun'], {}, /^Unknown option '--dryrun'/],
    ['a value is unknown', ['there.csv', '--map', 'sheet'], {}, /map.*kimai/s],
    ['there is no token', ['there.csv'], { TRM_TOKEN: undefined }, /^There is no token/],
    ['the token is wrong', ['there.csv'], { TRM_TOKEN: 'wrong' }, /^The service does not know the token/],
    ['nobody is there', ['there.csv', '--url', 'http://127.0.0.1:1'], {}, /^No answer from http:\/\/127\.0\.0\.1:1 /],
    ['the address is none', ['there.csv', '--url', 'nowhere'], {}, /^"nowhere" is not a valid address/],
    [
      'the address is another',
      ['there.csv', '--url', `\0/elsewhere`],
      {},
      /^The answer from .* is not from this service/,
    ],
  ];
  it.each(beyond)('ends with 2 where %s', async (_, typed, env, expected) => {
    write('there.csv', headings);
    const { code, said } = await run(
      typed.map((word) => word.replace('\0', service.baseUrl)),
      env,
    );
    expect([code, said]).toEqual([2, expect.stringMatching(expected)]);
  });

  it('takes the address of the routes for that of the service, and explains itself in the language asked for', async () => {
    write('there.csv', headings);
    const { code, said } = await run(['there.csv', '--url', `${service.baseUrl}/v1/`]);
    expect([code, said]).toEqual([0, '0 rows: 0 accepted with 0 min, 0 refused.']);
    expect((await run(['--help', '--language', 'ja'])).said).toContain('npm run import -- FILE.csv [オプション]');
  });

  it('does not offer what the user may not do', async () => {
    write('there.csv', headings);
    const { token } = await person(service, 'finance');
    const { code, said } = await run(['there.csv'], { TRM_TOKEN: token });
    expect([code, said]).toEqual([2, 'The user of this token may not log hours.']);
  });

  it('is an npm script that needs no build before it', async () => {
    const { code, said } = await ended(
      'npm',
      ['run', '--silent', 'import', '--', '--help'],
      projectPath(),
      process.env,
    );
    expect([code, said]).toEqual([0, expect.stringContaining('npm run import -- FILE.csv [options]')]);
  });
});
