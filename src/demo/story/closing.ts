import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Balance } from '../answers.js';
import { customer, customerKeys, type CustomerKey, yearEndsOn, yearStartsOn } from '../cast.js';
import { UnexpectedAnswer } from '../client.js';
import { mailFiles } from '../mails.js';
import { amount, duration, good, heading, table } from '../printer.js';
import { demoFolder, mailbox } from '../service.js';
import { path, subscriptionOf, type World } from '../world.js';

const reportFile = join(demoFolder, 'usage-lines.csv');

/** Where everybody stands, and the report for finance. */
export async function closing(world: World): Promise<void> {
  heading('The year in hours', `the balances on ${yearEndsOn}, of terms that are over and of others`);
  const rows = await Promise.all(customerKeys.map((key) => standing(world, key)));
  table(['customer', 'granted', 'used', 'onsite', 'visits', 'expired', 'remaining', 'pace', 'since then'], rows);

  heading('What is left behind');
  await writeReport(world);
  good(`${amount(mailFiles().length)} mails: ${mailbox}`);
}

/** The proof: the last word of the story. */
export async function verifyAll(world: World): Promise<void> {
  heading('Does it all add up?', 'POST /v1/subscriptions/:id/verify rebuilds every balance from its ledger');
  await Promise.all(customerKeys.map((key) => verify(world, key)));
  good(`${customerKeys.length} subscriptions: every ledger adds up`);
}

async function standing(world: World, key: CustomerKey): Promise<string[]> {
  const { status, package: bought, currentTerm } = await subscriptionOf(world, key);
  const balance = await world.finance.get<Balance>(path(world, key, `/balance?on=${yearEndsOn}`));
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

async function writeReport({ finance }: World): Promise<void> {
  const address = `/v1/reports/usage-lines?from=${yearStartsOn}&to=${yearEndsOn}&format=csv`;
  const answer = await finance.send('GET', address);
  const trailer = answer.text.trimEnd().split('\n').at(-1)!;
  if (answer.status !== 200 || !trailer.startsWith('TOTAL')) {
    throw new UnexpectedAnswer(`GET ${address}`, 'a report that ends with TOTAL', {
      ...answer,
      text: answer.text.slice(0, 2_000),
    });
  }
  writeFileSync(reportFile, answer.text);
  good(`The usage report of the year, ${amount(Number(trailer.split(',')[1]))} lines: ${reportFile}`);
}

async function verify(world: World, key: CustomerKey): Promise<void> {
  const address = path(world, key, '/verify');
  const verified = await world.finance.post<{ consistent: boolean; differences: object[] }>(address);
  if (!verified.consistent) throw new Error(`POST ${address} found differences:\n${JSON.stringify(verified, null, 2)}`);
}
