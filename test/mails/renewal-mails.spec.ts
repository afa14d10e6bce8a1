import { simpleParser } from 'mailparser';
import { messageOf } from '../../src/platform/mail/message.js';
import { sender, writtenSamples, type WrittenSample } from './written.js';

let samples: WrittenSample[];

beforeAll(async () => {
  samples = await writtenSamples();
});

const sampleNamed = (language: string, name: string): WrittenSample =>
  samples.find((sample) => sample.language === language && sample.name === name)!;

/** The words of the HTML part: the text between its tags, and the values of `alt` and `href`. */
function wordsOfHtml(html: string): string {
  const body = html.slice(html.indexOf('</head>'));
  const attributes = [...body.matchAll(/(?:alt|href)="([^"]*)"/g)].map(([, words]) => words!);
  return unescaped(
    `${body
      .replace(/<!--[^]*?-->/g, ' ')
      .replace(/<\/?span[^>]*>/g, '')
      .replace(/<br>|<[^>]*>/g, ' ')} ${attributes.join(' ')}`,
  );
}

const unescaped = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** Characters that make the text part readable, and are not words. */
const decoration = /^(?:-+|■|・|[：:]+)$/;
const bare = (words: string): string[] =>
  words.split(/[\s：:[\]［］・]+/).filter((word) => word !== '' && !decoration.test(word));

test('every mail has the words of its snapshot, in both languages', () => {
  for (const { name, language, mail, content } of samples) {
    const { subject, text, replyTo, pictures, attachments } = content;
    const parts = {
      to: mail.recipientAddress,
      replyTo,
      subject,
      files: [...pictures, ...attachments].map(({ fileName }) => fileName),
    };
    expect(`${JSON.stringify(parts, null, 2)}\n\n${text}`).toMatchSnapshot(`${language} ${name} text`);
  }
});

// These mails together contain every kind of block. The next test compares the words of all mails with their text parts.
test.each([
  ['ja', 'reminder'],
  ['en', 'usage-statement'],
  ['en', 'report-contact-missing'],
])('the HTML part of %s %s has the structure of its snapshot', (language, name) => {
  const { html } = sampleNamed(language, name).content;
  // config/mail-layout.mjml defines the styles.
  const plain = html.slice(html.indexOf('<body')).replace(/ (?:style|width|class|border|cell\w+)="[^"]*"/g, '');
  expect(plain).toMatchSnapshot();
});

