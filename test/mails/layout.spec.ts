import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { htmlOf, textOf, type MailPage } from '../../src/platform/mail/layout.js';
import { projectPath } from '../../src/platform/project-root.js';

const page: MailPage = {
  subject: 'A <b>subject</b>',
  blocks: [
    { kind: 'paragraph', text: 'Dear "A & B",' },
    { kind: 'paragraph', text: 'first line\nsecond <line>' },
    { kind: 'heading', text: 'Facts' },
    {
      kind: 'facts',
      rows: [
        ['Name', '<script>alert(1)</script>'],
        ['A longer label', 'a value\nof two lines'],
      ],
    },
    { kind: 'list', items: ['one', 'two [[text]]'] },
    {
      kind: 'table',
      head: ['Month', '時間'],
      rows: [
        ['4月', '1.00'],
        ['12月', '10.00'],
      ],
    },
    { kind: 'button', text: 'Open', url: 'https://vendor.example/?a=1&b="2"' },
    { kind: 'picture', contentId: 'burn-down', alt: 'What "it" shows' },
    { kind: 'small', text: "It's sent by a machine." },
  ],
};

test('the compiled layout is up to date with its MJML source', async () => {
  const script = projectPath('config', 'mail-layout.mjs');
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({ stderr: '' });
});

test('the text part shows every kind of block, in English and in Japanese', () => {
  expect(textOf(page, 'en')).toBe(`Dear "A & B",

first line
second <line>

Facts
-----
  Name:           <script>alert(1)</script>
  A longer label: a value
                  of two lines

  - one
  - two [[text]]

  Month   時間
  4月     1.00
  12月   10.00

Open:
  https://vendor.example/?a=1&b="2"

[What "it" shows]

It's sent by a machine.
`);
  const ja = textOf(page, 'ja');
  expect(ja).toContain('■ Facts\n  Name：<script>alert(1)</script>\n');
  expect(ja).toContain('  ・one\n');
  expect(ja).toContain('Open：\n  https://');
});

test('English lines break between words; links and Japanese text never break', () => {
  const text = `${'word '.repeat(30)}https://vendor.example/${'x'.repeat(90)} end`;
  const lines = textOf({ subject: '', blocks: [{ kind: 'paragraph', text }] }, 'en').split('\n');
  expect(lines.filter((line) => line.length > 78)).toEqual([`https://vendor.example/${'x'.repeat(90)}`]);
  const japanese = 'あ'.repeat(100);
  expect(textOf({ subject: '', blocks: [{ kind: 'paragraph', text: japanese }] }, 'ja')).toBe(`${japanese}\n`);
});

test('the HTML part escapes all words, fills the layout, and names its language', () => {
  const html = htmlOf(page, 'ja');
  expect(html).toContain('<html lang="ja"');
  expect(html).toContain('<title>A &lt;b&gt;subject&lt;/b&gt;</title>');
  expect(html).toContain('>first line second &lt;line&gt;</div>');
  expect(html).toContain('first line<br>second &lt;line&gt;');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('two [[text]]');
  expect(html).toContain('href="https://vendor.example/?a=1&amp;b=&quot;2&quot;"');
  expect(html).toContain('src="cid:burn-down"');
  expect(html).toContain('alt="What &quot;it&quot; shows"');
  expect(html).toContain('It&#39;s sent');
  expect(html.match(/\[\[\w+\]\]/g)).toEqual(['[[text]]']);
  expect(html).not.toMatch(/<!-- \/?(?:cut|row|item|cell|line|head)/);
});

test('layout tables have a presentation role, and data tables have row or column headings', () => {
  const html = htmlOf(page, 'en');
  const bare = [...html.matchAll(/<table\b[^>]*>/g)].filter(([table]) => !/role="(?:presentation|none)"/.test(table));
  expect(bare.map(([table]) => /class="(\w+)"/.exec(table)?.[1])).toEqual(['facts', 'figures']);
  expect(html.match(/<th scope="row"/g)).toHaveLength(2);
  expect(html.match(/<th scope="col"/g)).toHaveLength(2);
});
