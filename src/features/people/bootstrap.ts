import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/settings/config.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { tokenHash } from '../../platform/http/access-tokens.js';
import { newId } from '../../platform/ids.js';
import { newToken } from './token.service.js';

/** The first administrator, created by the service. It is found by id, as its name and e-mail can be changed. */
const firstAdmin = {
  id: '00000000-0000-7000-8000-000000000001',
  name: 'Administrator',
  email: 'admin@trm.localhost',
};

/** If several instances start together, one takes this lock and the others wait. */
const lockKey = 7_277_001;

/**
 * Gives the first administrator a token. `ADMIN_TOKEN` replaces this user's earlier token from the setting, and the user becomes an
 * active administrator again. So no change can lock the operator out. Without the setting, the first start creates a token and prints it
 * once; only its hash is stored.
 */
@Injectable()
export class AdminBootstrap implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { adminToken } = this.config;
    const now = this.clock.now();
    await this.database.write(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [lockKey]);
      const isFirstStart = await enterAdmin(tx, now);
      if (adminToken !== undefined) {
        await restoreRole(tx);
        await keepAdminToken(tx, adminToken, now);
      }
      if (adminToken === undefined && isFirstStart) await this.#giveFirstToken(tx, now);
    });
  }

  async #giveFirstToken(tx: Transaction, now: Date): Promise<void> {
    const token = newToken();
    await insertToken(tx, 'first start', token, now);
    const signIn = `${this.config.publicUrl}/console/sign-in`;
    tx.afterCommit(() =>
      process.stdout.write(
        `The administrator's token, shown this once: ${token}\nWith it, sign in at ${signIn} under "Use an access token".\n`,
      ),
    );
  }
}

async function enterAdmin(tx: Transaction, now: Date): Promise<boolean> {
  const entered = await tx.query(
    `insert into users (id, name, email, role, created_at) values ($1, $2, $3, 'admin', $4)
     on conflict (id) do nothing returning id`,
    [firstAdmin.id, firstAdmin.name, firstAdmin.email, now],
  );
  return entered.length > 0;
}

async function restoreRole(tx: Transaction): Promise<void> {
  await tx.query(
    `update users set role = 'admin', customer_id = null, active = true, version = version + 1
      where id = $1 and (role <> 'admin' or not active)`,
    [firstAdmin.id],
  );
}

const adminTokenName = 'ADMIN_TOKEN';

async function keepAdminToken(tx: Transaction, token: string, now: Date): Promise<void> {
  await tx.query(
    `update api_tokens set revoked_at = $4
      where user_id = $1 and name = $2 and token_hash <> $3 and revoked_at is null`,
    [firstAdmin.id, adminTokenName, tokenHash(token), now],
  );
  await insertToken(tx, adminTokenName, token, now);
}

/** If the token exists, it becomes valid again: the operator has set it. */
async function insertToken(tx: Transaction, name: string, token: string, now: Date): Promise<void> {
  await tx.query(
    `insert into api_tokens (id, user_id, name, token_hash, created_at) values ($1, $2, $3, $4, $5)
     on conflict (token_hash) do update set user_id = excluded.user_id, revoked_at = null`,
    [newId(), firstAdmin.id, name, tokenHash(token), now],
  );
}
