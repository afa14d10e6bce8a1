import { consoleClient, type ConsoleClient, type Page } from '../support/console.js';
import { financeStory, type FinanceStory } from '../support/finance-story.js';

let story: FinanceStory;
let hana: ConsoleClient;
let chief: ConsoleClient;

beforeAll(async () => {
  story = await financeStory();
  hana = await consoleClient(story.service, story.hana);
  chief = await consoleClient(story.service, story.chief);
});
afterAll(() => story.service.stop());

const path = '/console/imports';
const rowsPath = `${path}/rows`;

const headings = 'workDate,minutes,customer,consultant,productLine,activity,delivery,summary';
const row = (workDate: string, minutes: string, summary = 'Imported') =>
  `${workDate},${minutes},Acme KK,Suzuki Ichiro,DB,health-check,remote,${summary}`;
const rows = [headings, row('2026-07-01', '30'), row('2026-07-02', '45'), row('2026-02-30', '10', '<b>bold</b>')];

const entries = async (): Promise<number> =>
  (await story.hana.get(`/v1/subscriptions/${story.acme.id}/time-entries?from=2026-07-01`)).body.data.length as number;

/** Sends a file as the script of the page does. */
async function send(who: ConsoleClient, page: Page, query: string, body: string, headers: object = {}) {
  const token = /name="csrf" value="([^"]*)"/.exec(page.html)![1]!;
  const response = await fetch(`${story.service.baseUrl}${path}/file?${query}`, {
    method: 'POST',
    headers: { cookie: who.cookie, 'content-type': 'text/csv', 'x-csrf-token': token, ...headers },
    body,
    redirect: 'manual',
  });
  return { status: response.status, html: await response.text() };
}

describe('pasted rows', () => {
  test('are checked first: the page says what would be booked, and why rows are refused', async () => {
    const page = await hana.get(path);
    const before = await entries();
    const tried = await hana.submit(page, rowsPath, { text: rows.join('\r\n'), step: 'try' });
    expect([tried.status, await entries()]).toEqual([200, before]);
    expect(tried.text).toContain('2 rows can be booked');
    expect(tried.text).toContain('1 h 15 in all. The file has 3 rows. Headings of this service');
    expect(tried.text).toMatch(/4 workDate 2026-02-30/);
    expect(tried.text).toContain('Book 2 rows');
    expect(tried.html).toContain('&lt;b>bold&lt;/b>');
    expect(tried.html).not.toContain('<b>bold');

    const taken = await hana.submit(tried, rowsPath, { text: rows.join('\n'), step: 'take' });
    expect([taken.status, await entries()]).toEqual([200, before + 2]);
    expect(taken.text).toContain('2 rows were booked');
    const again = await hana.submit(taken, rowsPath, { text: rows.slice(0, 3).join('\n'), step: 'take' });
    expect([again.status, await entries()]).toEqual([303, before + 2]);
    expect((await hana.follow(again)).text).toContain('Already booked 2');
  });

  test('of another program are recognised, and a question is asked only if the file leaves it open', async () => {
    const page = await hana.get(path);
    const kimai = [
      'Date,Duration,Customer,Project,Activity,Description,Email',
      '2026-07-03,2,Acme KK,DB,Health check,From Kimai,suzuki@vendor.example',
    ].join('\n');
    const unclear = await hana.submit(page, rowsPath, { text: kimai, step: 'try' });
    expect(unclear.status).toBe(400);
    expect(unclear.text).toContain('The file cannot be read yet');
    expect(unclear.text).toContain('Which unit do the durations have? Hours Minutes Seconds');
    expect(unclear.text).toContain('The same for the whole file');
    expect(unclear.html).toContain('From Kimai');
    const tried = await hana.submit(unclear, rowsPath, { text: kimai, durations: 'hours', delivery: 'remote' });
    expect(tried.status).toBe(200);
    expect(tried.text).toContain('1 row can be booked 2 h in all. The file has 1 row. Exported by Kimai');
    expect(tried.html).toContain('<input type="hidden" name="durations" value="hours"');
  });

  test('speak Japanese, and say what is missing', async () => {
    const page = await hana.get(path, { 'accept-language': 'ja' });
    expect(page.text).toContain('時間を取り込む');
    const empty = await hana.submit(page, rowsPath, { step: 'try' });
    expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('Pasted rows is required')]);
  });
});

