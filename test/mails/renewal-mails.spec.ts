import { simpleParser } from 'mailparser';
import { messageOf } from '../../src/platform/mail/message.js';
import { sender, writtenSamples, type WrittenSample } from './written.js';

let samples: WrittenSample[];

beforeAll(async () => {
  samples = await writtenSamples();
});

const sampleNamed = (language: string, name: string): WrittenSample =>
  samples.find((sample) => sample.language === language && sample.name === name)!;

/** The words that a reader of the HTML part finds: what stands between its tags, and what it says of pictures and links. */
function wordsOfHtml(html: string): string {
  const body = html.slice(html.indexOf('</head>'));
  const told = [...body.matchAll(/(?:alt|href)="([^"]*)"/g)].map(([, words]) => words!);
  return unescaped(`${body.replace(/<!--[^]*?-->/g, ' ').replace(/<br>|<[^>]*>/g, ' ')} ${told.join(' ')}`);
}

const unescaped = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** What makes the text part readable, and is no word. */
const decoration = /^(?:-+|■|・|[：:]+)$/;
const bare = (words: string): string[] =>
  words.split(/[\s：:[\]［］・]+/).filter((word) => word !== '' && !decoration.test(word));

test('every mail says what it said before, in both parts and both languages', () => {
  for (const { name, language, mail, content } of samples) {
    const { subject, text, html, replyTo, pictures, attachments } = content;
    const parts = {
      to: mail.recipientAddress,
      replyTo,
      subject,
      files: [...pictures, ...attachments].map(({ fileName }) => fileName),
    };
    expect(`${JSON.stringify(parts, null, 2)}\n\n${text}`).toMatchSnapshot(`${language} ${name} text`);
    // How it looks stands in config/mail-layout.mjml.
    const plain = html.slice(html.indexOf('<body')).replace(/ (?:style|width|class|border|cell\w+)="[^"]*"/g, '');
    expect(plain).toMatchSnapshot(`${language} ${name} html`);
  }
});

