import { parseArgs } from 'node:util';
import { aimLine, print, seconds, type Aim } from './reports/aims.js';
import { benchCsv } from './reports/csv.js';
import { benchImport } from './reports/import.js';
import { startWorld, type World } from './reports/world.js';
import { benchXlsx } from './reports/xlsx.js';

/*
 * Measures reports and imports on years of a vendor's work. Each result is compared with another program, in the same run on the same
 * PostgreSQL. Options and defaults:
 *
 *   --only csv,xlsx,import   --entries 3000000   --xlsx-rows 1000000   --import-rows 1000000
 */

interface Sizes {
  xlsxRows: number;
  importRows: number;
}

/** Each bench prints a table, and returns the aims for the end. The import runs last, as it changes the data. */
const benches: Record<string, (world: World, sizes: Sizes) => Promise<Aim[]>> = {
  csv: (world) => benchCsv(world),
  xlsx: (world, { xlsxRows }) => benchXlsx(world, { rows: xlsxRows }),
  import: (world, { importRows }) => benchImport(world, { rows: importRows }),
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: Object.keys(benches).join() },
      entries: { type: 'string', default: '3000000' },
      'xlsx-rows': { type: 'string', default: '1000000' },
      'import-rows': { type: 'string', default: '1000000' },
    },
  });
  const chosen = values.only.split(',');
  const unknown = chosen.filter((name) => !(name in benches));
  if (unknown.length > 0) throw new Error(`--only takes ${Object.keys(benches).join()}, not ${unknown.join()}`);
  const sizes = { xlsxRows: Number(values['xlsx-rows']), importRows: Number(values['import-rows']) };
  const startedAt = performance.now();
  const world = await startWorld({ entries: Number(values.entries) });
  try {
    print(`${world.entries} time entries, created in ${seconds(performance.now() - startedAt)}`);
    const aims: Aim[] = [];
    for (const [name, bench] of Object.entries(benches)) {
      if (chosen.includes(name)) aims.push(...(await bench(world, sizes)));
    }
    print(['', ...aims.map(aimLine)].join('\n'));
  } finally {
    await world.stop();
  }
}

void main();
