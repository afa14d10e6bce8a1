import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClosedMonth, DemoReportFile, Term } from '../answers.js';
import { yearEndsOn, yearStartsOn } from '../cast.js';
import { counted, duration, good, heading, table } from '../printer.js';
import { demoFolder } from '../service.js';
import { path, type World } from '../world.js';
import { closeMonth } from './finance.js';
import { expect } from './scene.js';

/** The last months are closed; what each of the year counted is kept, and compared whenever it is exported again. */
export async function closeYear(world: World): Promise<void> {
  heading('The books of the year', 'POST /v1/periods/2027-03/close, as finance');
  await closeMonth(world, '2027-03');
  const months = (await world.finance.list<ClosedMonth>('/v1/periods'))
    .filter(({ month }) => month >= yearStartsOn.slice(0, 7) && month <= yearEndsOn.slice(0, 7))
    .reverse();
  table(
    ['month', 'lines', 'hours', 'onsite'],
    months.map(({ month, controlTotals: { rows, minutes, onsiteMinutes } }) => [
      month,
      rows,
      duration(minutes),
      duration(onsiteMinutes),
    ]),
  );
}

/** The reports of the year, one in each format; where several count the same hours, they count the same. */
export async function writeReports(world: World): Promise<void> {
  const lines = await written(world, 'usage-lines', 'csv');
  // The last record: TOTAL, the row count, and the sum under each column of minutes or hours.
  const headings = endOf(lines, 0).split(',');
  const totals = endOf(lines, -1).split(',');
  const minutes = Number(totals[headings.indexOf('minutes')]);
  expect(totals[0] === 'TOTAL', 'the report ends with TOTAL');
  good(
    `What was worked on, ${counted(Number(totals[1]), 'line')} with ${duration(minutes)}: ${fileOf('usage-lines', 'csv')}`,
  );

  await written(world, 'usage-summary', 'xlsx', { headings: 'en' });
  good(`The same summed up by month, as a workbook: ${fileOf('usage-summary', 'xlsx')}`);

  const consultants = await written(world, 'utilisation', 'ndjson');
  const { trailer } = JSON.parse(endOf(consultants, -1)) as { trailer: DemoReportFile<never> };
  expect(trailer.totalMinutes === minutes, 'the consultants have worked what the customers have used');
  good(`By consultant and month, to the same minute: ${fileOf('utilisation', 'ndjson')}`);

  const entitlements = await written(world, 'entitlements', 'json');
  const { data } = JSON.parse(entitlements.toString()) as DemoReportFile<Entitlement>;
  const used = data.reduce((sum, row) => sum + row.usedMinutes - row.reversedMinutes, 0);
  expect(used === minutes && data.every(addsUp), 'opening + granted − used + reversed − expired = closing');
  good(`Every term from opening to closing, proven in the file: ${fileOf('entitlements', 'json')}`);

  const [term] = await world.finance.list<Term>(path(world, 'sakura', '/terms'));
  const statement = join(demoFolder, 'usage-statement.pdf');
  writeFileSync(statement, await world.finance.download(`/v1/terms/${term!.id}/usage-statement`));
  good(`The usage statement of one term for its customer, in Japanese: ${statement}`);
}

interface Entitlement {
  openingMinutes: number;
  grantedMinutes: number;
  usedMinutes: number;
  reversedMinutes: number;
  expiredMinutes: number;
  closingMinutes: number;
}

function addsUp(row: Entitlement): boolean {
  const { openingMinutes, grantedMinutes, usedMinutes, reversedMinutes, expiredMinutes, closingMinutes } = row;
  return openingMinutes + grantedMinutes - usedMinutes + reversedMinutes - expiredMinutes === closingMinutes;
}

const fileOf = (report: string, format: string): string => join(demoFolder, `${report}.${format}`);

async function written({ finance }: World, report: string, format: string, options = {}): Promise<Buffer> {
  const query = new URLSearchParams({ from: yearStartsOn, to: yearEndsOn, format, ...options });
  const bytes = await finance.download(`/v1/reports/${report}?${query}`);
  writeFileSync(fileOf(report, format), bytes);
  return bytes;
}

/** The first or the last line of a file. */
const endOf = (bytes: Buffer, at: 0 | -1): string => bytes.toString().trimEnd().split(/\r?\n/).at(at)!;
