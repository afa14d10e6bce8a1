import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { projectPath } from '../../../src/platform/project-root.js';
import { makePortfolio } from '../nightly/portfolio.js';

export interface WorkedPortfolio {
  subscriptions: number;
  entries: number;
  /** The day of the bench: the last day before it has work. */
  today: string;
}

/** The subscriptions whose work one transaction adds. */
const subscriptionsAtOnce = 100;

/**
 * Fills the empty tables of a database: a portfolio of one CSM, and entries on every day of each term that has begun. The triggers of the
 * service write the balances.
 */
export async function makeWorkedPortfolio(
  databaseUrl: string,
  { subscriptions, entries, today }: WorkedPortfolio,
): Promise<void> {
  await makePortfolio(databaseUrl, { subscriptions, spread: 365 });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ days: number }>(
      'select sum(greatest(0, $1::date - starts_on))::integer as days from bench_subscriptions',
      [today],
    );
    const daily = (entries / rows[0]!.days).toFixed(4);
    const sql = readFileSync(projectPath('test', 'bench', 'console', 'entries.sql'), 'utf8')
      .replaceAll(':today', today)
      .replaceAll(':daily', daily);
    for (let from = 1; from <= subscriptions; from += subscriptionsAtOnce) {
      const to = String(from + subscriptionsAtOnce - 1);
      await client.query(`begin; ${sql.replaceAll(':from', String(from)).replaceAll(':to', to)}; commit`);
    }
    // One CSM has the whole portfolio, which is the longest list that any reader has.
    await client.query(
      `update subscriptions s set csm_id = u.id, contract_number = 'TRM-' || lpad(b.number::text, 6, '0'), revision = revision + 1
       from bench_csms u, bench_subscriptions b where u.number = 1 and b.id = s.id`,
    );
    await client.query(
      `update customers c set name = '株式会社サンプル' || b.number from bench_customers b where b.id = c.id and b.number % 2 = 0`,
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
