import { bytesOf, textOf } from './byte-text.js';

/** As many characters as a cell takes. */
const longestText = 32_767;

/** Text whose bytes have nothing of this, and are not too many, is in XML what it is: most text needs no closer look. */
const suspicious = /[&<>\0-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]|_x/;

/** As `escapedText`, from bytes to bytes. */
export const escapedBytes = (bytes: string): string =>
  bytes.length > longestText || suspicious.test(bytes) ? bytesOf(escapedText(textOf(bytes))) : bytes;

/** What XML needs otherwise, what it cannot hold at all, and an underscore that would begin the way that is written. */
const special = /[&<>\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[\da-fA-F]{4}[_\0-\x08\x0b-\x1f\ufffe\uffff])/g;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Spreadsheets write what XML cannot hold by its number, `_x000B_`; a carriage return too, or it is read as a line feed. */
export function escapedText(text: string): string {
  const whole = text.length > longestText ? shortened(text) : text;
  return whole.replace(special, (found) => entities[found] ?? `_x${hexadecimal(found)}_`);
}

/** The attribute without which spaces and line breaks at the ends are lost. */
export const spaced = (text: string): string =>
  isSpace(text.charCodeAt(0)) || isSpace(text.charCodeAt(text.length - 1)) ? ' xml:space="preserve"' : '';

const isSpace = (code: number): boolean => code <= 0x20;

const hexadecimal = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

/** A longer text would make the file a damaged one. No character is cut in two. */
const shortened = (text: string): string => `${text.slice(0, longestText - 1).replace(/[\ud800-\udbff]$/, '')}…`;
