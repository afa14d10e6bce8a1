/** The look of a kind of cell. `format` is a number format of SpreadsheetML. Without it, the program chooses. */
interface Look {
  format?: string;
  bold?: true;
  /** A line above. */
  line?: true;
  /** Default: the program's own, right for numbers and dates, which then touch the text of the next column. */
  align?: 'left' | 'right';
}

/** A cell with the text format stays text when it is edited, even if it begins with `=`. */
const text = '@';
const minutes = '#,##0';
const hours = '#,##0.00';

const looks = {
  plain: {},
  heading: { format: text, bold: true },
  numberHeading: { format: text, bold: true, align: 'right' },
  text: { format: text },
  number: { align: 'right' },
  minutes: { format: minutes, align: 'right' },
  hours: { format: hours, align: 'right' },
  day: { format: 'yyyy-mm-dd', align: 'left' },
  month: { format: 'yyyy-mm', align: 'left' },
  /** Spreadsheets have no time zones, so each cell names its zone. */
  instant: { format: 'yyyy-mm-dd hh:mm:ss" UTC"', align: 'left' },
  // Amounts by the decimal places of their currency: none, two or three.
  amount0: { format: '#,##0', align: 'right' },
  amount2: { format: '#,##0.00', align: 'right' },
  amount3: { format: '#,##0.000', align: 'right' },
  totalText: { format: text, bold: true, line: true },
  totalMinutes: { format: minutes, bold: true, line: true, align: 'right' },
  totalHours: { format: hours, bold: true, line: true, align: 'right' },
  totalAmount0: { format: '#,##0', bold: true, line: true, align: 'right' },
  totalAmount2: { format: '#,##0.00', bold: true, line: true, align: 'right' },
  totalAmount3: { format: '#,##0.000', bold: true, line: true, align: 'right' },
} satisfies Record<string, Look>;

export type StyleName = keyof typeof looks;

const names = Object.keys(looks) as StyleName[];

/** The index by which cells refer to a style. */
export const styleNumber = (name: StyleName): number => names.indexOf(name);

/** Format ids below this are built in. */
const firstFormat = 164;

const alignment = (align: Look['align']): string =>
  align === undefined ? '' : `<alignment horizontal="${align}"${align === 'right' ? ' indent="1"' : ''}/>`;

const escaped = (format: string): string => format.replaceAll('"', '&quot;');

/** The part of a workbook that defines the styles. */
export function stylesXml(): string {
  const all: Look[] = Object.values(looks);
  const formats = [...new Set(all.flatMap(({ format }) => format ?? []))];
  const numberOf = (format?: string) => (format === undefined ? 0 : firstFormat + formats.indexOf(format));
  const font = (bold: string) => `<font>${bold}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`;
  const border = (top: string) => `<border><left/><right/>${top}<bottom/><diagonal/></border>`;
  return [
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    `<numFmts count="${formats.length}">`,
    ...formats.map((format) => `<numFmt numFmtId="${numberOf(format)}" formatCode="${escaped(format)}"/>`),
    '</numFmts>',
    `<fonts count="2">${font('')}${font('<b/>')}</fonts>`,
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
    `<borders count="2">${border('<top/>')}${border('<top style="thin"><color auto="1"/></top>')}</borders>`,
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="${all.length}">`,
    ...all.map(
      ({ format, bold, line, align }) =>
        `<xf numFmtId="${numberOf(format)}" fontId="${bold ? 1 : 0}" fillId="0" borderId="${line ? 1 : 0}" xfId="0"` +
        ` applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1">${alignment(align)}</xf>`,
    ),
    '</cellXfs>',
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    '</styleSheet>',
  ].join('');
}
