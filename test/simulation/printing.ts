import { termLine } from './model/contract.js';
import { isoText } from './model/calendar.js';
import type { Options } from './options.js';
import type { Outcome, SimulationFailed } from './simulation.js';
import { BrokenInvariant } from './check.js';
import type { Tally } from './tally.js';

/** The number of latest actions that a failure prints. */
const printedActions = 40;

const mostColumns = 100;

/** The counts of a successful run. */
export function summary({ years, seed, subscriptions }: Options, outcome: Outcome, seconds: number): string {
  const { tally, steps, checks, requests, restarts, digest } = outcome;
  const rows: [string, string][] = [
    ['Subscriptions', `${grouped(tally.of('subscriptions'))}, ${grouped(subscriptions)} at a time`],
    ['Terms', listed(tally, 'term.')],
    ['Notices', listed(tally, 'notice.')],
    ['Links followed', listed(tally, 'link.')],
    ['Withdrawals', listed(tally, 'withdrawal.')],
    ['Waivers', listed(tally, 'waiver.')],
    ['Bookings', listed(tally, 'booking.')],
    ['Reversals', listed(tally, 'reversal.')],
    ['Months', listed(tally, 'month.')],
    ['Upgrades', listed(tally, 'upgrade.')],
    ['Top-ups', listed(tally, 'top-up.')],
    ['Planned sessions', listed(tally, 'session.')],
    ['CSMs', listed(tally, 'csm.')],
    ['Seats, visits', [listed(tally, 'seat.'), listed(tally, 'visit.')].filter((text) => text !== '').join('; ')],
    ['Customers', listed(tally, 'customer.')],
    ['Mails', listed(tally, 'mail.')],
    ['Outages', listed(tally, 'outage.')],
    [
      'Jobs',
      [listed(tally, 'jobs.'), restarts > 0 ? counted(restarts, 'restart') : '']
        .filter((text) => text !== '')
        .join(', '),
    ],
    ['Activity', `${grouped(steps)} steps, ${grouped(tally.of('actions'))} actions, ${grouped(requests)} requests`],
    ['Checks', `${grouped(checks)}, all successful`],
    ['Digest', digest],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows
    .filter(([, text]) => text !== '')
    .flatMap(([name, text]) =>
      wrapped(text, mostColumns - width - 4).map((line, at) => `  ${(at === 0 ? name : '').padEnd(width)}  ${line}`),
    );
  return [`${counted(years, 'year')} from seed ${seed}, in ${seconds.toFixed(0)} s`, '', ...lines].join('\n');
}

/** The broken invariant, its step and instant, and the latest actions on the subscription. */
export function failure({ seed }: Pick<Options, 'seed'>, { step, at, broken, subscription }: SimulationFailed): string {
  const what =
    broken instanceof BrokenInvariant ? `“${broken.invariant}”\n  ${broken.found}` : (broken.stack ?? broken.message);
  const history = subscription
    ? [
        '',
        `Subscription ${subscription.contract.number} (${subscription.id}), zone ${subscription.client.model.zone}, according to the model:`,
        ...subscription.contract.terms.map((term) => `  ${termLine(term)}`),
        '',
        'The latest actions on it:',
        ...subscription.history.slice(-printedActions).map((line) => `  ${line}`),
      ]
    : [];
  return [`Seed ${seed}, step ${step}, ${isoText(at)}: broken invariant`, `  ${what}`, ...history].join('\n');
}

/** Breaks a text into lines, between the items of a list. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const item of text.split(/(?<=[,;]) /)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length < columns) lines[lines.length - 1] = `${last} ${item}`;
    else lines.push(item);
  }
  return lines;
}

function listed(tally: Tally, prefix: string): string {
  return tally
    .under(prefix)
    .map(([name, count]) => `${grouped(count)} ${name}`)
    .join(', ');
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

const grouped = (count: number): string => count.toLocaleString('en');
