import { zipped, type ArchiveFile } from '../../platform/files/zip.js';
import type { ReportFormat } from './report-format.js';
import { ReportSheets, type SheetLimits } from './report-sheets.js';
import { RowReader } from './row-reader.js';
import { partsAfter, partsBefore, sheetPath } from './workbook.js';

/** Below the totals there is a row for each currency, and fewer than these are in use. */
const mostCurrencies = 200;

/** As many rows as Excel has. A zip knows no longer files than 4 GiB, unless in a way that not every program reads. */
const excelLimits: SheetLimits = { rows: 1_048_576 - mostCurrencies, bytes: 4_000_000_000 };

/** The least: level 6 takes nearly twice as long, for a file that is a fifth smaller. */
const compressionLevel = 1;

/**
 * A workbook of typed cells: headings that stay visible, with filters; the rows; and at the end of the last sheet the totals,
 * as formulas over all sheets beside the values they had when the file was written.
 *
 * The XML is written here: exceljs needs about three times the processor time. hucre also streams rows in constant memory, but it
 * writes no formulas, no filters and no styled headings.
 */
export const xlsx = workbookWithin(excelLimits);

export function workbookWithin(limits: SheetLimits): ReportFormat {
  return {
    mediaType: () => 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    async *write(report, batches, { headings }) {
      const rows = new RowReader(batches);
      try {
        yield* zipped(partsOf(new ReportSheets(report, rows, headings, limits), rows), compressionLevel);
      } finally {
        await rows.close();
      }
    },
  };
}

/** A sheet at least, and as many as the rows take. */
async function* partsOf(sheets: ReportSheets, rows: RowReader): AsyncGenerator<ArchiveFile> {
  yield* partsBefore();
  do {
    yield { path: sheetPath(sheets.sizes.length + 1), pieces: () => sheets.next() };
  } while (!(await rows.ended()));
  yield* partsAfter(sheets.sizes);
}
