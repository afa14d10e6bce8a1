import 'reflect-metadata';
import { Writable } from 'node:stream';
import { once } from 'node:events';
import { stream } from 'exceljs';
import { printedColumns } from '../../../src/features/reports/printed-columns.js';
import type { Column } from '../../../src/features/reports/report.js';
import { usageLines } from '../../../src/features/reports/usage-lines.report.js';
import { Database } from '../../../src/platform/database.js';
import { Snapshot, type Statement } from '../../../src/platform/snapshot.js';

/*
 * A process of its own, forked by xlsx.ts: the rows of a statement, read as the service reads them, as a workbook of exceljs in
 * its streaming mode, with neither styles nor shared strings. The bytes are counted and thrown away.
 */

export interface Order {
  databaseUrl: string;
  statement: Statement;
}

export interface Written {
  ms: number;
  rows: number;
  bytes: number;
  /** Of the processor. */
  cpuSeconds: number;
}

process.once('message', (order: Order) => {
  void write(order).then((written) => process.send!(written, () => process.disconnect()));
});

async function write({ databaseUrl, statement }: Order): Promise<Written> {
  const database = await Database.open({ url: databaseUrl });
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let bytes = 0;
  const counted = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  const finished = once(counted, 'finish');
  const book = new stream.xlsx.WorkbookWriter({ stream: counted, useStyles: false, useSharedStrings: false });
  const sheet = book.addWorksheet('usage-lines', { views: [{ state: 'frozen', ySplit: 1 }] });
  const columns = printedColumns(usageLines);
  sheet.columns = columns.map(({ column }) => ({ header: column.name, width: 15 }));
  const snapshot = await Snapshot.take(database);
  let count = 0;
  for await (const rows of await snapshot.rows(statement)) {
    for (const row of rows) {
      sheet.addRow(columns.map(({ column, print }) => typed(column, print(row)))).commit();
    }
    count += rows.length;
    // Its own buffers are emptied when there is time for it.
    await new Promise(setImmediate);
  }
  await snapshot.end();
  sheet.commit();
  await book.commit();
  await finished;
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  await database.close();
  return { ms, rows: count, bytes, cpuSeconds: (user + system) / 1e6 };
}

function typed({ type }: Column, value: string | null): string | number | Date | null {
  if (value === null) return null;
  switch (type) {
    case 'text':
    case 'code':
      return value;
    case 'day':
    case 'month':
    case 'instant':
      return new Date(value);
    default:
      return Number(value);
  }
}
