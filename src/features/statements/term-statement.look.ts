import { minutesPerHour } from '../../domain/minutes.js';
import { PdfDocument, type Lettering } from '../../platform/pdf/pdf-document.js';
import { burnDownColours as colours } from '../balances/burn-down.picture.js';

export const left = 42;
export const right = PdfDocument.width - 42;
/** The top of the content below the running header, and the bottom of the content above the footer. */
export const top = 58;
export const bottom = PdfDocument.height - 58;

export const grey = colours.text;
export const dark = colours.strong;
export const accent = colours.used;
export const taken = '#a61b1b';

export const small: Lettering = { size: 7.5, colour: grey };
export const plain: Lettering = { size: 8, colour: dark };
export const strong: Lettering = { ...plain, bold: true };
export const heading: Lettering = { size: 10, colour: accent, bold: true };
export const lineHeight = 11;

/** Hours and minutes: 75 is `1:15`, −5 is `−0:05`. */
export function clockText(minutes: number): string {
  const whole = Math.abs(minutes);
  const rest = String(whole % minutesPerHour).padStart(2, '0');
  return `${minutes < 0 ? '−' : ''}${Math.floor(whole / minutesPerHour)}:${rest}`;
}
