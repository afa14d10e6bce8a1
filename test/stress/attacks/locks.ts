import { Client } from 'pg';
import { postRepeatedly, statuses } from './senders.js';
import { bookingOn, csvOf, type Scene } from '../scene.js';
import type { Attack } from './attack.js';

/** Attacks by other sessions that hold locks in the database. */

const waiters = 40;

/** Another session locks a subscription, while many clients book on it. */
export const lockedRow: Attack = {
  name: 'a locked row',
  sentence: `another session locks a subscription, and ${waiters} clients book on it`,
  begin: async (scene, { port }) => {
    const { attacker, databaseUrl } = scene;
    const locked = attacker.targets[0]!;
    const holder = new Client({ connectionString: databaseUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select 1 from subscriptions where id = $1 for update', [locked.subscriptionId]);
    const booking = bookingOn({ ...attacker, targets: [locked] }, 0);
    const senders = postRepeatedly(port, attacker.token, waiters, () => booking);
    return {
      soFar: () => `bookings on that subscription got ${statuses(senders.outcomes)}`,
      end: async () => {
        await senders.end();
        await holder.end();
      },
    };
  },
};

/** A second instance freezes during an import, while it holds locks. */
export const frozenInstance: Attack = {
  name: 'a frozen instance',
  sentence: 'a second instance freezes during an import, while it holds locks',
  begin: async (scene) => {
    const { attacker } = scene;
    const second = await scene.start();
    const file = csvOf(attacker.targets, 40_000, `Frozen at ${Date.now()}`);
    let answer = 'its import got no answer yet';
    const importing = second
      .call<{ accepted: number }>('POST', '/v1/time-entries/import', file, { 'content-type': 'text/csv' })
      .then(
        ({ accepted }) => (answer = `its import ended with ${accepted} rows`),
        (error: unknown) => (answer = `its import failed: ${String(error).slice(0, 60)}`),
      );
    await freezeWithLocks(scene, second.signal);
    return {
      soFar: () => answer,
      end: async () => {
        second.signal('SIGCONT');
        await importing;
        await second.stop();
      },
    };
  },
};

/** Freezes the process at an instant at which one of its sessions holds locks on subscriptions and waits for the process. */
async function freezeWithLocks({ databaseUrl }: Scene, signal: (name: NodeJS.Signals) => void): Promise<void> {
  const watcher = new Client({ connectionString: databaseUrl });
  await watcher.connect();
  const idle = `select count(*)::int as sessions from pg_stat_activity a
    where state like 'idle in transaction%' and state_change < clock_timestamp() - interval '100 milliseconds'
      and exists (select from pg_locks l where l.pid = a.pid and l.relation = 'subscriptions'::regclass)`;
  try {
    for (let attempt = 0; attempt < 200; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 20 + (attempt % 7)));
      signal('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 150));
      const { rows } = await watcher.query<{ sessions: number }>(idle);
      if (rows[0]!.sessions > 0) return;
      signal('SIGCONT');
    }
    throw new Error('The second instance could not be frozen while it held a lock');
  } finally {
    await watcher.end();
  }
}
