import { termLine } from './model/contract.js';
import { shown } from './model/calendar.js';
import type { Options } from './options.js';
import type { Outcome, SimulationFailed } from './simulation.js';
import { BrokenInvariant } from './story.js';
import type { Tally } from './tally.js';

/** How much of what happened to a subscription is told when something about it is wrong. */
const linesOfStory = 40;

const mostColumns = 100;

/** What a run that went well has seen. */
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
    ['Played', `${grouped(steps)} steps, ${grouped(tally.of('deeds'))} deeds, ${grouped(requests)} requests`],
    ['Checked', `${grouped(checks)} times, and all was as it must be`],
    ['Fingerprint', digest],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows
    .filter(([, text]) => text !== '')
    .flatMap(([name, text]) =>
      wrapped(text, mostColumns - width - 4).map((line, at) => `  ${(at === 0 ? name : '').padEnd(width)}  ${line}`),
    );
  return [`${counted(years, 'year')} from seed ${seed}, in ${seconds.toFixed(0)} s`, '', ...lines].join('\n');
}

/** What went wrong, when, and all that had happened to the subscription before. */
export function failure({ seed }: Pick<Options, 'seed'>, { step, at, broken, subject }: SimulationFailed): string {
  const what =
    broken instanceof BrokenInvariant ? `“${broken.invariant}”\n  ${broken.found}` : (broken.stack ?? broken.message);
  const story = subject
    ? [
        '',
        `Subscription ${subject.contract.number} (${subject.id}), zone ${subject.client.model.zone}, as it should be:`,
        ...subject.contract.terms.map((term) => `  ${termLine(term)}`),
        '',
        'What happened to it:',
        ...subject.story.slice(-linesOfStory).map((line) => `  ${line}`),
      ]
    : [];
  return [`Seed ${seed}, step ${step}, ${shown(at)}: this does not hold:`, `  ${what}`, ...story].join('\n');
}

/** Broken between the items of a list. */
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
