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

// `npm run import` as its user sees it: its output, the files that it writes, and its exit code.

let service: TestService;
let folder: string;
let sold: SoldContract;
let names: { customer: string; consultant: string; productLine: string };

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', consultants: 1, productLines: 1 });
  const admin = api(service.baseUrl, service.adminToken);
  const of = async (path: string): Promise<Json> => (await admin.get(path)).body;
  names = {
    customer: (await of(`/v1/customers/${sold.customerId}`)).name as string,
    consultant: (await of(`/v1/consultants/${sold.consultantIds[0]}`)).email as string,
    productLine: (await of(`/v1/product-lines/${sold.productLineIds[0]}`)).code as string,
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
  /** Without the path of the folder. */
  output: string;
}

/** Runs `node dist/src/import/main.js` in the folder of the test. */
function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const usualEnv = { PATH: process.env.PATH, TRM_TOKEN: service.adminToken, PUBLIC_URL: service.baseUrl };
  return runProgram(process.execPath, [projectPath('dist', 'src', 'import', 'main.js'), ...args], folder, {
    ...usualEnv,
    ...env,
  });
}

function runProgram(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('close', (code) => resolve({ code, output: output.replaceAll(folder, '').trim() }));
  });
}

const write = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);
const read = (name: string): Buffer => readFileSync(join(folder, name));

