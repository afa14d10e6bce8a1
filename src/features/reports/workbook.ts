import type { ArchiveFile } from '../../platform/files/zip.js';
import { stylesXml } from './sheet-styles.js';

/** The facts about a written sheet. */
export interface SheetSize {
  name: string;
  /** The letters of its last column. */
  lastColumn: string;
  /** The number of rows, including the heading and without the totals. */
  lastRow: number;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export const sheetPath = (number: number): string => `xl/worksheets/sheet${number}.xml`;

/** The XML before the rows of a sheet: the first row stays visible. Printed, all columns fit the width of a page. */
export function sheetStart(widths: readonly number[]): string {
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`);
  return [
    `${declaration}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`,
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>',
    `<sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols><sheetData>`,
  ].join('');
}

/** The XML after the rows of a sheet: the filters, and that digits in id columns are meant as text. */
export function sheetEnd({ lastColumn, lastRow }: SheetSize): string {
  const range = `A1:${lastColumn}${lastRow}`;
  return [
    `</sheetData><autoFilter ref="${range}"/>`,
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>',
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>',
    `<ignoredErrors><ignoredError sqref="${range}" numberStoredAsText="1"/></ignoredErrors></worksheet>`,
  ].join('');
}

/** The files before the sheets. The first one identifies a workbook among other archives. */
export function partsBefore(): ArchiveFile[] {
  return [
    part('_rels/.rels', relationships([['officeDocument', 'xl/workbook.xml']])),
    part('xl/styles.xml', stylesXml()),
  ];
}

/** The files that list the sheets. They come last, because the number of sheets is known only then. */
export function partsAfter(sheets: readonly SheetSize[]): ArchiveFile[] {
  return [
    part('xl/workbook.xml', workbookXml(sheets)),
    part(
      'xl/_rels/workbook.xml.rels',
      relationships([
        ...sheets.map((_, at): [string, string] => ['worksheet', `worksheets/sheet${at + 1}.xml`]),
        ['styles', 'styles.xml'],
      ]),
    ),
    part('[Content_Types].xml', contentTypes(sheets)),
  ];
}

/** A range as other sheets refer to it. */
export const rangeIn = (sheetName: string, range: string): string => `'${sheetName}'!${range}`;

const part = (path: string, xml: string): ArchiveFile => ({ path, pieces: () => [declaration + xml] });

/** Headings are repeated on every printed page, and filter ranges have the names that programs expect. */
function workbookXml(sheets: readonly SheetSize[]): string {
  const name = (kind: string, at: number, attributes: string, range: string) =>
    `<definedName name="_xlnm.${kind}" localSheetId="${at}"${attributes}>${range}</definedName>`;
  return [
    `<workbook xmlns="${main}" xmlns:r="${relations}"><bookViews><workbookView/></bookViews><sheets>`,
    ...sheets.map(({ name }, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`),
    '</sheets><definedNames>',
    ...sheets.map(({ name: sheet, lastColumn, lastRow }, at) =>
      name('_FilterDatabase', at, ' hidden="1"', rangeIn(sheet, `$A$1:$${lastColumn}$${lastRow}`)),
    ),
    ...sheets.map(({ name: sheet }, at) => name('Print_Titles', at, '', rangeIn(sheet, '$1:$1'))),
    '</definedNames></workbook>',
  ].join('');
}

function relationships(targets: readonly [type: string, target: string][]): string {
  return [
    `<Relationships xmlns="${packaged}/relationships">`,
    ...targets.map(
      ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${relations}/${type}" Target="${target}"/>`,
    ),
    '</Relationships>',
  ].join('');
}

function contentTypes(sheets: readonly SheetSize[]): string {
  const override = (path: string, type: string) => `<Override PartName="/${path}" ContentType="${types}.${type}+xml"/>`;
  return [
    `<Types xmlns="${packaged}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    override('xl/workbook.xml', 'sheet.main'),
    ...sheets.map((_, at) => override(sheetPath(at + 1), 'worksheet')),
    override('xl/styles.xml', 'styles'),
    '</Types>',
  ].join('');
}
