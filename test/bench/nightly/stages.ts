import { readFileSync } from 'node:fs';
import { projectPath } from '../../../src/platform/project-root.js';
import { moments } from './portfolio.js';

/** A nightly job, and the bare SQL that writes the same rows. The stages run in order on one portfolio. */
export interface Stage {
  job: string;
  /** The instant of the run. */
  clock: string;
  /** SQL files that run in one transaction. `$1` is the instant of the run. */
  floor: readonly string[];
  /** The tables to which the job writes. */
  tables: readonly string[];
  /** SQL that runs before the stage. */
  before?: string;
}

const floor = (name: string): string =>
  readFileSync(projectPath('test', 'bench', 'nightly', `${name}.floor.sql`), 'utf8');

/** Marks all queued mails as sent. */
const mailsSent = `
  update mails set status = 'sent', sent_at = queued_at, next_attempt_at = null, subject = 'Sent', message = '\\x00',
    message_sha256 = 'none'
  where status = 'queued'`;

/** Declines the renewal of every tenth subscription. */
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
