import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consultants, customer, customerKeys, productLines } from '../cast.js';
import { copyable, heading, say } from '../printer.js';
import { demoFolder } from '../service.js';
import { csvValue, type DemoEntryRow } from '../time-entries.js';
import type { World } from '../world.js';
import { expect } from './scene.js';

/** The program that `npm run import` runs. */
const command = join(__dirname, '..', '..', 'import', 'main.js');

const tokenFile = join(demoFolder, 'admin.token');
const historyFile = join(demoFolder, 'hours-before-april.csv');
const freshFile = join(demoFolder, 'hours-to-import.csv');

const columns = [
  'customer',
  'workDate',
  'hours',
  'consultant',
  'productLine',
  'activity',
  'delivery',
  'summary',
  'reference',
  'severity',
] as const;
type Kept = Record<(typeof columns)[number], string>;

/** Imports the earlier hours of the existing contracts from one file. Three of its rows are wrong on purpose. */
export function importHistory({ url, admin }: World, rows: DemoEntryRow[]): void {
  const kept = rows.map((row): Kept => ({ ...row, hours: clock(Number(row.minutes)) }));
  const [first, second, third] = [0.25, 0.5, 0.75].map((share) => Math.floor(kept.length * share)) as [
    number,
    number,
    number,
  ];
  kept[first] = { ...kept[first]!, consultant: 'Liam O’Conor' };
  kept[second] = { ...kept[second]!, workDate: '03/04/2026' };
  kept[third] = { ...kept[third]!, hours: '25:00' };
  write(historyFile, kept);
  writeFileSync(tokenFile, admin.token, { mode: 0o600 });
  copyable(`npm run import -- ${historyFile}`);
  const typed = [command, historyFile, '--url', url, '--token-file', tokenFile, '--language', 'en'];
  const { status, stdout, stderr } = spawnSync(process.execPath, typed, { encoding: 'utf8' });
  expect(status === 1, `all but three rows of ${historyFile} are taken: ${stderr}`);
  for (const line of stdout.trimEnd().split('\n')) say(line);
}

/** Writes a file that users can import themselves: a day's work in every open term, and three rows that the service refuses. */
export function leaveFile({ url }: World, workDate: string, closedDay: string): void {
  const work = customerKeys.flatMap((key) => {
    const { name, locale, upgrade, shares } = customer(key);
    return (upgrade?.shares ?? shares).map(({ consultant, line }): Kept => {
      const summary = locale === 'ja' ? '新年度の計画に関する打ち合わせ' : 'Call about the plans for the new year';
      return {
        customer: name,
        workDate,
        hours: '0:45',
        consultant: consultants[consultant].name,
        productLine: productLines[line],
        activity: 'technical-advice',
        delivery: 'remote',
        summary,
        reference: '',
        severity: '',
      };
    });
  });
  const [one] = work;
  write(freshFile, [
    ...work,
    { ...one!, hours: '30:00', summary: 'A long day' },
    { ...one!, workDate: closedDay, summary: 'Written down late' },
    { ...one!, consultant: 'Yoko Tanka', summary: 'By whom?' },
  ]);
  heading('Hours to import', 'without --dry-run the rows are booked; a repeated import books no row twice');
  copyable(`npm run import -- ${freshFile} --dry-run --url ${url} --token-file ${tokenFile}`);
}

function write(file: string, rows: Kept[]): void {
  const lines = [columns, ...rows.map((row) => columns.map((column) => csvValue(row[column])))];
  writeFileSync(file, lines.map((line) => `${line.join(',')}\n`).join(''));
}

/** `1:30`, a format that other programs write. */
const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
