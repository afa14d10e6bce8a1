import { readFileSync } from 'node:fs';
import { projectPath } from '../../../src/platform/project-root.js';
import { moments } from './portfolio.js';

/** One of the nightly jobs, and the bare SQL that does the same. Each leaves the portfolio as the next one finds it. */
export interface Stage {
  job: string;
  /** The moment at which it is due. */
  clock: string;
  /** Run in one transaction, the clock's moment their `$1`. */
  floor: readonly string[];
  /** What it writes to. */
  tables: readonly string[];
  /** What happens before it is due. */
  before?: string;
}

const floor = (name: string): string =>
  readFileSync(projectPath('test', 'bench', 'nightly', `${name}.floor.sql`), 'utf8');

/** All mails that wait have gone out by then. */
const mailsSent = `
  update mails set status = 'sent', sent_at = queued_at, next_attempt_at = null, subject = 'Sent', message = '\\x00',
    message_sha256 = 'none'
  where status = 'queued'`;

/** Of ten customers one has given notice. */
const someDeclined = `
  update terms t set renewal_state = 'declined'
  from bench_subscriptions s where s.term_id = t.id and t.renewal_state = 'locked' and s.number % 10 = 3`;

export const stages: readonly Stage[] = [
  {
    job: 'renewal-reminders',
    clock: moments.reminders,
    floor: [floor('reminders')],
    tables: ['terms', 'mails', 'subscriptions'],
  },
  {
    job: 'renewal-lock',
    clock: moments.lock,
    floor: [floor('lock')],
    tables: ['terms', 'mails', 'subscriptions'],
    before: mailsSent,
  },
  {
    job: 'term-roll-over',
    clock: moments.rollOver,
    floor: [floor('roll-over'), floor('roll-over-close')],
    tables: [
      ...['subscriptions', 'terms', 'term_packages', 'enrolments', 'balances', 'ledger_entries', 'term_days'],
      ...['allocation_sets', 'allocations', 'pair_balances', 'seats', 'mails'],
    ],
    before: `${mailsSent};${someDeclined}`,
  },
];
