/** A measured value, with the largest or smallest value that it should have. */
export type Aim = { what: string; value: number } & ({ most: number } | { least: number });

export function aimLine(aim: Aim): string {
  const [bound, limit] = 'most' in aim ? ['at most', aim.most] : ['at least', aim.least];
  const reached = 'most' in aim ? aim.value <= limit : aim.value >= limit;
  const verdict = Number.isNaN(aim.value) ? 'not measured' : reached ? 'reached' : 'MISSED';
  return `${aim.what.padEnd(62)} ${aim.value.toFixed(2).padStart(8)}  aim: ${bound} ${limit}  ${verdict}`;
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
