import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClosedMonth, DemoReportFile, Term } from '../answers.js';
import { yearEndsOn, yearStartsOn } from '../cast.js';
import { counted, duration, good, heading, table } from '../printer.js';
import { demoFolder } from '../service.js';
import { path, type World } from '../world.js';
import { closeMonth } from './finance.js';
import { expect } from './scene.js';

/** Closes the last months. Their control totals are compared at each later export. */
export async function closeYear(world: World): Promise<void> {
  heading('The closed months of the year', 'finance sends POST /v1/periods/2027-03/close');
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

/** Exports the year's reports, one in each format, and checks that reports of the same hours have the same sum. */
export async function writeReports(world: World): Promise<void> {
  const lines = await written(world, 'usage-lines', 'csv');
  // The last record: TOTAL, the row count, and the sum of each column of minutes or hours.
  const headings = endOf(lines, 0).split(',');
  const totals = endOf(lines, -1).split(',');
  const minutes = Number(totals[headings.indexOf('minutes')]);
  expect(totals[0] === 'TOTAL', 'the report ends with TOTAL');
  good(
    `Every time entry, ${counted(Number(totals[1]), 'line')} with ${duration(minutes)}: ${fileOf('usage-lines', 'csv')}`,
  );

  await written(world, 'usage-summary', 'xlsx', { headings: 'en' });
  good(`The sums by customer and month, as a workbook: ${fileOf('usage-summary', 'xlsx')}`);

  const consultants = await written(world, 'utilisation', 'ndjson');
  const { trailer } = JSON.parse(endOf(consultants, -1)) as { trailer: DemoReportFile<never> };
  expect(trailer.totalMinutes === minutes, 'the consultants worked as many minutes as the customers used');
  good(`The sums by consultant and month, with the same total: ${fileOf('utilisation', 'ndjson')}`);

  const entitlements = await written(world, 'entitlements', 'json');
  const { data } = JSON.parse(entitlements.toString()) as DemoReportFile<Entitlement>;
  const used = data.reduce((sum, row) => sum + row.usedMinutes - row.reversedMinutes, 0);
  expect(used === minutes && data.every(addsUp), 'opening + granted − used + reversed − expired = closing');
  good(`Each term’s minutes from opening to closing, with totals that prove them: ${fileOf('entitlements', 'json')}`);

  const [term] = await world.finance.list<Term>(path(world, 'sakura', '/terms'));
  const statement = join(demoFolder, 'usage-statement.pdf');
  writeFileSync(statement, await world.finance.download(`/v1/terms/${term!.id}/usage-statement`));
  good(`The usage statement of one term, in its customer’s language, Japanese: ${statement}`);
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

/** The first or last line of a file. */
const endOf = (bytes: Buffer, at: 0 | -1): string => bytes.toString().trimEnd().split(/\r?\n/).at(at)!;
