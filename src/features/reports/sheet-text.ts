import { bytesOf, textOf } from './byte-text.js';

/** The most characters in a cell. */
const longestText = 32_767;

/** A short text without any of these bytes needs no escaping. Most texts are such. */
const suspicious = /[&<>\0-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]|_x/;

/** As `escapedText`, from bytes to bytes. */
export const escapedBytes = (bytes: string): string =>
  bytes.length > longestText || suspicious.test(bytes) ? bytesOf(escapedText(textOf(bytes))) : bytes;

/** Characters that XML escapes, characters that XML cannot contain, and an underscore that would start an escape. */
const special = /[&<>\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[\da-fA-F]{4}[_\0-\x08\x0b-\x1f\ufffe\uffff])/g;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Spreadsheets escape characters that XML cannot contain as `_x000B_`. A carriage return is escaped too, otherwise it
 * is read as a line feed.
 */
export function escapedText(text: string): string {
  const whole = text.length > longestText ? shortened(text) : text;
  return whole.replace(special, (found) => entities[found] ?? `_x${hexadecimal(found)}_`);
}

/** Without this attribute, leading and trailing spaces and line breaks are lost. */
export const spaced = (text: string): string =>
  isSpace(text.charCodeAt(0)) || isSpace(text.charCodeAt(text.length - 1)) ? ' xml:space="preserve"' : '';

const isSpace = (code: number): boolean => code <= 0x20;

const hexadecimal = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

/** A longer text would damage the file. Never cuts a character in two. */
const shortened = (text: string): string => `${text.slice(0, longestText - 1).replace(/[\ud800-\udbff]$/, '')}…`;
