import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';

export const libreOffice = process.env.LIBREOFFICE ?? '/usr/bin/soffice';

/** In CI LibreOffice must exist, so that its tests fail there instead of being skipped. */
const needsLibreOffice = existsSync(libreOffice) || process.env.CI === 'true';

/** `describe` for tests with LibreOffice, which a machine without it skips. */
export const describeInLibreOffice = needsLibreOffice ? describe : describe.skip;

/** A cell as it is shown: text is in quotes, a number or a date is not. */
export type ShownCell = string;

/** The cells of each sheet, by the name of the sheet. */
export type ShownBook = Map<string, ShownCell[][]>;

/** LibreOffice calculates all formulas when it opens a file, and ignores the stored values. */
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load"
><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>`;

/** Export one CSV file for each sheet: tabs, UTF-8, text in quotes, all other cells as they are shown. */
const exportFilter = 'csv:Text - txt - csv (StarCalc):9,34,76,1,,0,true,false,true,false,false,-1';

/**
 * Opens workbooks, and returns what LibreOffice shows, by the names of the files without `.xlsx`. The result does not contain a
 * workbook that LibreOffice cannot open or would have to repair.
 */
export async function shownByLibreOffice(files: ReadonlyMap<string, Buffer>): Promise<Map<string, ShownBook>> {
  const folder = mkdtempSync(join(tmpdir(), 'trm-office-'));
  try {
    mkdirSync(join(folder, 'profile', 'user'), { recursive: true });
    writeFileSync(join(folder, 'profile', 'user', 'registrymodifications.xcu'), settings);
    const paths = [...files].map(([name, bytes]) => {
      const path = join(folder, `${name}.xlsx`);
      writeFileSync(path, bytes);
      return path;
    });
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`;
    const out = join(folder, 'out');
    const options = [profile, '--headless', '--convert-to', exportFilter, '--outdir', out];
    await promisify(execFile)(libreOffice, [...options, ...paths], { timeout: 60_000 });
    const sheets = readdirSync(out);
    const books = [...files.keys()].map((name): [string, ShownBook] => [
      name,
      new Map(
        sheets
          .filter((file) => file.startsWith(`${name}-`))
          .map((file) => [file.slice(name.length + 1, -'.csv'.length), cellsOf(readFileSync(join(out, file), 'utf8'))]),
      ),
    ]);
    return new Map(books.filter(([, book]) => book.size > 0));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const cellsOf = (csv: string): ShownCell[][] =>
  parse(csv, {
    delimiter: '\t',
    relax_column_count: true,
    cast: (value, { quoting }) => (quoting ? JSON.stringify(value) : value),
  });
