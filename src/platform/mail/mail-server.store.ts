import type { Transaction } from '../database/database.js';
import type { LivenessLock } from '../database/liveness-lock.js';

/** What all instances know of the mail server. */
export interface MailServerState {
  /** Connections that failed since the server last answered. */
  failures: number;
  failingSince: Date | null;
  lastError: string | null;
  /** Set where too many have failed: no mail leaves before, and then one alone. */
  probeAt: Date | null;
}

/** After this number of failed connections in a row, mails wait. One that fails now and then stops no other mail. */
export const mostFailures = 3;

/** A server that does not answer is left alone for as long again as it has not answered, from this to that. */
const shortestPause = '1 minute';
const longestPause = '15 minutes';

const columns = `failures, failing_since as "failingSince", last_error as "lastError", probe_at as "probeAt"`;

/** SQL: when to try again what has been failing since `failing_since`. `$1` is now. */
const nextProbe = `$1::timestamptz + least(greatest($1::timestamptz - failing_since, '${shortestPause}'), '${longestPause}')`;

export async function mailServerState(tx: Pick<Transaction | LivenessLock, 'query'>): Promise<MailServerState> {
  const [state] = await tx.query<MailServerState>(`select ${columns} from mail_server`);
  return state!;
}

/**
 * Lets one run alone try a server that does not answer, once a pause is over or, where a person asks for it, at once. False where
 * it is not time yet, another run tries, or no mail is due.
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

/** Notes that a connection failed. */
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

/** Notes that the server answers. True where mails waited for it. */
export async function noteAnswer(run: LivenessLock): Promise<boolean> {
  const [before] = await run.query<{ waited: boolean }>(
    `with before as (select probe_at is not null as waited from mail_server where failures > 0 for update)
     update mail_server s set failures = 0, failing_since = null, last_error = null, probe_at = null
     from before returning before.waited`,
  );
  return before?.waited ?? false;
}
