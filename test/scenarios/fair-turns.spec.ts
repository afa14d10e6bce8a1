import { Client } from 'pg';
import { contractToBookOn, entryOf, logOn } from '../support/booking.js';
import type { Answer } from '../support/client.js';
import type { SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let database: Client;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  database = new Client({ connectionString: service.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await service.stop();
});

/** Sends a batch of 1,000 rows on one day of June. */
const sendBatch = (sold: SoldContract, day: number): Promise<Answer> => {
  const row = { subscriptionId: sold.id, ...entryOf(sold, `2026-06-${String(day).padStart(2, '0')}`) };
  return sold.csm.post('/v1/time-entries/batch', { atomic: false, entries: Array(1_000).fill(row) });
};

describe('a CSM who sends thirty batches of 1,000 rows at once', () => {
  it('uses up the share of one user, and no booking of another user fails', async () => {
    const flooded = await contractToBookOn(service, { package: 'enterprise' });
    const other = await contractToBookOn(service);
    // Each write of the booking queue takes longer than the next batch needs to arrive.
    await database.query(`
      create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return null; end $$;
      create trigger linger after insert on time_entries execute function linger()`);
    try {
      let full: () => void;
      const isFull = new Promise<void>((resolve) => (full = resolve));
      const batches = Array.from({ length: 30 }, async (_, at) => {
        const answer = await sendBatch(flooded, at + 1);
        if (answer.status === 503) full();
        return answer;
      });
      await isFull;
      const singles = await Promise.all(Array.from({ length: 28 }, () => logOn(other, '2026-07-10')));
      expect(singles.map(({ status }) => status)).toEqual(Array(28).fill(201));
      for (const { status, body, headers } of await Promise.all(batches)) {
        if (status === 200) continue;
        expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'overloaded', '1']);
      }
    } finally {
      await database.query('drop trigger linger on time_entries; drop function linger');
    }
  });
});
