import type { DemoProblem } from './client.js';

const coloured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code: number) => (text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = paint(1);
const dim = paint(2);
const red = paint(31);
const green = paint(32);
const cyan = paint(36);

/** The width of the text under a heading and of a refusal's explanation. */
const textWidth = 116;

export function say(text: string): void {
  console.log(wrapped(text, '  '));
}

export function heading(text: string, note = ''): void {
  console.log(`\n${bold(cyan(text))}${note && dim(`  ${note}`)}`);
}

export function subheading(text: string, note: string): void {
  console.log(`\n  ${bold(text)}  ${dim(note)}`);
}

/** Prints labels and values in lines. Long values stay on one line so that they can be copied. */
export function facts(rows: [label: string, value: string][]): void {
  const longest = Math.max(...rows.map(([label]) => width(label)));
  for (const [label, value] of rows) console.log(`  ${dim(label + ' '.repeat(longest - width(label)))}   ${value}`);
}

/** Prints a shell command on a line of its own. */
export function copyable(command: string): void {
  console.log(`    ${command}`);
}

/** Prints a success. */
export function good(text: string): void {
  console.log(`${green('  ✓')} ${wrapped(text, '    ').trimStart()}`);
}

/** Prints what the service's jobs have done. */
export function meanwhile(text: string): void {
  console.log(dim(`  › ${wrapped(text, '    ').trimStart()}`));
}

/** Prints a note under an answer. */
export function remark(text: string): void {
  console.log(dim(wrapped(text, '      ')));
}

/** Prints a request, its refusal and the reason in the service's own words. */
export function refusal(
  asked: string,
  { status, code, detail, violations = [], maxAcceptableMinutes }: DemoProblem,
): void {
  console.log(`${red('  ✗')} ${wrapped(asked, '    ').trimStart()}`);
  console.log(`    ${red(`${status} ${code}`)}`);
  console.log(dim(wrapped(detail, '      ')));
  if (violations.length > 1) {
    for (const violation of violations) {
      console.log(dim(wrapped(`· ${violation.code}: ${violation.detail}`, '        ').replace('  ·', '·')));
    }
  }
  if (maxAcceptableMinutes !== undefined) {
    console.log(`      The largest acceptable value: ${bold(duration(maxAcceptableMinutes))}`);
  }
}

/** An event with its time, its subject and a text. */
export interface Moment {
  at: string;
  /** The state after the event. */
  state: string;
  what: string;
  whom: string;
  words: string;
}

/** Prints events in order, each with its text on the line below. */
export function moments(rows: Moment[]): void {
  const whats = Math.max(...rows.map(({ what }) => width(what)));
  const states = Math.max(...rows.map(({ state }) => width(state)));
  const padded = (text: string, to: number): string => text + ' '.repeat(to - width(text));
  for (const { at, state, what, whom, words } of rows) {
    console.log(`  ${at}   ${padded(state, states)}   ${bold(padded(what, whats))}   ${whom}`.trimEnd());
    console.log(dim(`  ${' '.repeat(at.length + 3 + states)}   ${words}`));
  }
}

/** A table with its columns aligned: numbers to the right, everything else to the left. */
export function table(titles: string[], rows: (string | number)[][]): void {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? amount(cell) : cell)));
  const widths = titles.map((title, i) => Math.max(width(title), ...cells.map((row) => width(row[i] ?? ''))));
  const isNumber = titles.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const line = (row: string[]): string =>
    row
      .map((cell, i) => {
        const space = ' '.repeat(widths[i]! - width(cell));
        return isNumber[i] ? space + cell : cell + space;
      })
      .join('   ')
      .trimEnd();
  console.log(`  ${dim(line(titles))}`);
  for (const row of cells) console.log(`  ${line(row)}`);
}

/** Minutes in words: 2158 is `35 h 58 min`. */
export function duration(minutes: number): string {
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const parts = [hours > 0 && `${amount(hours)} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean);
  return (minutes < 0 ? '−' : '') + parts.join(' ');
}

export const amount = (number: number): string => number.toLocaleString('en-US');

export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${amount(number)} ${number === 1 ? one : many}`;

function wrapped(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const current = lines.at(-1)!;
    if (current === '' || width(current) + 1 + width(word) <= textWidth - indent.length) {
      lines[lines.length - 1] = current === '' ? word : `${current} ${word}`;
    } else lines.push(word);
  }
  return lines.map((line) => indent + line).join('\n');
}

/** The width on a terminal, where a Japanese character takes two columns. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/gu;

function width(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}
