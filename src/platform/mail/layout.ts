import { readFileSync } from 'node:fs';
import type { Language } from '../../domain/language.js';
import { projectPath } from '../project-root.js';

/** A block of a mail. Its words are plain text; line breaks in them stay. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'facts'; rows: [label: string, value: string][] }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'button'; text: string; url: string }
  | { kind: 'picture'; contentId: string; alt: string }
  | { kind: 'small'; text: string };

/** A mail before it becomes text and HTML. Both parts come from the same blocks, so they say the same. */
export interface MailPage {
  subject: string;
  blocks: Block[];
}

/** The plain text part. */
export function textOf({ blocks }: MailPage, language: Language): string {
  const texts = blocks.map((block) => textOfBlock(block, language) + (block.kind === 'heading' ? '\n' : '\n\n'));
  return `${texts.join('').trimEnd()}\n`;
}

/** The HTML part. The words are escaped and filled into the pieces of `config/mail-layout.html`. */
export function htmlOf({ subject, blocks }: MailPage, language: Language): string {
  pieces ??= cutLayout(readFileSync(projectPath('config', 'mail-layout.html'), 'utf8'));
  const { frame, ofBlock } = pieces;
  const words = { subject: escaped(subject), preheader: escaped(preheaderOf(blocks)), language };
  const body = blocks.map((block) => htmlOfBlock(block, ofBlock)).join('');
  return filled(frame.before, words) + body + filled(frame.after, words);
}

/** The preview that a list of mails shows beside the subject: the first words after the salutation. */
function preheaderOf(blocks: readonly Block[]): string {
  const paragraphs = blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []));
  return (paragraphs[1] ?? paragraphs[0] ?? '').replace(/\s+/g, ' ');
}

/** Text lines stay short enough to read. Japanese has no blanks to break at; mail programs break it themselves. */
const lineWidth = 78;

function textOfBlock(block: Block, language: Language): string {
  const japanese = language === 'ja';
  switch (block.kind) {
    case 'paragraph':
    case 'small':
      return japanese ? block.text : wrapped(block.text, '');
    case 'heading':
      return japanese ? `■ ${block.text}` : `${block.text}\n${'-'.repeat(widthOf(block.text))}`;
    case 'facts':
      return factsText(block.rows, japanese);
    case 'list':
      return block.items.map((item) => (japanese ? `  ・${item}` : `  - ${wrapped(item, '    ')}`)).join('\n');
    case 'table':
      return columns(block.head, block.rows);
    case 'button':
      return `${block.text}${japanese ? '：' : ':'}\n  ${block.url}`;
    case 'picture':
      return japanese ? `［${block.alt}］` : wrapped(`[${block.alt}]`, '');
  }
}

function factsText(rows: readonly [label: string, value: string][], japanese: boolean): string {
  if (japanese) return rows.map(([label, value]) => `  ${label}：${value.replaceAll('\n', '\n    ')}`).join('\n');
  const width = Math.max(...rows.map(([label]) => widthOf(label))) + 2;
  const indent = ' '.repeat(width + 2);
  return rows.map(([label, value]) => `  ${`${label}:`.padEnd(width)}${wrapped(value, indent)}`).join('\n');
}

function columns(head: readonly string[], body: readonly string[][]): string {
  const rows = [head, ...body];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]!))));
  const sides = sidesOf(head, body);
  const padded = (cell: string, column: number): string => {
    const blanks = ' '.repeat(widths[column]! - widthOf(cell));
    return sides[column] === 'right' ? blanks + cell : cell + blanks;
  };
  return rows.map((row) => `  ${row.map(padded).join('  ').trimEnd()}`).join('\n');
}

/** Aligns columns of numbers to the right, so that their decimal points are aligned. */
function sidesOf(head: readonly string[], body: readonly string[][]): ('left' | 'right')[] {
  return head.map((_, column) => {
    const cells = body.map((row) => row[column]!).filter((cell) => cell !== '');
    return cells.length > 0 && cells.every((cell) => /^[\d,.]+$/.test(cell)) ? 'right' : 'left';
  });
}

/** Breaks long lines between words, and indents all lines but the first by `indent`. */
function wrapped(text: string, indent: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        if (current !== '' && widthOf(`${indent}${current} ${word}`) > lineWidth) {
          lines.push(current);
          current = word;
        } else current = current === '' ? word : `${current} ${word}`;
      }
      return [...lines, current];
    })
    .join(`\n${indent}`);
}

/** The width of a text in columns; a Japanese letter takes two. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
      letter,
    )
      ? 2
      : 1;
  return width;
}

/** A piece of the layout, with the pieces that repeat within it. */
interface Piece {
  html: string;
  parts: Record<string, Piece>;
}

interface Pieces {
  frame: { before: string; after: string };
  ofBlock: Record<string, Piece>;
}

/** The layout is read and cut once, when the first mail is written. */
let pieces: Pieces | undefined;

function cutLayout(layout: string): Pieces {
  const [before, blocks, after] = layout.split('<!-- cut -->');
  if (after === undefined) throw new Error('config/mail-layout.html has no cut marks. Run: npm run mails:layout');
  return { frame: { before: before!, after }, ofBlock: cutPiece(blocks!).parts };
}

/** Cuts out the text between `<!-- name -->` and `<!-- /name -->`, and leaves a placeholder of that name. */
function cutPiece(html: string): Piece {
  const parts: Record<string, Piece> = {};
  const rest = html.replace(/<!-- (\w+) -->([^]*?)<!-- \/\1 -->/g, (_, name: string, inner: string) => {
    parts[name] = cutPiece(inner);
    return `[[${name}]]`;
  });
  return { html: rest, parts };
}

function htmlOfBlock(block: Block, ofBlock: Pieces['ofBlock']): string {
  const { html, parts } = ofBlock[block.kind]!;
  const each = <Item>(part: Piece, items: readonly Item[], words: (item: Item) => Record<string, string>): string =>
    items.map((item) => filled(part.html, words(item))).join('');
  const asText = (text: string) => ({ text: withBreaks(text) });
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
    case 'small':
      return filled(html, asText(block.text));
    case 'facts': {
      const row = ([label, value]: [string, string]) => ({ label: withBreaks(label), value: withBreaks(value) });
      return filled(html, { row: each(parts.row!, block.rows, row) });
    }
    case 'list':
      return filled(html, { item: each(parts.item!, block.items, asText) });
    case 'table': {
      const line = parts.line!;
      const sides = sidesOf(block.head, block.rows);
      const row = (cell: Piece, cells: readonly string[]): string =>
        each(cell, [...cells.entries()], ([column, text]) => ({ ...asText(text), side: sides[column]! }));
      return filled(html, {
        head: row(parts.head!, block.head),
        line: each(line, block.rows, (cells) => ({ cell: row(line.parts.cell!, cells) })),
      });
    }
    case 'button':
      return filled(html, { ...asText(block.text), url: escaped(block.url) });
    case 'picture':
      return filled(html, { contentId: escaped(block.contentId), alt: escaped(block.alt) });
  }
}

/** Fills the placeholders of a piece in one pass. So a word that looks like a placeholder stays a word. */
function filled(html: string, words: Record<string, string>): string {
  return html.replace(/\[\[(\w+)\]\]/g, (_, place: string) => words[place]!);
}

/** Text without line breaks: browsers would break after a hyphen. */
const whole = /UTC[+-]\d\d:\d\d|\be-mail\b/gi;

function withBreaks(text: string): string {
  return escaped(text).replace(whole, '<span style="white-space: nowrap">$&</span>').replaceAll('\n', '<br>');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter]!);
}