const headings = 'customer,workDate,hours,consultant,productLine,activity,delivery,summary';
const row = (workDate: string, hours: string, summary: string, consultant = names.consultant): string =>
  `${names.customer},${workDate},${hours},${consultant},${names.productLine},upgrade,remote,${summary}`;

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
    const summary = [
      '4 rows: 2 accepted with 2 h, 2 refused.',
      expect.stringMatching(/^ {2}Line 4: .*nobody@trm\.example/),
      expect.stringMatching(/^ {2}Line 6: .*The largest acceptable value is 24 h \(1440 minutes\)\.$/),
      'The 2 refused rows are in /hours.refused.csv, with their reasons.',
    ];

    const dryRun = await run(['hours.csv', '--dry-run']);
    expect([dryRun.code, dryRun.output.split('\n')]).toEqual([
      1,
      [
        'Dry run: nothing was booked. A real run would have this result.',
        ...summary,
        'Nothing is booked yet. Correct the refused rows in your file, and send the whole file without --dry-run.',
      ],
    ]);
    const sent = await run(['hours.csv']);
    expect([sent.code, sent.output.split('\n')]).toEqual([
      1,
      [
        ...summary,
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

    const halfCorrected = refused.map((line) =>
      line.replace('nobody@trm.example', names.consultant).replace(',200,', ',201,'),
    );
    write('hours.refused.csv', halfCorrected.join('\r\n'));
    const again = await run(['hours.refused.csv']);
    expect([again.code, again.output.split('\n')[0]]).toEqual([1, '2 rows: 1 accepted with 2 h, 1 refused.']);
    const [headingsLeft, left, end] = read('hours.refused.refused.csv').toString().split('\r\n');
    expect([headingsLeft, left!.split('refusedBecause').length, end]).toEqual([refused[0], 1, '']);
    expect(left!.match(/The largest acceptable value/g)).toHaveLength(1);

    // The user has edited the file of refused rows, so the command must not overwrite it.
    const repeated = await run(['hours.csv', '--dry-run']);
    expect(repeated.output).toContain('2 rows were booked before and are not booked again.');
    expect(repeated.output).toContain('/hours.refused-2.csv');
    expect(read('hours.refused.csv').toString()).toBe(halfCorrected.join('\r\n'));
  });

  it('books only the missing rows when the whole corrected file is sent again', async () => {
    const lines = [headings, row('2026-05-11', '1', 'One'), row('2026-05-12', '1', 'Two', 'nobody@trm.example')];
    write('whole.csv', lines.join('\n'));
    expect((await run(['whole.csv'])).code).toBe(1);
    write('whole.csv', lines.join('\n').replace('nobody@trm.example', names.consultant));
    const dryRun = await run(['whole.csv', '--dry-run']);
    const summary = ['2 rows: 1 accepted with 1 h, 0 refused.', '1 row was booked before and is not booked again.'];
    expect([dryRun.code, dryRun.output.split('\n')]).toEqual([
      0,
      [
        'Dry run: nothing was booked. A real run would have this result.',
        ...summary,
        'Nothing is booked yet. Send the file without --dry-run to book the accepted rows.',
      ],
    ]);
    const sent = await run(['whole.csv']);
    expect([sent.code, sent.output.split('\n')]).toEqual([0, summary]);
    const { body } = await api(service.baseUrl, service.adminToken).get('/v1/imports?limit=2');
    expect(body.data).toMatchObject([
      { fileName: 'whole.csv', accepted: 1, present: 1, refused: 0 },
      { fileName: 'whole.csv', accepted: 1, present: 0, refused: 1 },
    ]);
  });

  it('advises to send only the refused rows with --duplicates book', async () => {
    write('twice.csv', [headings, row('2026-05-13', '1', 'Twice'), row('2026-07-20', '1', 'Later')].join('\n'));
    await run(['twice.csv', '--duplicates', 'book']);
    const { output } = await run(['twice.csv', '--duplicates', 'book']);
    expect(output).toContain('2 rows: 1 accepted with 1 h, 1 refused.');
    expect(output).toContain('Correct the rows in that file and send only that file');
  });

  it('names the missing parameters, and keeps the delimiter and the sep= line in the file of refused rows', async () => {
    const european = [names.customer, '3.4.2026', '"1,5"', 'nobody', names.productLine, 'upgrade', 'remote', 'x'].join(
      ';',
    );
    write('eu.csv', ['sep=;', headings.replaceAll(',', ';'), european].join('\n'));
    const refused = await run(['eu.csv']);
    expect(refused.output).toContain('Send decimal=comma');
    expect(refused.output).toContain('Send dates=dmy');
    expect(refused.output).toContain('--name value');
    await run(['eu.csv', '--decimal', 'comma', '--dates', 'dmy']);
    const [separator, headingRow, line] = read('eu.refused.csv').toString().split('\r\n');
    expect([separator, headingRow]).toEqual(['sep=;', `${headings.replaceAll(',', ';')};"refusedBecause"`]);
    expect(line).toMatch(/;"1,5";nobody;.*;x;".*nobody.*"$/);
  });

  it('exits with 0 if all rows are accepted, and takes values for the whole file as options', async () => {
    write('token', `${service.adminToken}\n`);
    write('all.csv', 'workDate,minutes,consultant\n2026-06-01,45,' + names.consultant);
    const values = ['--customer', names.customer, '--product-line', names.productLine, '--activity', 'upgrade'];
    const otherOptions = [
      '--delivery',
      'remote',
      '--summary',
      'As agreed',
      '--token-file',
      'token',
      '--url',
      service.baseUrl,
    ];
    const { code, output } = await run(['all.csv', ...values, ...otherOptions], {
      TRM_TOKEN: undefined,
      PUBLIC_URL: undefined,
    });
    expect([code, output]).toEqual([0, '1 row: 1 accepted with 45 min, 0 refused.']);
    expect(readdirSync(folder)).toEqual(['all.csv', 'token']);
  });

  it('books no row if --atomic is set and a row is refused', async () => {
    const rows = [row('2026-06-02', '1', 'Good'), row('2026-06-03', '1', 'Not good', 'nobody@trm.example')];
    write('atomic.csv', [headings, ...rows].join('\n'));
    const { code, output } = await run(['atomic.csv', '--atomic']);
    expect([code, output.split('\n').slice(0, 2)]).toEqual([
      1,
      [
        '2 rows: 0 accepted with 0 min, 1 refused.',
        'No row was booked, because some rows were refused and --atomic was set.',
      ],
    ]);
    expect(readdirSync(folder)).toEqual(['atomic.csv']);
  });

  it('prints Japanese, and writes refused rows in the encoding of the file', async () => {
    const japanese = headings.replace('summary', '作業概要');
    write('jikan.csv', encode([japanese, row('2026-06-04', '1', '設定の見直し', '不明')].join('\r\n'), 'cp932'));
    const { code, output } = await run(['jikan.csv', '--encoding', 'cp932'], { LANG: 'ja_JP.UTF-8' });
    expect([code, output.split('\n')[0]]).toEqual([
      1,
      '1 行のうち 0 行（0 分）を受け付け、1 行を取り込めませんでした。',
    ]);
    const [headingRow, line] = decode(read('jikan.refused.csv'), 'cp932').split('\r\n');
    expect(headingRow).toBe(`${japanese},"取り込めなかった理由"`);
    expect(line).toMatch(/設定の見直し,".*不明.*"$/);
  });

  it('names the line and column of a fault in the form of the file', async () => {
    write('broken.csv', `${headings}\n${row('2026-06-05', '1', 'Ended')}\n${row('2026-06-05', '1', '"never ends')}`);
    const { code, output } = await run(['broken.csv']);
    expect([code, output]).toEqual([1, expect.stringMatching(/Line 3, column 8: The quotation mark that opens here/)]);
  });

  const faults: readonly (readonly [what: string, args: string[], env: NodeJS.ProcessEnv, output: RegExp])[] = [
    ['no file is named', [], {}, /^Name the file/],
    ['the file does not exist', ['absent.csv'], {}, /^The file \/absent\.csv does not exist\.$/],
    ['an option is unknown', ['there.csv', '--dryrun'], {}, /^Unknown option '--dryrun'/],
    ['a value is unknown', ['there.csv', '--map', 'sheet'], {}, /map.*kimai/s],
    ['there is no token', ['there.csv'], { TRM_TOKEN: undefined }, /^There is no token/],
    ['the token is wrong', ['there.csv'], { TRM_TOKEN: 'wrong' }, /^The token is unknown to the service/],
    [
      'no service runs at the address',
      ['there.csv', '--url', 'http://127.0.0.1:1'],
      {},
      /^No answer from http:\/\/127\.0\.0\.1:1 /,
    ],
    ['the address is malformed', ['there.csv', '--url', 'nowhere'], {}, /^"nowhere" is not a valid address/],
    [
      'the address belongs to another service',
      ['there.csv', '--url', `\0/elsewhere`],
      {},
      /^The answer from .* is not from this service/,
    ],
  ];
  it.each(faults)('exits with 2 if %s', async (_, args, env, expected) => {
    write('there.csv', headings);
    const { code, output } = await run(
      args.map((word) => word.replace('\0', service.baseUrl)),
      env,
    );
    expect([code, output]).toEqual([2, expect.stringMatching(expected)]);
  });

  it('accepts an address that ends with /v1, and prints its help in the requested language', async () => {
    write('there.csv', headings);
    const { code, output } = await run(['there.csv', '--url', `${service.baseUrl}/v1/`]);
    expect([code, output]).toEqual([0, '0 rows: 0 accepted with 0 min, 0 refused.']);
    expect((await run(['--help', '--language', 'ja'])).output).toContain('npm run import -- FILE.csv [オプション]');
  });

  it('refuses a user who may not log hours', async () => {
    write('there.csv', headings);
    const { token } = await person(service, 'finance');
    const { code, output } = await run(['there.csv'], { TRM_TOKEN: token });
    expect([code, output]).toEqual([2, 'The user of this token may not log hours.']);
  });

  it('runs as an npm script without a build before it', async () => {
    const { code, output } = await runProgram(
      'npm',
      ['run', '--silent', 'import', '--', '--help'],
      projectPath(),
      process.env,
    );
    expect([code, output]).toEqual([0, expect.stringContaining('npm run import -- FILE.csv [options]')]);
  });
});
