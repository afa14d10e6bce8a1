import type { DemoBalance } from '../answers.js';
import { customer, customerKeys, type CustomerKey, yearEndsOn } from '../cast.js';
import { mailFiles } from '../mails.js';
import { amount, duration, good, heading, table } from '../printer.js';
import { mailbox } from '../service.js';
import { path, subscriptionOf, type World } from '../world.js';
import { closeYear, writeReports } from './reports.js';

/** Prints the balances of all customers and the reports for finance. */
export async function closing(world: World): Promise<void> {
  heading('The year in hours', `the balances on ${yearEndsOn}; terms that ended on this day are closed`);
  const rows = await Promise.all(customerKeys.map((key) => standing(world, key)));
  table(['customer', 'granted', 'used', 'onsite', 'visits', 'expired', 'remaining', 'pace', 'current term'], rows);

  await closeYear(world);
  heading('Reports and mails');
  await writeReports(world);
  good(`${amount(mailFiles().length)} mails: ${mailbox}`);
}

/** Verifies all ledgers and prints the result. The story ends here. */
export async function verifyAll(world: World): Promise<void> {
  heading('Verification', 'POST /v1/subscriptions/:id/verify rebuilds every balance from its ledger');
  await Promise.all(customerKeys.map((key) => verify(world, key)));
  good(`${customerKeys.length} subscriptions: every ledger adds up`);
}

async function standing(world: World, key: CustomerKey): Promise<string[]> {
  const { status, package: bought, currentTerm } = await subscriptionOf(world, key);
  const balance = await world.finance.get<DemoBalance>(path(world, key, `/balance?on=${yearEndsOn}`));
  const { grantedMinutes, usedMinutes, onsite, expiredMinutes, remainingMinutes, pace } = balance;
  return [
    customer(key).name,
    duration(grantedMinutes),
    duration(usedMinutes),
    duration(onsite.usedMinutes),
    String(onsite.visitsUsed),
    duration(expiredMinutes),
    duration(remainingMinutes),
    pace.status,
    status === 'ended' ? 'ended' : `${bought} to ${currentTerm.endsOn}`,
  ];
}

async function verify(world: World, key: CustomerKey): Promise<void> {
  const address = path(world, key, '/verify');
  const verified = await world.finance.post<{ consistent: boolean; differences: object[] }>(address);
  if (!verified.consistent) throw new Error(`POST ${address} found differences:\n${JSON.stringify(verified, null, 2)}`);
}