test('every word of the text part stands in the HTML part, and the other way round', () => {
  for (const { name, language, content } of samples) {
    const inHtml = bare(wordsOfHtml(content.html).replaceAll(content.subject, ''));
    const inText = bare(content.text);
    const where = `${language} ${name}`;
    expect([where, inText.filter((word) => !inHtml.includes(word))]).toEqual([where, []]);
    const outside = inHtml.filter((word) => !inText.includes(word) && !content.subject.includes(word));
    expect([where, outside.filter((word) => !/^(?:ja|en|cid|&#\d+;)$/.test(word))]).toEqual([where, []]);
  }
});

test('the customer’s copies alone carry the personal link, and answers to all mails reach the CSM', () => {
  for (const { name, mail, content } of samples) {
    const customers = mail.recipientRole === 'customer';
    const linked = customers && /^(?:reminder|notice-recorded$|notice-withdrawn-open$)/.test(name);
    expect([name, content.text.includes('/decline/'), content.html.includes('/decline/')]).toEqual([
      name,
      linked,
      linked,
    ]);
    expect([name, content.replyTo?.address]).toEqual([name, 'sato@vendor.example']);
  }
});

test('the calendar file of a renewed term holds the days of the next one', () => {
  const [file] = sampleNamed('en', 'renewed').content.attachments;
  expect(file!.content).toContain('UID:notice-deadline-01990000-0000-7000-8000-000000000009@');
  expect(file!.content).toContain('DTSTART;VALUE=DATE:20280131');
  expect(file!.content).toContain('DTSTART;VALUE=DATE:20280331');
  expect(sampleNamed('en', 'ended').content.attachments).toEqual([]);
});

test('a mail names the last business day before a deadline on a day off, and why', () => {
  const deadlineOf = (language: string, name: string) => sampleNamed(language, name).content.text;
  expect(deadlineOf('ja', 'reminder')).toContain(
    '直前の営業日：2027年1月29日(金)\n    （通知期限は土曜日にあたりますが',
  );
  expect(deadlineOf('ja', 'reminder-holiday')).toContain(
    '直前の営業日：2027年7月16日(金)\n    （通知期限は祝日「海の日」にあたりますが',
  );
  expect(deadlineOf('en', 'reminder')).toMatch(
    /2027-01-29 \(Friday\)\s+\(the last day is a Saturday; it is not moved\)/,
  );
  expect(deadlineOf('en', 'reminder-holiday')).toMatch(/a public\s+holiday,\s+Independence\s+Day/);
  expect(deadlineOf('en', 'reminder-smaller-package')).not.toContain('Last business day before');
});

describe('the calendar file', () => {
  const calendarOf = (name: string, language = 'en'): string | undefined =>
    sampleNamed(language, name).content.attachments[0]?.content.toString();
  const titles = (content: string): string[] => [...content.matchAll(/^SUMMARY:(.*)\r$/gm)].map(([, title]) => title!);

  test.each([
    ['reminder', ['TRM Premier: last day for a notice of non-renewal', 'TRM Premier: the term ends']],
    ['notice-withdrawn-open', ['TRM Premier: last day for a notice of non-renewal', 'TRM Premier: the term ends']],
    ['locked', ['TRM Premier: the term ends and renews']],
    ['notice-recorded', ['TRM Premier: the subscription ends']],
    ['notice-waived', ['TRM Premier: the subscription ends']],
    ['notice-after-roll-over', undefined],
    ['renewed', ['TRM Premier: last day for a notice of non-renewal', 'TRM Premier: the term ends']],
    ['ended', undefined],
  ])('%s: %j', (name, expected) => {
    const content = calendarOf(name);
    expect(content && titles(content)).toEqual(expected);
  });

  test.each(['ja', 'en'])('keeps to RFC 5545 (%s)', (language) => {
    const content = calendarOf('reminder', language)!;
    expect(content.endsWith('END:VCALENDAR\r\n')).toBe(true);
    const lines = content.split('\r\n');
    expect(lines.filter((line) => Buffer.byteLength(line) > 75 || line.includes('\n'))).toEqual([]);
    const unfolded = content.replace(/\r\n[ \t]/g, '');
    for (const line of [
      'METHOD:PUBLISH',
      'UID:notice-deadline-01a0b5c2-7d3e-7f10-9a4b-000000000003@vendor.example',
      'UID:term-end-01a0b5c2-7d3e-7f10-9a4b-000000000003@vendor.example',
      'DTSTAMP:20261231T000000Z',
      'DTSTART;VALUE=DATE:20270130',
      'DTSTART;VALUE=DATE:20270331',
      'TRIGGER:-P14D',
      'TRIGGER:-P7D',
    ]) {
      expect(unfolded.split('\r\n')).toContain(line);
    }
    // Commas and semicolons in a text are escaped, and a line break is written as `\n`.
    const [details] = /(?<=^DESCRIPTION:).*?(?=\r$)/ms.exec(unfolded)!;
    expect(details).toMatch(/\\n/);
    expect(details).not.toMatch(/(?<!\\)[,;]/);
  });

  test('keeps its entries, and says which is the newer', () => {
    const sequence = (content: string) => Number(/SEQUENCE:(\d+)/.exec(content)![1]);
    const [first, later] = [calendarOf('reminder')!, calendarOf('locked')!];
    expect(sequence(later)).toBeGreaterThan(sequence(first));
    const ends = (content: string) => /UID:term-end-.*/.exec(content)![0];
    expect(ends(later)).toBe(ends(first));
  });
});

test('as a message it has both parts, the picture that the HTML shows, and the calendar', async () => {
  const { mail, content } = sampleNamed('ja', 'reminder');
  const parsed = await simpleParser(await messageOf(mail, content, sender), { keepCidLinks: true });
  expect(parsed.replyTo?.text).toBe('"佐藤 花子" <sato@vendor.example>');
  expect(parsed.text!.trimEnd()).toBe(content.text.trimEnd());
  expect(parsed.html).toContain('src="cid:burn-down"');
  expect(parsed.attachments.map(({ contentType, cid, filename }) => [contentType, cid, filename])).toEqual([
    ['image/png', 'burn-down', 'burn-down.png'],
    ['text/calendar', undefined, 'renewal.ics'],
  ]);
});

test('what anybody typed stays text: no markup, no second line of a name', async () => {
  const { contentBy, rooms } = await import('./written.js');
  const { writer } = rooms[0]!;
  const { mail } = sampleNamed('en', 'reminder');
  const nasty = '<img src=x onerror=alert(1)> "&\n[[subject]] $& Bcc: x@evil.example';
  const facts = structuredClone(mail.facts) as { term: { customerName: string; csmName: string } };
  facts.term.customerName = nasty;
  facts.term.csmName = nasty;
  const content = await contentBy(writer, { ...mail, facts, recipientName: nasty });
  expect(content.html).not.toContain('<img src=x');
  expect(content.html).toContain(
    '&lt;img src=x onerror=alert(1)&gt; &quot;&amp; [[subject]] $&amp; Bcc: x@evil.example',
  );
  expect(content.subject).not.toContain('\n');
  expect(content.replyTo!.name).not.toContain('\n');
});