describe('a file', () => {
  test('is checked and booked as it arrives, and answers with the part of the page', async () => {
    const page = await hana.get(path);
    const file = [headings, ...Array.from({ length: 3_000 }, (_, at) => row('2026-07-04', '1', `Row ${at}`))].join(
      '\n',
    );
    const tried = await send(hana, page, 'fileName=hours.csv&step=try', file);
    expect(tried.status).toBe(200);
    expect(tried.html).not.toContain('<html');
    expect(tried.html).toMatch(/1,440 rows can be booked/);
    expect(tried.html).toContain('The first 200 refused rows are listed. 1,360 more are not.');
    const taken = await send(hana, page, 'fileName=hours.csv&step=take', file);
    expect(taken.html).toContain('1,440 rows were booked');
    const { data } = (await story.hana.get('/v1/imports')).body;
    expect(data[0]).toMatchObject({ fileName: 'hours.csv', accepted: 1_440, refused: 1_560 });
    const list = await hana.get(path);
    expect(list.text).toContain('hours.csv Done 1,440 0 1,560 24 h Tanaka Hana');
  });

  test('in another encoding asks which one', async () => {
    const page = await hana.get(path);
    const token = /name="csrf" value="([^"]*)"/.exec(page.html)![1]!;
    const body = Buffer.concat([Buffer.from(`${headings}\n`), Buffer.from([0x83, 0x65, 0x2c, 0x0a])]);
    const answer = await fetch(`${story.service.baseUrl}${path}/file?step=try`, {
      method: 'POST',
      headers: { cookie: hana.cookie, 'content-type': 'text/csv', 'x-csrf-token': token },
      body,
    });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('name="encoding" value="cp932"'),
    ]);
  });

  test('needs the token of the session and the right type, and is forbidden to finance', async () => {
    const page = await hana.get(path);
    expect((await send(hana, page, 'step=take', rows.join('\n'), { 'x-csrf-token': 'x' })).status).toBe(403);
    expect((await send(hana, page, 'step=take', '{}', { 'content-type': 'application/json' })).status).toBe(415);
    const finance = await consoleClient(story.service, story.finance);
    expect((await finance.get(path)).status).toBe(403);
    expect((await send(finance, page, 'step=take', rows.join('\n'))).status).toBe(403);
  });
});

describe('an import', () => {
  test('is seen by its CSM and by administrators, and undone with a reason', async () => {
    const { data } = (await story.hana.get('/v1/imports')).body;
    const { id } = data.find(({ rows }: { rows: number }) => rows === 3) as { id: string };
    const one = `${path}/${id}`;
    const ken = await consoleClient(story.service, story.ken);
    expect((await ken.get(one)).status).toBe(404);
    const page = await chief.get(one);
    expect(page.text).toContain('Pasted rows Done');
    const refused = await chief.submit(page, `${one}/undo`, { reason: '' });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Why is it undone? is required.')]);
    const before = await entries();
    const done = await chief.follow(await chief.submit(refused, `${one}/undo`, { reason: 'The wrong <file>' }));
    expect(done.text).toContain('2 entries reversed.');
    expect(done.text).toContain('Abe Sora, 2 entries reversed: The wrong <file>');
    expect(done.html).not.toContain(`action="${one}/undo"`);
    expect(await entries()).toBe(before);
  });

  test('that runs shows its progress to its own user', async () => {
    const { status, text } = await hana.get(`${path}/running`);
    expect([status, text]).toEqual([200, '']);
    await story.service.database.write((tx) =>
      tx.query(
        `insert into imports (id, file_name, status, started_at, started_by, rows, accepted, alive_at)
         values ('01a229c7-5181-7000-8000-3593590ad8fd', 'big.csv', 'running', now(), $1, 1000, 250, now())`,
        [story.hana.id],
      ),
    );
    expect((await hana.get(`${path}/running`)).text).toBe('250 of 1,000 rows');
    expect((await chief.get(`${path}/running`)).text).toBe('');
  });
});
