import { isUtf8 } from 'node:buffer';
import { decode } from 'iconv-lite';
import type { CsvFaultCode } from '../../../domain/csv-faults.js';
import type { Faults } from './import-faults.js';

export const encodings = ['utf-8', 'cp932', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

export const mostRecordCharacters = 65_536;

/** A line with this number of bytes has more characters than a record may have, in every encoding. */
const mostLineBytes = 4 * mostRecordCharacters;

const lineFeed = 0x0a;
const byteOrderMark = '\ufeff';

/** The first bytes of files that are not text. */
const signatures: readonly (readonly [fault: CsvFaultCode, bytes: readonly number[]])[] = [
  ['archive', [0x50, 0x4b, 0x03, 0x04]],
  ['archive', [0x50, 0x4b, 0x05, 0x06]],
  ['compressed', [0x1f, 0x8b]],
  ['workbook', [0xd0, 0xcf, 0x11, 0xe0]],
  ['utf-16', [0xff, 0xfe]],
  ['utf-16', [0xfe, 0xff]],
];

/**
 * Decodes the bytes of a file into text, strictly. It decodes whole lines: in these encodings no byte of a longer character is a
 * line feed. So a block that ends with a line feed can be decoded alone, and each fault has a line.
 */
export class TextReader {
  #rest: Buffer[] = [];
  #restBytes = 0;
  #line = 1;
  #begun = false;

  constructor(
    private readonly encoding: Encoding,
    private readonly faults: Faults,
  ) {}

  /** Returns the lines that these bytes complete, possibly none. */
  read(bytes: Buffer): string {
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      this.#keep(bytes);
      return '';
    }
    const block =
      this.#restBytes === 0 ? bytes.subarray(0, end) : Buffer.concat([...this.#rest, bytes.subarray(0, end)]);
    this.#rest = [];
    this.#restBytes = 0;
    if (end < bytes.length) this.#keep(bytes.subarray(end));
    return this.#decode(block);
  }

  /** Returns the last line if no line end follows it. */
  end(): string {
    const block = Buffer.concat(this.#rest);
    this.#rest = [];
    return this.#decode(block);
  }

  #keep(bytes: Buffer): void {
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    if (this.#restBytes <= mostLineBytes) return;
    const bytesKept = Buffer.concat(this.#rest);
    if (!this.#begun) this.#begin(bytesKept);
    // Files of old Macintosh programs end their lines with CR alone.
    if (bytesKept.includes('\r')) this.faults.stop({ line: this.#line, code: 'carriage-return' });
    this.faults.stop({ line: this.#line, code: 'record-too-long', params: { max: mostRecordCharacters } });
  }

  #decode(bytes: Buffer): string {
    const block = this.#begun ? bytes : this.#begin(bytes);
    const text = this.encoding === 'utf-8' ? this.#utf8(block) : this.#decoded(block, this.encoding);
    // The whole block is checked at once, which is cheap. Only a faulty block is checked line by line.
    if (suspicious.test(text)) this.#lookForSuspicious(text);
    this.#line += linesIn(text);
    return text;
  }

  /** Refuses files that are not text by their first bytes, and removes the byte order mark of UTF-8. */
  #begin(bytes: Buffer): Buffer {
    this.#begun = true;
    const found = signatures.find(([, signature]) => signature.every((byte, at) => bytes[at] === byte));
    if (found) this.faults.stop({ line: 1, code: found[0] });
    // In plain UTF-16 text, every other byte is 0.
    if (bytes.length >= 4 && ((bytes[0] === 0 && bytes[2] === 0) || (bytes[1] === 0 && bytes[3] === 0))) {
      this.faults.stop({ line: 1, code: 'utf-16' });
    }
    if (!(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)) return bytes;
    if (this.encoding !== 'utf-8') this.faults.stop({ line: 1, code: `utf-8-not-${this.encoding}` });
    return bytes.subarray(3);
  }

  #utf8(block: Buffer): string {
    if (!isUtf8(block)) {
      this.#eachLine(block, (line, number) => {
        if (!isUtf8(line)) this.#refuseBytes(number, 'not-utf-8', line.toString());
      });
    }
    return block.toString();
  }

  #decoded(block: Buffer, encoding: 'cp932' | 'windows-1252'): string {
    const text = decode(block, encoding);
    if (text.includes('\ufffd')) {
      this.#eachLine(block, (line, number) => {
        const decoded = decode(line, encoding);
        if (decoded.includes('\ufffd')) this.#refuseBytes(number, `not-${encoding}`, decoded);
      });
    }
    return text;
  }

  #refuseBytes(line: number, code: `not-${Encoding}`, decoded: string): void {
    const fault = { line, code, params: { character: placeOf('\ufffd', decoded) } };
    // Headings in another encoding match no known heading, so their faults would not help the reader.
    if (line === 1) this.faults.stop(fault);
    this.faults.add(fault);
  }

  #eachLine(block: Buffer, look: (line: Buffer, number: number) => void): void {
    for (let at = 0, number = this.#line; at < block.length; number++) {
      const feed = block.indexOf(lineFeed, at);
      const end = feed < 0 ? block.length : feed;
      look(block.subarray(at, end), number);
      at = end + 1;
    }
  }

  #lookForSuspicious(text: string): void {
    for (const [at, line] of text.split('\n').entries()) {
      const found = suspicious.exec(line)?.[0];
      if (found === undefined) continue;
      const number = this.#line + at;
      const character = placeOf(found, line);
      if (found === byteOrderMark) this.faults.add({ line: number, code: 'bom', params: { character } });
      else this.faults.add({ line: number, code: 'control-character', params: { character, code: named(found) } });
    }
  }
}

/** The only control characters of a table are tabs and line ends. A byte order mark inside it was the start of another file. */
const suspicious = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]/;

const named = (character: string): string => `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The position in the line, from 1, of the first U+FFFD, which replaces invalid bytes. */
const placeOf = (character: string, line: string): number => [...line.slice(0, line.indexOf(character))].length + 1;

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
