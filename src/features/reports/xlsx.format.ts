import { zipped, type ArchiveFile } from '../../platform/files/zip.js';
import type { ReportFormat } from './report-format.js';
import { ReportSheets, type SheetLimits } from './report-sheets.js';
import { RowReader } from './row-reader.js';
import { partsAfter, partsBefore, sheetPath } from './workbook.js';

/** Below the totals there is a row for each currency. No report has more currencies than this. */
const mostCurrencies = 200;

/** The row limit of Excel. A zip file without ZIP64, which some programs cannot read, ends at 4 GiB. */
const excelLimits: SheetLimits = { rows: 1_048_576 - mostCurrencies, bytes: 4_000_000_000 };

/** The lowest level. Level 6 takes nearly twice as long for a file that is a fifth smaller. */
const compressionLevel = 1;

/**
 * A workbook of typed cells. Each sheet has fixed headings with filters, and the rows. At the end of the last sheet are
 * the totals: formulas over all sheets, with their results.
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

/** At least one sheet, and as many as the rows need. */
async function* partsOf(sheets: ReportSheets, rows: RowReader): AsyncGenerator<ArchiveFile> {
  yield* partsBefore();
  do {
    yield { path: sheetPath(sheets.sizes.length + 1), pieces: () => sheets.next() };
  } while (!(await rows.ended()));
  yield* partsAfter(sheets.sizes);
}
