import type { Transaction } from '../database/transaction.js';
import type { LivenessLock } from '../database/liveness-lock.js';

/** The state of the mail server, shared by all instances. */
export interface MailServerState {
  /** Failed connections since the server last answered. */
  failures: number;
  failingSince: Date | null;
  lastError: string | null;
  /** Set after too many failures: no mail leaves before this instant, and then only one. */
  probeAt: Date | null;
}

/** After this number of failed connections in a row, mails wait. An occasional failure does not stop other mails. */
export const mostFailures = 3;

/** The pause before the next try is as long as the server has been failing, within these limits. */
const shortestPause = '1 minute';
const longestPause = '15 minutes';

const columns = `failures, failing_since as "failingSince", last_error as "lastError", probe_at as "probeAt"`;

/** SQL: when to try a server again that has been failing since `failing_since`. `$1` is now. */
const nextProbe = `$1::timestamptz + least(greatest($1::timestamptz - failing_since, '${shortestPause}'), '${longestPause}')`;

export async function mailServerState(tx: Pick<Transaction | LivenessLock, 'query'>): Promise<MailServerState> {
  const [state] = await tx.query<MailServerState>(`select ${columns} from mail_server`);
  return state!;
}

/**
 * Lets a single run try a server that does not answer: after a pause, or at once if a person asks for it.
 * @returns false if it is too early, another run is trying, or no mail is due
 */
export async function claimProbe(run: LivenessLock, now: Date, atOnce: boolean): Promise<boolean> {
  const claimed = await run.query(
    `update mail_server set probe_at = ${nextProbe}
     where (probe_at <= $1 or $2 and probe_at is not null)
       and exists (select from mails where next_attempt_at <= $1 and delivery_key is null) returning id`,
    [now, atOnce],
  );
  return claimed.length > 0;
}

/** Records a failed connection. */
export async function noteFailure(run: LivenessLock, now: Date, error: string): Promise<MailServerState> {
  const [state] = await run.query<MailServerState>(
    `update mail_server set failures = failures + 1, last_error = $2, failing_since = coalesce(failing_since, $1),
       probe_at = case when failures + 1 < ${mostFailures} then null
                       when failing_since is null then $1::timestamptz + '${shortestPause}'::interval
                       else ${nextProbe} end
     returning ${columns}`,
    [now, error],
  );
  return state!;
}

/**
 * Records an answer of the server.
 * @returns true if mails were waiting for it
 */
export async function noteAnswer(run: LivenessLock): Promise<boolean> {
  const [before] = await run.query<{ waited: boolean }>(
    `with before as (select probe_at is not null as waited from mail_server where failures > 0 for update)
     update mail_server s set failures = 0, failing_since = null, last_error = null, probe_at = null
     from before returning before.waited`,
  );
  return before?.waited ?? false;
}