test('the text part and the HTML part of every mail have the same words', () => {
  for (const { name, language, content } of samples) {
    const inHtml = bare(wordsOfHtml(content.html).replaceAll(content.subject, ''));
    const inText = bare(content.text);
    const where = `${language} ${name}`;
    expect([where, inText.filter((word) => !inHtml.includes(word))]).toEqual([where, []]);
    const outside = inHtml.filter((word) => !inText.includes(word) && !content.subject.includes(word));
    expect([where, outside.filter((word) => !/^(?:ja|en|cid|&#\d+;)$/.test(word))]).toEqual([where, []]);
  }
});

test('only mails to the customer contain the personal link, and replies to all mails reach the CSM', () => {
  for (const { name, mail, content } of samples) {
    const customers = mail.recipientRole === 'customer';
    const linked =
      customers && /^(?:reminder|notice-recorded$|notice-recorded-after-lock$|notice-withdrawn-open$)/.test(name);
    expect([name, content.text.includes('/decline/'), content.html.includes('/decline/')]).toEqual([
      name,
      linked,
      linked,
    ]);
    // Nobody answers for a mail about signing in.
    if (mail.recipientRole === 'user') continue;
    const csm = name.startsWith('hand-over') ? 'suzuki@vendor.example' : 'sato@vendor.example';
    expect([name, content.replyTo?.address]).toEqual([name, csm]);
  }
});

test('the calendar files of a renewed term contain the days of the next term', () => {
  const files = sampleNamed('en', 'renewed').content.attachments.map(({ content }) => content.toString());
  expect(files[0]).toContain('UID:notice-deadline-01990000-0000-7000-8000-000000000009@');
  expect(files[0]).toContain('DTSTART;VALUE=DATE:20280131');
  expect(files[1]).toContain('DTSTART;VALUE=DATE:20280331');
  expect(sampleNamed('en', 'ended').content.attachments).toEqual([]);
});

test('if the deadline is a day off, the mail names the last business day before it, and the reason', () => {
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

describe('the reminder of the last day', () => {
  test.each([
    ['en', /today, 2027-01-30 \(Saturday\), is the last day/, /^Today, 2027-01-30 \(Saturday\), is the last day/m],
    ['ja', /通知期限は本日 2027年1月30日\(土\) です/, /^本日 2027年1月30日\(土\) は、/m],
  ])('says “today” in its subject and text (%s)', (language, subject, text) => {
    const { content } = sampleNamed(language, 'reminder-last-day');
    expect(content.subject).toMatch(subject);
    expect(content.text).toMatch(text);
  });

  test('names no past business day, and says that the deadline is not moved', () => {
    for (const [language, sentence] of [
      ['en', 'The last day is a Saturday; it is not moved.'],
      ['ja', '通知期限は土曜日にあたりますが、期限日は変わりません'],
    ] as const) {
      const { text, attachments } = sampleNamed(language, 'reminder-last-day').content;
      expect(text).toContain(sentence);
      for (const words of [text, attachments[0]!.content.toString()]) expect(words).not.toMatch(/2027-01-29|1月29日/);
    }
  });
});

test('every subject about a subscription names its contract number, or otherwise its package and product lines', () => {
  for (const { name, language, mail, content } of samples) {
    if (!mail.subscriptionId) continue;
    const numbered = name === 'reminder-contract-number';
    const words = {
      en: numbered ? 'Premier, contract C-1047: ' : 'Premier (Database, Network): ',
      ja: numbered ? '（契約番号 C-1047） ' : '（データベース、ネットワーク） ',
    };
    expect([name, content.subject]).toEqual([name, expect.stringContaining(words[language])]);
  }
});

test('a withdrawal is offered only while the customer can withdraw alone', () => {
  const { content: before } = sampleNamed('en', 'notice-recorded');
  expect(before.text).toMatch(/You can withdraw the notice until 2027-01-30 \(Saturday\)/);
  expect(before.text).toContain('Show the notice, or withdraw it:');
  const { content: after } = sampleNamed('en', 'notice-recorded-after-lock');
  expect(after.text).toMatch(/now\s+needs\s+our\s+agreement/);
  expect(after.text).toContain('Show the notice:');
});

test('the confirmation of a notice that was recorded after the lock replaces the confirmation of the lock', () => {
  const replacement = {
    en: /This confirmation replaces any earlier confirmation that the\s+subscription will\s+renew/,
    ja: /「契約更新確定のお知らせ」.*本メールがこれに代わります/,
  };
  for (const { name, language, content } of samples) {
    expect([name, replacement[language].test(content.text)]).toEqual([
      name,
      /^notice-(?:recorded-after-lock|waived)/.test(name),
    ]);
  }
});

test('the button says that it declines the renewal, and follows the first sentences', () => {
  for (const [language, label] of [
    ['en', 'Decline the renewal:'],
    ['ja', '更新しない旨の通知へ進む：'],
  ] as const) {
    const { text } = sampleNamed(language, 'reminder').content;
    expect(text.indexOf(label)).toBeGreaterThan(0);
    expect(text.indexOf(label)).toBeLessThan(text.search(/^(?:■|-----)/m));
  }
});

test('a Japanese mail to a customer names its sender after the greeting', () => {
  for (const { name, language, mail, content } of samples) {
    if (language !== 'ja' || mail.recipientRole !== 'customer') continue;
    const introduced = /いつもお世話になっております。\nTRM Desk 担当CSMの佐藤 花子でございます。/.test(content.text);
    expect([name, introduced]).toEqual([name, true]);
  }
});

/** One line of a calendar file, as `name;parameters:value`. */
interface Property {
  name: string;
  parameters: string;
  value: string;
}

/** Reads a calendar file into its components by name, each with its properties. */
function readCalendar(content: string): Record<'VCALENDAR' | 'VEVENT' | 'VALARM', Property[][]> {
  const found = { VCALENDAR: [], VEVENT: [], VALARM: [] } as Record<string, Property[][]>;
  const open: Property[][] = [];
  for (const line of content
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .slice(0, -1)) {
    const [, name, parameters, value] = /^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^;:"]*))*):(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`Not a line of a calendar: ${line}`);
    if (name === 'BEGIN') {
      const component: Property[] = [];
      found[value!]!.push(component);
      open.push(component);
    } else if (name === 'END') open.pop();
    else open.at(-1)!.push({ name, parameters: parameters!, value: value! });
  }
  expect(open).toEqual([]);
  return found;
}

describe('the calendar files', () => {
  const filesOf = (name: string, language = 'en') => sampleNamed(language, name).content.attachments;
  const read = (name: string, language = 'en') =>
    filesOf(name, language).map(({ fileName, contentType, content }) => {
      const calendar = readCalendar(content.toString());
      const [event] = calendar.VEVENT as [Property[]];
      const of = (property: string) => event.find((each) => each.name === property)?.value;
      return { fileName, contentType, calendar, event, of };
    });

  test.each([
    ['reminder', ['notice-deadline CONFIRMED', 'term-end CONFIRMED']],
    ['locked', ['term-end CONFIRMED']],
    ['renewal-changed', ['term-end CONFIRMED']],
    ['notice-recorded', ['notice-deadline CANCELLED', 'term-end CONFIRMED']],
    ['notice-recorded-after-lock', ['notice-deadline CANCELLED', 'term-end CONFIRMED']],
    ['notice-waived', ['notice-deadline CANCELLED', 'term-end CONFIRMED']],
    ['notice-withdrawn-open', ['notice-deadline CONFIRMED', 'term-end CONFIRMED']],
    ['notice-withdrawn-locked', ['term-end CONFIRMED']],
    ['notice-after-roll-over', []],
    ['renewed', ['notice-deadline CONFIRMED', 'term-end CONFIRMED']],
    ['ended', []],
  ])('of the mail %s are %j', (name, expected) => {
    expect(read(name).map(({ fileName, of }) => `${fileName.replace('.ics', '')} ${of('STATUS')}`)).toEqual(expected);
  });

  test.each(['ja', 'en'] as const)('follow RFC 5545 and RFC 5546 (%s)', (language) => {
    for (const { name, content } of samples.filter((sample) => sample.language === language)) {
      for (const file of content.attachments) {
        if (!file.contentType.startsWith('text/calendar')) continue;
        const text = file.content.toString();
        const where = `${language} ${name} ${file.fileName}`;
        expect([
          where,
          text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75 || /[\r\n]/.test(line)),
        ]).toEqual([where, []]);
        const { VCALENDAR, VEVENT, VALARM } = readCalendar(text);
        const [calendar, event] = [VCALENDAR[0]!, VEVENT[0]!];
        expect([where, VCALENDAR.length, VEVENT.length]).toEqual([where, 1, 1]);
        const value = (of: Property[], property: string) => of.find((each) => each.name === property)?.value;
        const method = value(calendar, 'METHOD')!;
        expect(file.contentType).toBe(`text/calendar; charset=utf-8; method=${method}`);
        expect(value(event, 'STATUS')).toBe(method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED');
        expect(value(event, 'ORGANIZER')?.toLowerCase()).toBe('mailto:sato@vendor.example');
        for (const needed of ['UID', 'DTSTAMP', 'DTSTART', 'DTEND', 'SEQUENCE', 'SUMMARY']) {
          expect([where, needed, event.filter(({ name: property }) => property === needed).length]).toEqual([
            where,
            needed,
            1,
          ]);
        }
        expect(event.map(({ name: property }) => property)).not.toContain('ATTENDEE');
        const [start, end] = [value(event, 'DTSTART')!, value(event, 'DTEND')!];
        expect(Number(end) > Number(start)).toBe(true);
        // Commas and semicolons in a text are escaped.
        expect(value(event, 'DESCRIPTION')).not.toMatch(/(?<!\\)[,;]/);
        if (method === 'CANCEL') expect(VALARM).toEqual([]);
      }
    }
  });

  test('have alarms at 09:00 in the customer’s zone, and none in the past', () => {
    const triggers = (name: string, language: string, file: number) =>
      read(name, language)[file]!.calendar.VALARM.map((alarm) => alarm.find((each) => each.name === 'TRIGGER')!.value);
    expect(triggers('reminder', 'ja', 0)).toEqual(['20270116T000000Z', '20270127T000000Z']);
    expect(triggers('reminder', 'en', 0)).toEqual(['20270116T140000Z', '20270127T140000Z']);
    expect(triggers('notice-withdrawn-open', 'ja', 0)).toEqual(['20270127T000000Z']);
    expect(triggers('reminder-last-day', 'ja', 0)).toEqual([]);
    expect(triggers('reminder-last-day', 'ja', 1)).toEqual(['20270324T000000Z']);
  });

  test('update one calendar entry: a notice cancels the deadline, and a withdrawal restores it', () => {
    const deadline = (name: string) => read(name)[0]!;
    const [announced, cancelled, back] = ['reminder', 'notice-recorded', 'notice-withdrawn-open'].map(deadline);
    const uids = [announced, cancelled, back].map((file) => file!.of('UID'));
    expect(new Set(uids).size).toBe(1);
    const sequences = [announced, cancelled, back].map((file) => Number(file!.of('SEQUENCE')));
    expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
    expect(new Set(sequences).size).toBe(3);
  });

  test('have a higher sequence number in the later of two mails in one minute', async () => {
    const { contentBy, rooms } = await import('./written.js');
    const { mail } = sampleNamed('en', 'reminder');
    const sequenceAfter = async (mailsBefore: number) => {
      const facts = structuredClone(mail.facts) as { term: { mailsBefore: number } };
      facts.term.mailsBefore = mailsBefore;
      const { attachments } = await contentBy(rooms[0]!.writer, { ...mail, facts });
      return Number(/SEQUENCE:(\d+)/.exec(attachments[0]!.content.toString())![1]);
    };
    expect(await sequenceAfter(16)).toBe((await sequenceAfter(14)) + 2);
  });
});

test('the message contains the text part, the HTML part with its picture, and the calendar files', async () => {
  const { mail, content } = sampleNamed('ja', 'reminder');
  const parsed = await simpleParser(await messageOf(mail, content, sender), { keepCidLinks: true });
  expect(parsed.replyTo?.text).toBe('"佐藤 花子" <sato@vendor.example>');
  expect(parsed.text!.trimEnd()).toBe(content.text.trimEnd());
  expect(parsed.html).toContain('src="cid:burn-down"');
  expect(parsed.attachments.map(({ contentType, cid, filename }) => [contentType, cid, filename])).toEqual([
    ['image/png', 'burn-down', 'burn-down.png'],
    ['text/calendar', undefined, 'notice-deadline.ics'],
    ['text/calendar', undefined, 'term-end.ics'],
  ]);
});

test('text that users typed adds neither markup to a mail nor a line to a name', async () => {
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
